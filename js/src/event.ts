// What a subscription brings: the topic's events, and the places where some are missing.

import type { Position } from "./protocol/position.ts";

/** One published event; its position is where to subscribe from again after it. */
export interface Item<T> {
  readonly type: "item";
  readonly data: T;
  readonly position: Position;
}

/**
 * Events that this subscription will not bring: those behind `from`, up to and including `to`. With
 * k3:120 and k3:125 five are missing; between two epochs nobody can say how many.
 *
 * Reasons: `epoch` the topic's history began anew, for instance with the server; `trimmed` or
 * `limit` history does not reach back so far; `lag` this subscription was read too slowly; `missing`
 * the server could not say; or a reason of the server's.
 */
export interface Gap {
  readonly type: "gap";
  readonly reason: string;
  readonly from: Position;
  readonly to: Position;
}

export type Event<T> = Item<T> | Gap;
