// Says hello on a connection and makes of the answer what the client's life goes on with.

import type { Input } from "./lifecycle/types.ts";
import type { Settings } from "./options.ts";
import { FaultCode, retryAfter } from "./protocol/fault.ts";
import { encode } from "./protocol/json.ts";
import { readAccepted, readWelcome, type Welcome } from "./protocol/wire.ts";
import type { Renewed } from "./renewal.ts";
import type { CallOutcome } from "./session/call-table.ts";
import type { Connection } from "./session/connection.ts";

const CAPS = ["batch", "server-calls", "meta", "stream"];

/**
 * @param token who we are, unless it is said elsewhere or nowhere
 * @param done is told at most once, with the answer where it was a good one
 */
export function greet(
  connection: Connection,
  { name, version, limits, authTimeout }: Settings,
  token: string | undefined,
  done: (input: Input, welcome: Welcome | undefined) => void,
): void {
  const frame = limits.maxMessageLength; // so many bytes are never more characters
  const auth = token === undefined ? undefined : { token };
  const hello = encode({ v: 1, client: { name, version }, caps: CAPS, auth, limits: { frame } });
  // The lifecycle gives up first.
  connection.hello(hello, authTimeout * 2, (outcome) => greeted(outcome, done));
}

function greeted(
  outcome: CallOutcome,
  done: (input: Input, welcome: Welcome | undefined) => void,
): void {
  switch (outcome.kind) {
    case "answered": {
      let welcome: Welcome;
      try {
        welcome = readWelcome(outcome.result);
      } catch (e) {
        const message = notUnderstood(e);
        const faultCode = FaultCode.INTERNAL;
        done({ kind: "unwelcome", faultCode, message, retryAfterMs: 0 }, undefined);
        return;
      }
      done({ kind: "welcomed", resumed: welcome.resumed }, welcome);
      break;
    }
    case "refused": {
      const { code: faultCode, message } = outcome.fault;
      const retryAfterMs = retryAfter(outcome.fault);
      done(
        faultCode === FaultCode.METHOD_NOT_FOUND
          ? { kind: "noHello" }
          : { kind: "unwelcome", faultCode, message, retryAfterMs },
        undefined,
      );
      break;
    }
    case "expired": // the lifecycle's own timer came first
    case "cancelled":
    case "lost": // follows as the end of the connection
      break;
  }
}

/** What the answer to `rpc.auth` means, and who we are by it where it was a good one. */
export function renewed(outcome: CallOutcome): [Renewed, user?: string | undefined] {
  switch (outcome.kind) {
    case "answered":
      try {
        const { user, expiresIn } = readAccepted(outcome.result);
        return [{ kind: "accepted", expiresIn }, user];
      } catch (e) {
        return [{ kind: "refused", why: notUnderstood(e), retryAfterMs: 0 }];
      }
    case "refused": {
      const { code, message } = outcome.fault;
      const retryAfterMs = retryAfter(outcome.fault);
      return code === FaultCode.METHOD_NOT_FOUND
        ? [{ kind: "unknown" }]
        : [{ kind: "refused", why: `${message} (${code})`, retryAfterMs }];
    }
    case "expired":
      return [{ kind: "refused", why: "not answered", retryAfterMs: 0 }];
    case "cancelled":
    case "lost":
      return [{ kind: "unknown" }];
  }
}

function notUnderstood(e: unknown): string {
  return `answer not understood: ${e instanceof Error ? e.message : String(e)}`;
}
