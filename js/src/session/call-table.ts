// Our calls that wait for an answer. Every entry ends exactly once: whoever takes it out of the table
// ends it. Never longer than its bound. Pure; times are milliseconds, told from outside.

import type { Fault } from "../protocol/fault.ts";
import type { RequestId } from "../protocol/message.ts";
import type { Inflow } from "./inflow.ts";

/** How a call ended. */
export type CallOutcome =
  | { readonly kind: "answered"; readonly result: unknown }
  | { readonly kind: "refused"; readonly fault: Fault }
  | { readonly kind: "expired" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "lost"; readonly maybeExecuted: boolean; readonly reason: string };

/** Is told how a call ended. */
export type Completion = (outcome: CallOutcome) => void;

/** One call that waits. */
export interface Pending {
  readonly deadline: number;
  readonly done: Completion;
  readonly progress?: ((value: unknown) => void) | undefined;
  readonly items?: { readonly inflow: Inflow; readonly arrived: () => void } | undefined;
}

export class CallTable {
  readonly #maxPending: number;
  readonly #pending = new Map<RequestId, Pending>();
  #last = 0;

  constructor(maxPending: number) {
    this.#maxPending = maxPending;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Enters a call before it is sent. Undefined if the table is full; `done` is not touched then. */
  register(pending: Pending): number | undefined {
    if (this.#pending.size >= this.#maxPending) {
      return undefined;
    }
    const id = ++this.#last;
    this.registerAs(id, pending);
    return id;
  }

  /** Enters a call under an id outside the count, which must not be in use. */
  registerAs(id: RequestId, pending: Pending): void {
    if (this.#pending.has(id)) {
      throw new Error(`id ${id} is in use`);
    }
    this.#pending.set(id, pending);
  }

  find(id: RequestId): Pending | undefined {
    return this.#pending.get(id);
  }

  /** Ends a call. False if there is none of this id: a late, repeated or foreign answer. */
  end(id: RequestId, outcome: CallOutcome): boolean {
    const entry = this.#pending.get(id);
    if (entry === undefined) {
      return false;
    }
    this.#pending.delete(id);
    entry.done(outcome);
    return true;
  }

  /** Ends what is past its deadline and names it, so that the peer can be told. */
  expire(now: number): RequestId[] {
    const late = [...this.#pending].filter(([, entry]) => entry.deadline <= now).map(([id]) => id);
    return late.filter((id) => this.end(id, { kind: "expired" }));
  }

  /** Ends everything with one outcome. */
  endAll(outcome: CallOutcome): void {
    for (const id of [...this.#pending.keys()]) {
      this.end(id, outcome);
    }
  }

  /** The first deadline, `Infinity` if nothing waits. */
  nextDeadline(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const entry of this.#pending.values()) {
      least = Math.min(least, entry.deadline);
    }
    return least;
  }
}
