// Tells every listener every status, in order and one at a time, and never inside of what caused it.

import type { Status } from "./status.ts";

export type StatusListener = (status: Status) => void;

export class StatusMailbox {
  readonly #onError: (error: unknown, what: string) => void;
  readonly #listeners = new Set<{ readonly listener: StatusListener }>();
  readonly #waiting: Status[] = [];
  #draining = false;

  constructor(onError: (error: unknown, what: string) => void) {
    this.#onError = onError;
  }

  /** Answers what takes the listener away again. */
  add(listener: StatusListener): () => void {
    const entry = { listener };
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  tell(status: Status): void {
    this.#waiting.push(status);
    if (!this.#draining) {
      this.#draining = true;
      queueMicrotask(() => this.#drain());
    }
  }

  #drain(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      for (const { listener } of [...this.#listeners]) {
        try {
          listener(next);
        } catch (e) {
          this.#onError(e, `status listener failed status=${next.kind}`);
        }
      }
    }
    this.#draining = false;
  }
}
