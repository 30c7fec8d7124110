// Where a client stands. Told in order and none left out; "closed" is always the last.

export type Status =
  /** Dialling and saying hello; the attempt is 1 for the first. */
  | { readonly kind: "connecting"; readonly attempt: number }
  /** Calls reach the server; `resumed` says whether the former session goes on. */
  | { readonly kind: "live"; readonly resumed: boolean }
  /** Not connected; the next attempt begins after this delay. */
  | { readonly kind: "waiting"; readonly delayMs: number }
  /** For good; `why` is one sentence for people. */
  | { readonly kind: "closed"; readonly why: string };

/** The server did not take the client for whom it says it is. */
export interface AuthenticationFailed {
  readonly why: string;
  /** Whether another token is asked for; if not, the present connection goes on until it is ended. */
  readonly willRetry: boolean;
}

export type StatusListener = (status: Status) => void;
