// The events of one topic, pulled or pushed. Survives reconnects: what was published meanwhile
// follows, or a gap says that it does not. Events wait here up to a bound; a reader that falls behind
// gets a gap in place of the oldest.

import { ConnectionLostError, FaultError } from "./errors.ts";
import type { Event } from "./event.ts";
import type { Position } from "./protocol/position.ts";
import { EventBuffer } from "./topic/event-buffer.ts";
import type { Reader } from "./topic/types.ts";

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<Event<T>, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

interface Listener<T> {
  readonly onEvent: (event: Event<T>) => void;
  readonly onEnd: (error: Error | undefined) => void;
}

export class Subscription<T> implements AsyncIterableIterator<Event<T>, undefined> {
  readonly topic: string;
  readonly #buffer: EventBuffer;
  readonly #detach: (reader: Reader) => void;
  readonly #onError: (error: unknown, what: string) => void;
  #waiters: Waiter<T>[] = [];
  #listener: Listener<T> | undefined;
  #pumping = false;

  /** @internal Made by `Client.subscribe`. */
  constructor(
    topic: string,
    maxEvents: number,
    attach: (reader: Reader) => void,
    detach: (reader: Reader) => void,
    onError: (error: unknown, what: string) => void,
  ) {
    this.topic = topic;
    this.#buffer = new EventBuffer(maxEvents, () => this.#changed());
    this.#detach = detach;
    this.#onError = onError;
    attach(this.#buffer);
  }

  /**
   * Behind the event handed out last, or where the subscription began: to subscribe from again.
   * Undefined until the server has answered.
   */
  get position(): Position | undefined {
    return this.#buffer.taken;
  }

  /** In `for await`, waits for each event in turn. Leaving the loop closes the subscription. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * The next event; `done` once this subscription or its client was closed here. Several who wait
   * share the events among them. Rejects with `FaultError` when the server refused the subscription
   * or has ended it, and with `ConnectionLostError` when the client is closed for another reason.
   */
  next(): Promise<IteratorResult<Event<T>, undefined>> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#serveWaiters();
    });
  }

  /** As `close`. */
  return(): Promise<IteratorResult<Event<T>, undefined>> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  /**
   * Pushes the events instead, one at a time and in order, beginning with those that wait. Nothing it
   * throws disturbs the stream. One listener at a time: a second takes the place of the first.
   *
   * @param onEnd called once with what `next` would reject with, or undefined for a plain end
   */
  onEvent(
    onEvent: (event: Event<T>) => void,
    onEnd: (error: Error | undefined) => void = () => undefined,
  ): this {
    this.#listener = { onEvent, onEnd };
    this.#changed();
    return this;
  }

  /** Ends the subscription; what waits is thrown away. Idempotent. */
  close(): void {
    if (this.#buffer.discard()) {
      this.#detach(this.#buffer);
    }
  }

  #changed(): void {
    this.#serveWaiters();
    if (this.#listener !== undefined && !this.#pumping) {
      this.#pumping = true;
      queueMicrotask(() => this.#pump()); // never inside of what filled the buffer
    }
  }

  #serveWaiters(): void {
    while (this.#waiters.length > 0) {
      const piece = this.#buffer.take();
      if (piece !== undefined) {
        this.#waiters.shift()?.resolve({ done: false, value: piece as Event<T> });
      } else if (this.#buffer.ending !== undefined) {
        this.#endWaiters();
      } else {
        return;
      }
    }
  }

  #endWaiters(): void {
    const error = this.#error();
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { resolve, reject } of waiters) {
      if (error === undefined) {
        resolve({ done: true, value: undefined });
      } else {
        reject(error);
      }
    }
  }

  #pump(): void {
    this.#pumping = false;
    while (this.#listener !== undefined) {
      const { onEvent, onEnd } = this.#listener;
      const piece = this.#buffer.take();
      if (piece !== undefined) {
        this.#tell("onEvent", () => onEvent(piece as Event<T>));
      } else if (this.#buffer.ending !== undefined) {
        this.#listener = undefined;
        this.#tell("onEnd", () => onEnd(this.#error()));
      } else {
        return;
      }
    }
  }

  #tell(what: string, body: () => void): void {
    try {
      body();
    } catch (e) {
      this.#onError(e, `${what} failed topic=${this.topic}`);
    }
  }

  #error(): Error | undefined {
    const ending = this.#buffer.ending;
    switch (ending?.kind) {
      case "refused":
        return FaultError.of(ending.fault);
      case "lost":
        return new ConnectionLostError(false, ending.why);
      default:
        return undefined;
    }
  }
}
