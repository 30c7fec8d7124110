// One WebSocket, of a browser, of Node or of the package "ws". Tells what happens until it is let go;
// after that it is silent. Never throws.

import type { Offer } from "../peer.ts";
import { CloseCode, sendable } from "../protocol/close-code.ts";

/**
 * As much of a WebSocket as is used. The handlers are typed unknown because each platform has event
 * types of its own.
 */
export interface WebSocketLike {
  readonly bufferedAmount: number;
  binaryType: string;
  onopen: unknown;
  onmessage: unknown;
  onerror: unknown;
  onclose: unknown;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

/** `WebSocket` of a browser, of Node 22 or newer, or of the package `ws`. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocketLike;

/** What the package `ws` can do beyond the standard. */
interface Extras {
  pause?: () => void;
  resume?: () => void;
  terminate?: () => void;
}

/** Is told what happens to a socket. Nothing follows `failed` and `closed`. */
export interface SocketEvents {
  opened(): void;
  /** It did not open; the status is 0 where the platform does not tell it. */
  failed(message: string, httpStatus: number): void;
  text(text: string): void;
  binary(): void;
  closed(code: number, reason: string): void;
}

const OPEN = 1;

export class Socket {
  readonly #socket: WebSocketLike & Extras & { readonly readyState?: number };
  readonly #maxQueuedBytes: number;
  #events: SocketEvents | undefined;
  #gone: (() => void) | undefined;
  #open = false;
  #closed = false;
  #failure = "no answer";

  /**
   * @param protocols offered; empty for none
   * @throws whatever the constructor throws for an address it does not like
   */
  constructor(
    webSocket: WebSocketConstructor,
    url: string,
    protocols: string[],
    maxQueuedBytes: number,
    events: SocketEvents,
  ) {
    this.#socket = protocols.length === 0 ? new webSocket(url) : new webSocket(url, protocols);
    this.#maxQueuedBytes = maxQueuedBytes;
    this.#events = events;
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = () => {
      this.#open = true;
      this.#events?.opened();
    };
    this.#socket.onmessage = ({ data }: { data: unknown }) => {
      if (typeof data === "string") {
        this.#events?.text(data);
      } else {
        this.#events?.binary();
      }
    };
    this.#socket.onerror = (event: { message?: unknown }) => {
      this.#failure = typeof event.message === "string" ? event.message : this.#failure;
    };
    this.#socket.onclose = ({ code, reason }: { code: number; reason: string }) => {
      this.#ended(code, reason);
    };
  }

  /** Queues a message. One is always admitted to an empty queue. */
  send(text: string): Offer {
    if (!this.#open || this.#closed || (this.#socket.readyState ?? OPEN) !== OPEN) {
      return "closed";
    }
    const queued = this.#socket.bufferedAmount;
    if (queued > 0 && queued + text.length > this.#maxQueuedBytes) {
      return "full";
    }
    try {
      this.#socket.send(text);
      return "queued";
    } catch {
      return "closed";
    }
  }

  /** Pauses or goes on, where the platform can. */
  reading(on: boolean): void {
    if (on) {
      this.#socket.resume?.();
    } else {
      this.#socket.pause?.();
    }
  }

  /**
   * Lets go: no event is told from now on. `gone` is called once, when the socket has closed; it may
   * take as long as the platform likes.
   */
  release(code: number, reason: string, gone: () => void): void {
    this.#events = undefined;
    if (this.#closed) {
      gone();
      return;
    }
    this.#gone = gone;
    try {
      this.#socket.resume?.(); // else the peer's Close frame is never read
      this.#socket.close(sendable(code) ? code : CloseCode.BAD_PROTOCOL, reason.slice(0, 100));
    } catch {
      this.abort();
    }
  }

  /** Ends it without a farewell, where the platform can. */
  abort(): void {
    try {
      this.#socket.terminate?.();
    } catch {
      // It is going anyway.
    }
    this.#ended(1006, "aborted");
  }

  #ended(code: number, reason: string): void {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    const events = this.#events;
    this.#events = undefined;
    if (this.#open) {
      events?.closed(code, reason);
    } else {
      events?.failed(this.#failure, httpStatus(this.#failure));
    }
    this.#gone?.();
  }
}

/** The package `ws` tells the status in its message; browsers keep it to themselves. */
function httpStatus(message: string): number {
  const status = /Unexpected server response: (\d{3})$/.exec(message)?.[1];
  return status === undefined ? 0 : Number(status);
}
