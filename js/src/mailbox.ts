// Tells every listener everything, in order and one at a time, and never inside of what caused it.

export type Listener<T> = (told: T) => void;

export class Mailbox<T> {
  readonly #what: string;
  readonly #onError: (error: unknown, what: string) => void;
  readonly #listeners = new Set<{ readonly listener: Listener<T> }>();
  readonly #waiting: T[] = [];
  #draining = false;

  /** @param what the listeners are called where one of them throws */
  constructor(what: string, onError: (error: unknown, what: string) => void) {
    this.#what = what;
    this.#onError = onError;
  }

  /** Answers what takes the listener away again. */
  add(listener: Listener<T>): () => void {
    const entry = { listener };
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  tell(news: T): void {
    this.#waiting.push(news);
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
          this.#onError(e, `${this.#what} listener failed`);
        }
      }
    }
    this.#draining = false;
  }
}
