// Runs users' handlers and brings what comes of them back: a result, items, a fault said on purpose, or
// an incident number.

import { FaultError } from "../errors.ts";
import type { Call, Caller, Handler } from "../peer.ts";
import { FaultCode } from "../protocol/fault.ts";
import { encode, type Json } from "../protocol/json.ts";
import type { InboundCall } from "./inbound.ts";
import type { Outflow } from "./outflow.ts";
import type { SessionEngine } from "./session-engine.ts";

/** Most items of a stream for a caller that takes them as one array only. */
const MOST_COLLECTED = 10_000;

export class Serving {
  readonly #engine: SessionEngine;
  readonly #caller: Caller;
  readonly #now: () => number;
  readonly #pause: () => Promise<void>;
  readonly #random: () => number;
  readonly #onError: (error: unknown, what: string) => void;

  constructor(
    engine: SessionEngine,
    caller: Caller,
    now: () => number,
    pause: () => Promise<void>,
    random: () => number,
    onError: (error: unknown, what: string) => void,
  ) {
    this.#engine = engine;
    this.#caller = caller;
    this.#now = now;
    this.#pause = pause;
    this.#random = random;
    this.#onError = onError;
  }

  async run(call: InboundCall, handler: Handler): Promise<void> {
    const stop = new AbortController();
    call.interrupt = () => stop.abort();
    try {
      await undefined; // never inside of what called us
      const result = call.ended ? null : await handler(this.#seen(call, stop.signal));
      const written = isAsyncIterable(result)
        ? await this.#items(call, result)
        : encode(call.notification ? null : result);
      this.#engine.answer(call, written);
    } catch (e) {
      this.#failed(call, e);
    } finally {
      this.#engine.returned(call, this.#now());
    }
  }

  #seen(call: InboundCall, signal: AbortSignal): Call {
    const now = this.#now;
    return {
      method: call.method,
      params: call.params,
      caller: this.#caller,
      signal,
      get remaining() {
        return Math.max(0, call.deadline - now());
      },
      progress: (value) => this.#engine.progress(call, encode(value)),
    };
  }

  /** Sends items as they come, or collects them for a caller that knows no streams. */
  async #items(call: InboundCall, items: AsyncIterable<unknown>): Promise<Json> {
    if (call.notification) {
      await items[Symbol.asyncIterator]().return?.(); // nobody takes them
      return encode(null);
    }
    if (!call.meta.stream) {
      return encode(await collected(call, items));
    }
    const outflow = this.#engine.outflow(call);
    for await (const item of items) {
      const text = encode(item);
      if (!(await this.#sent(call, outflow, text))) {
        break; // leaving the loop closes the iterator
      }
    }
    return encode(null);
  }

  /** Sends an item once there is credit and room for it. False if nobody takes it any more. */
  async #sent(call: InboundCall, outflow: Outflow, item: Json): Promise<boolean> {
    while (await outflow.room()) {
      switch (this.#engine.item(call, item)) {
        case "queued":
          return true;
        case "closed":
          return false;
        case "full":
          await this.#pause();
      }
    }
    return false;
  }

  /** Only a FaultError crosses the wire; of anything else, a number. */
  #failed(call: InboundCall, error: unknown): void {
    if (call.ended) {
      return; // what a cancelled handler throws is no news
    }
    if (error instanceof FaultError) {
      this.#engine.refuse(call, error);
      return;
    }
    const incident = Math.floor(this.#random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
    this.#engine.refuse(call, {
      code: FaultCode.INTERNAL,
      message: `Internal error: incident ${incident}`,
    });
    this.#onError(error, `handler failed incident=${incident} method=${call.method}`);
  }
}

async function collected(call: InboundCall, items: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const item of items) {
    if (call.ended) {
      break;
    }
    if (all.length === MOST_COLLECTED) {
      throw new FaultError(FaultCode.TOO_LARGE, `more than ${MOST_COLLECTED} items`);
    }
    all.push(item);
  }
  return all;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
