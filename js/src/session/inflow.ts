// What comes in of one stream: items in order, never more than were granted. Credits go back when half
// of the window was taken, so a fast producer is not stopped by a consumer that keeps up. Pure.

import { Fifo } from "../fifo.ts";

/** Items that may be on their way or wait here. */
export const DEFAULT_WINDOW = 64;

export class Inflow {
  /** Granted with the call itself, or by the first `due`. */
  readonly window: number;
  readonly #items = new Fifo<unknown>();
  #expected = 1; // the sequence number of the next item
  #granted: number;
  #taken: number; // since the last grant

  /** @param granted whether the producer has its first credit already */
  constructor(window: number = DEFAULT_WINDOW, granted = true) {
    this.window = window;
    this.#granted = granted ? window : 0;
    this.#taken = granted ? 0 : window;
  }

  /** Takes items in. Answers what is wrong with them, undefined if nothing is. */
  receive(seq: number, items: readonly unknown[]): string | undefined {
    if (seq !== this.#expected) {
      return `seq: expected ${this.#expected}`;
    }
    if (items.length > this.#granted) {
      return "more items than were granted";
    }
    this.#expected += items.length;
    this.#granted -= items.length;
    for (const item of items) {
      this.#items.push(item);
    }
    return undefined;
  }

  get empty(): boolean {
    return this.#items.size === 0;
  }

  take(): unknown {
    this.#taken++;
    return this.#items.shift();
  }

  /** What to grant now; 0 while more than half of the window is still granted or waiting. */
  due(): number {
    if (this.#taken * 2 < this.window) {
      return 0;
    }
    const due = this.#taken;
    this.#taken = 0;
    this.#granted += due;
    return due;
  }
}
