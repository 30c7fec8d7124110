// The other end of a conversation, as users see it, and what serves its calls.

import type { Params } from "./protocol/message.ts";

/** What became of a plain send: on its way, refused for want of room, or no connection. */
export type Offer = "queued" | "full" | "closed";

export interface CallOptions {
  /** The call ends within so many milliseconds; 30 000 by default. */
  readonly within?: number | undefined;
  /** Aborting it rejects the call with the signal's reason and tells the peer to stop. */
  readonly signal?: AbortSignal | undefined;
}

/** The other end. Parameters are an object, an array, or nothing. */
export interface Peer {
  /**
   * Calls a method. Ends exactly once: with the result; with a `FaultError` when the peer refused or
   * failed, or the deadline passed; with a `ConnectionLostError` when the link went away.
   */
  call<T = unknown>(method: string, params?: unknown, options?: CallOptions): Promise<T>;

  /** Sends a notification: at most once, never answered. */
  notify(method: string, params?: unknown): Offer;
}

/** Who makes a call, as a handler sees it. */
export interface Caller {
  /** To call back over the very connection the call came by; also while the handler runs. */
  readonly peer: Peer;
  /** Names the session; equal to `connectionId` with a plain peer. */
  readonly sessionId: string;
  /** Names this one connection. */
  readonly connectionId: string;
}

/** One inbound call or notification. */
export interface Call {
  readonly method: string;
  readonly params: Params | undefined;
  readonly caller: Caller;
  /** Aborted when the caller cancels; what the handler answers after that is thrown away. */
  readonly signal: AbortSignal;
}

/**
 * Serves a method. May be asynchronous and may call back. A `FaultError` is passed on to the caller;
 * anything else that it throws is −32603 with an incident number.
 */
export type Handler = (call: Call) => unknown;
