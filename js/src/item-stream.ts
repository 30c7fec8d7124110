// The streamed result of a call, pulled item by item.

import { FaultError } from "./errors.ts";
import { FaultCode } from "./protocol/fault.ts";
import type { CallOutcome } from "./session/call-table.ts";
import type { Inflow } from "./session/inflow.ts";
import { failure, type Sent } from "./session/outgoing.ts";

/** How the call of a stream is sent. */
export type Open = (arrived: () => void, done: (outcome: CallOutcome) => void) => Sent;

/**
 * Items in their order. Read it with `for await`; leaving the loop, or `close`, ends the call. The
 * producer is stopped while a window of items waits here. After the last item it ends; if the call
 * failed, what was received before comes first and then the error is thrown.
 */
export class ItemStream<T> implements AsyncIterableIterator<T, undefined> {
  readonly #inflow: Inflow;
  readonly #sent: Sent;
  #rest: readonly unknown[] = []; // of a result that came as one array
  #next = 0; // of the rest
  #state: "going" | "over" | "failed" = "going";
  #error: unknown;
  #waiting: ((wake: undefined) => void)[] = [];

  /** @internal See `Client.stream`. */
  constructor(inflow: Inflow, open: Open) {
    this.#inflow = inflow;
    this.#sent = open(
      () => this.#wake(),
      (outcome) => this.#ended(outcome),
    );
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    for (;;) {
      if (!this.#inflow.empty) {
        return { done: false, value: this.#take() as T };
      }
      if (this.#next < this.#rest.length) {
        return { done: false, value: this.#rest[this.#next++] as T };
      }
      if (this.#state === "over") {
        return { done: true, value: undefined };
      }
      if (this.#state === "failed") {
        this.#state = "over";
        throw this.#error;
      }
      this.#grant();
      await new Promise<undefined>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Ends the call; nothing comes any more. Idempotent. */
  close(): void {
    const going = this.#state === "going";
    this.#state = "over";
    while (!this.#inflow.empty) {
      this.#inflow.take();
    }
    this.#rest = [];
    if (going) {
      this.#sent.cancel();
    }
    this.#wake();
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): unknown {
    const item = this.#inflow.take();
    this.#grant();
    return item;
  }

  #grant(): void {
    const due = this.#state === "going" ? this.#inflow.due() : 0;
    if (due > 0) {
      this.#sent.grant(due);
    }
  }

  #ended(outcome: CallOutcome): void {
    if (this.#state !== "going") {
      return; // closed by us
    }
    if (outcome.kind !== "answered") {
      this.#fail(failure(outcome, undefined));
    } else if (Array.isArray(outcome.result)) {
      this.#rest = outcome.result; // a peer that does not stream
      this.#state = "over";
    } else if (outcome.result === null) {
      this.#state = "over";
    } else {
      this.#fail(new FaultError(FaultCode.INTERNAL, "answer not understood: expected a stream"));
    }
    this.#wake();
  }

  #fail(error: unknown): void {
    this.#error = error;
    this.#state = "failed";
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) {
      wake(undefined);
    }
  }
}
