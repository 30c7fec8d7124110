// Presents something that can send as a Peer: values in, promises out.

import { ConnectionLostError, FaultError } from "../errors.ts";
import type { CallOptions, Offer, Peer } from "../peer.ts";
import { FaultCode } from "../protocol/fault.ts";
import { encodeParams, type Json } from "../protocol/json.ts";
import type { CallOutcome, Completion } from "./call-table.ts";

/** Sends calls and notifications for a peer. */
export interface Outgoing {
  /** Answers what cancels the call. */
  call(method: string, params: Json | undefined, within: number, done: Completion): () => void;

  notify(method: string, params: Json | undefined): Offer;
}

/** How long a call may take unless it is said: 30 s. */
export const DEFAULT_WITHIN = 30_000;

const LONGEST_WITHIN = 365 * 86_400_000;

export class RemotePeer implements Peer {
  readonly #outgoing: Outgoing;

  constructor(outgoing: Outgoing) {
    this.#outgoing = outgoing;
  }

  call<T = unknown>(method: string, params?: unknown, options: CallOptions = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { within = DEFAULT_WITHIN, signal } = options;
      if (!(within > 0 && within <= LONGEST_WITHIN)) {
        throw new RangeError(`within: ${within} (expected: > 0, at most 365 days)`);
      }
      const encoded = encodeParams(params);
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      let cancel: () => void = () => undefined;
      const abort = () => cancel();
      signal?.addEventListener("abort", abort);
      cancel = this.#outgoing.call(method, encoded, within, (outcome) => {
        signal?.removeEventListener("abort", abort);
        settle(outcome, (result) => resolve(result as T), reject, signal);
      });
    });
  }

  notify(method: string, params?: unknown): Offer {
    return this.#outgoing.notify(method, encodeParams(params));
  }
}

function settle(
  outcome: CallOutcome,
  resolve: (result: unknown) => void,
  reject: (error: unknown) => void,
  signal: AbortSignal | undefined,
): void {
  switch (outcome.kind) {
    case "answered":
      resolve(outcome.result);
      break;
    case "refused":
      reject(FaultError.of(outcome.fault));
      break;
    case "expired":
      reject(new FaultError(FaultCode.DEADLINE_PASSED, "no answer within the deadline"));
      break;
    case "cancelled":
      reject(signal?.reason ?? new FaultError(FaultCode.CANCELLED, "cancelled"));
      break;
    case "lost":
      reject(new ConnectionLostError(outcome.maybeExecuted, outcome.reason));
      break;
  }
}
