// The other end of a conversation, as users see it, and what serves its calls.

import type { ItemStream } from "./item-stream.ts";
import type { Params } from "./protocol/message.ts";

/** What became of a plain send: on its way, refused for want of room, or no connection. */
export type Offer = "queued" | "full" | "closed";

export interface CallOptions {
  /** The call ends within so many milliseconds; 30 000 by default. */
  readonly within?: number | undefined;
  /** Aborting it rejects the call with the signal's reason and tells the peer to stop. */
  readonly signal?: AbortSignal | undefined;
  /** Is told how far the call has come, where the peer's method says so. */
  readonly onProgress?: ((value: unknown) => void) | undefined;
}

export interface StreamOptions {
  /** The stream ends within so many milliseconds; it may go on for ever by default. */
  readonly within?: number | undefined;
  /** How many items may be on their way or wait to be read; 64 by default. */
  readonly window?: number | undefined;
  readonly onProgress?: ((value: unknown) => void) | undefined;
}

/** The other end. Parameters are an object, an array, or nothing. */
export interface Peer {
  /**
   * Calls a method. Ends exactly once: with the result; with a `FaultError` when the peer refused or
   * failed, or the deadline passed; with a `ConnectionLostError` when the link went away.
   */
  call<T = unknown>(method: string, params?: unknown, options?: CallOptions): Promise<T>;

  /**
   * Calls a method whose result is a stream. It can be read at once; how the call ends is told there.
   * A peer that does not stream may answer with an array instead.
   */
  stream<T = unknown>(method: string, params?: unknown, options?: StreamOptions): ItemStream<T>;

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
  /** How many milliseconds the caller still waits; `Infinity` if it did not say. */
  readonly remaining: number;
  /** Tells the caller how far this call has come, if it wants to know; at most once on the way. */
  progress(value: unknown): void;
}

/**
 * Serves a method. May be asynchronous, may call back, and may answer an async iterable, for instance
 * as an async generator: its items are sent as the caller takes them. A `FaultError` is passed on to the caller;
 * anything else that it throws is −32603 with an incident number.
 */
export type Handler = (call: Call) => unknown;
