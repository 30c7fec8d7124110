// What happens to a client, where it is in its life, and what is to be done. Times are milliseconds.

import type { Attempt } from "./attempt.ts";

/** About a connection: always the present one, a former one is not told. */
export type Input =
  | { readonly kind: "start" }
  /** The supplier gave a token, or said that there is none. */
  | { readonly kind: "tokenReady" }
  | { readonly kind: "tokenFailed"; readonly message: string }
  /** The dial came through. */
  | { readonly kind: "opened" }
  /** The dial did not come through; the status is 0 when it is not known. */
  | { readonly kind: "dialFailed"; readonly httpStatus: number; readonly message: string }
  /** Hello was answered. */
  | { readonly kind: "welcomed"; readonly resumed: boolean }
  /** Hello was answered with −32601: a plain peer. */
  | { readonly kind: "noHello" }
  /** Hello was refused, or its answer could not be read; 0 if no time to stay away was given. */
  | {
      readonly kind: "unwelcome";
      readonly faultCode: number;
      readonly message: string;
      readonly retryAfterMs: number;
    }
  /** The connection ended without being asked to. */
  | { readonly kind: "lost"; readonly code: number; readonly reason: string }
  /** The time of the last `wakeAt` has come. */
  | { readonly kind: "wake" }
  /** The network is said to be back: waiting is pointless. */
  | { readonly kind: "hurry" }
  /** This end wants no more, whatever it is doing. */
  | { readonly kind: "close"; readonly why: string };

export type State =
  | { readonly kind: "idle" }
  /** The token supplier is asked; given up then. */
  | { readonly kind: "fetching"; readonly attempt: Attempt; readonly until: number }
  | { readonly kind: "dialing"; readonly attempt: Attempt }
  /** Connected; hello was sent and is answered until then. */
  | { readonly kind: "greeting"; readonly attempt: Attempt; readonly until: number }
  | {
      readonly kind: "live";
      readonly attempt: Attempt;
      readonly since: number;
      readonly resumed: boolean;
    }
  /** Not connected, because of this failure; the next attempt begins then. */
  | {
      readonly kind: "waiting";
      readonly attempt: Attempt;
      readonly until: number;
      readonly failure: string;
    }
  | { readonly kind: "closed"; readonly end: End };

/** Why a client is closed for good: this end asked for it, or another attempt would not help. */
export interface End {
  readonly asked: boolean;
  /** One sentence for people. */
  readonly why: string;
  /** Of a refused upgrade, else 0. */
  readonly httpStatus: number;
}

export type Effect =
  /** Ask the token supplier; `renew` if the former token was refused. */
  | { readonly kind: "fetchToken"; readonly renew: boolean }
  | { readonly kind: "dial" }
  /** Also the supplier's answer is not waited for any more. */
  | { readonly kind: "cancelDial" }
  /** Say hello. */
  | { readonly kind: "greet" }
  /** Let go of the present connection; what it still tells is not to be passed on. */
  | { readonly kind: "hangup"; readonly code: number; readonly reason: string }
  /** Put in `wake` then. Takes the place of an earlier one. */
  | { readonly kind: "wakeAt"; readonly at: number }
  /** Calls may be made and topics subscribed. */
  | { readonly kind: "goOnline" }
  /** Topics are no longer subscribed; calls have ended with the connection. */
  | { readonly kind: "goOffline" }
  /** Tell the user the new state. */
  | { readonly kind: "announce" }
  /** Tell the user that the server did not take us for whom we said we are. */
  | { readonly kind: "refused"; readonly why: string; readonly willRetry: boolean }
  /** Nothing follows: end whatever waits, let everything go. */
  | { readonly kind: "finish" };

export interface Step {
  readonly next: State;
  readonly effects: readonly Effect[];
}
