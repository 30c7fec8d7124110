// Presents something that can send as a Peer: values in, promises and streams out.

import { ItemStream } from "../item-stream.ts";
import type { CallOptions, Offer, Peer, StreamOptions } from "../peer.ts";
import { encodeParams, type Json } from "../protocol/json.ts";
import { Names } from "../protocol/names.ts";
import { DEFAULT_WINDOW, Inflow } from "./inflow.ts";
import { ENDED, failure, type Outgoing } from "./outgoing.ts";

/** How long a call may take unless it is said: 30 s. */
export const DEFAULT_WITHIN = 30_000;

const LONGEST_WITHIN = 365 * 86_400_000;
const LARGEST_WINDOW = 10_000;

export class RemotePeer implements Peer {
  readonly #outgoing: Outgoing;

  constructor(outgoing: Outgoing) {
    this.#outgoing = outgoing;
  }

  call<T = unknown>(method: string, params?: unknown, options: CallOptions = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { within = DEFAULT_WITHIN, signal, onProgress } = options;
      checkWithin(within);
      const encoded = encodeCall(params);
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      let sent = ENDED;
      const abort = () => sent.cancel();
      signal?.addEventListener("abort", abort);
      sent = this.#outgoing.call({
        method,
        params: encoded,
        within,
        progress: onProgress,
        done: (outcome) => {
          signal?.removeEventListener("abort", abort);
          if (outcome.kind === "answered") {
            resolve(outcome.result as T);
          } else {
            reject(failure(outcome, signal));
          }
        },
      });
    });
  }

  stream<T = unknown>(
    method: string,
    params?: unknown,
    options: StreamOptions = {},
  ): ItemStream<T> {
    const { within = Number.POSITIVE_INFINITY, window = DEFAULT_WINDOW, onProgress } = options;
    if (within !== Number.POSITIVE_INFINITY) {
      checkWithin(within);
    }
    if (!Number.isSafeInteger(window) || window < 1 || window > LARGEST_WINDOW) {
      throw new RangeError(`window: ${window} (expected: 1-${LARGEST_WINDOW})`);
    }
    const encoded = encodeCall(params);
    const inflow = new Inflow(window);
    return new ItemStream<T>(inflow, (arrived, done) =>
      this.#outgoing.call({
        method,
        params: encoded,
        within,
        progress: onProgress,
        items: { inflow, arrived },
        done,
      }),
    );
  }

  notify(method: string, params?: unknown): Offer {
    return this.#outgoing.notify(method, encodeParams(params));
  }
}

function checkWithin(within: number): void {
  if (!(within > 0 && within <= LONGEST_WITHIN)) {
    throw new RangeError(`within: ${within} (expected: > 0, at most 365 days)`);
  }
}

function encodeCall(params: unknown): Json | undefined {
  const encoded = encodeParams(params);
  const named = encoded?.startsWith("{") ? (params as object) : {};
  if (Object.hasOwn(named, Names.META)) {
    throw new TypeError(`params.${Names.META}: given (expected: a name that is not reserved)`);
  }
  return encoded;
}
