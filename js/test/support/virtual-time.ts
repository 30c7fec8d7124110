// Time that a test moves by hand.

import type { Scheduler } from "everwire";

interface Task {
  readonly at: number;
  readonly body: () => void;
}

export class VirtualTime implements Scheduler {
  #now = 0;
  #tasks: Task[] = [];

  now(): number {
    return this.#now;
  }

  schedule(delayMs: number, body: () => void): () => void {
    const task = { at: this.#now + Math.max(0, delayMs), body };
    this.#tasks.push(task);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task);
    };
  }

  /** How many timers run. */
  get pending(): number {
    return this.#tasks.length;
  }

  /** Moves on, timer by timer; `settle` is awaited after each. */
  async advance(millis: number, settle: () => Promise<void>): Promise<void> {
    const end = this.#now + millis;
    await settle();
    for (let due = this.#due(end); due !== undefined; due = this.#due(end)) {
      const task = due;
      this.#tasks = this.#tasks.filter((other) => other !== task);
      this.#now = Math.max(this.#now, task.at);
      task.body();
      await settle();
    }
    this.#now = end;
  }

  #due(end: number): Task | undefined {
    let first: Task | undefined;
    for (const task of this.#tasks) {
      if (task.at <= end && (first === undefined || task.at < first.at)) {
        first = task;
      }
    }
    return first;
  }
}

/** Lets everything happen that needs no time: promises, microtasks. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
