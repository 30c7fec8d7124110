// Where a peer's calls are sent, and what their ends mean to a user.

import { ConnectionLostError, FaultError } from "../errors.ts";
import type { Offer } from "../peer.ts";
import { FaultCode } from "../protocol/fault.ts";
import type { Json } from "../protocol/json.ts";
import type { CallOutcome } from "./call-table.ts";
import type { OutboundCall } from "./outbound-calls.ts";

/** What can still be done about a call that was sent. */
export interface Sent {
  /** Does nothing once it has ended. */
  cancel(): void;

  /** Lets the peer send more items. */
  grant(credit: number): void;
}

/** Sends calls and notifications for a peer. */
export interface Outgoing {
  call(call: OutboundCall): Sent;

  notify(method: string, params: Json | undefined): Offer;
}

/** Of a call that has ended before it was sent. */
export const ENDED: Sent = { cancel: () => undefined, grant: () => undefined };

/** What a call that was not answered with a result is rejected with. */
export function failure(
  outcome: Exclude<CallOutcome, { kind: "answered" }>,
  signal: AbortSignal | undefined,
): unknown {
  switch (outcome.kind) {
    case "refused":
      return FaultError.of(outcome.fault);
    case "expired":
      return new FaultError(FaultCode.DEADLINE_PASSED, "no answer within the deadline");
    case "cancelled":
      return signal?.reason ?? new FaultError(FaultCode.CANCELLED, "cancelled");
    case "lost":
      return new ConnectionLostError(outcome.maybeExecuted, outcome.reason);
  }
}
