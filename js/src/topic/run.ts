// Makes one run without a hole out of events as they come: drops what was seen before, holds back
// what came too early and asks for exactly what lies between. Pure.
//
// Standing at 120: 121 goes on; 121 again is dropped; 124 is held and 122–123 are asked for; with them
// 122, 123, 124 go on. If they cannot be had, a gap 122–123 goes on, then 124.

import { Fifo } from "../fifo.ts";
import { type Position, samePosition } from "../protocol/position.ts";
import type { History } from "../protocol/wire.ts";
import type { Piece } from "./types.ts";

/** Takes what comes out of a run. */
export interface RunOut {
  piece(piece: Piece): void;

  /** Asks for so many events behind a position. Not answered is allowed. */
  missing(since: Position, count: number): void;
}

export const Reason = { MISSING: "missing", TRIMMED: "trimmed", EPOCH: "epoch" } as const;

const MAX_HELD = 1_000;

/** Offsets from…to: an event, or a gap that the server announced. */
type Held = { readonly from: number; readonly to: number } & (
  | { readonly kind: "event"; readonly data: unknown }
  | { readonly kind: "gap"; readonly reason: string }
);

export class Run {
  readonly #out: RunOut;
  #last: Position;
  // Their ranges grow and begin behind last + 1. What does not fit is not held but asked for later.
  readonly #held = new Fifo<Held>();
  #seen: number; // the highest offset known to exist, at least last's
  #asked: Position | undefined; // from where we asked and have no answer yet
  #paused = true;

  constructor(start: Position, out: RunOut) {
    this.#last = start;
    this.#seen = start.offset;
    this.#out = out;
  }

  get last(): Position {
    return this.#last;
  }

  /** An event came. */
  event(offset: number, data: unknown): void {
    this.#take({ kind: "event", from: offset, to: offset, data });
  }

  /** The server says that these do not come. */
  gap(from: number, to: number, reason: string): void {
    this.#take({ kind: "gap", from, to, reason });
  }

  /** The stream is known to reach this offset. */
  reach(offset: number): void {
    this.#seen = Math.max(this.#seen, offset);
    this.#askForMissing();
  }

  /** The stream goes on somewhere else; whatever was between is lost. */
  jump(reason: string, to: Position): void {
    this.#forget();
    this.#seen = to.offset;
    this.#skipTo(to, reason);
  }

  /** Nobody can be asked now. */
  pause(): void {
    this.#paused = true;
    this.#forget();
  }

  /** Forgets that there is more than what went out: recovery is going to tell. */
  rewind(): void {
    this.#forget();
    this.#seen = this.#last.offset;
  }

  resume(): void {
    this.#paused = false;
    this.#askForMissing();
  }

  /** The answer to what was asked for from `since`. */
  filled(since: Position, answer: History): void {
    if (!this.#awaits(since)) {
      return; // things went on without it
    }
    this.#asked = undefined;
    if (answer.position.epoch !== this.#last.epoch) {
      this.jump(Reason.EPOCH, answer.position);
      return;
    }
    for (const { offset, data } of answer.events) {
      this.#skipBefore(offset);
      if (offset > this.#last.offset) {
        this.#emit(offset, data);
      }
    }
    this.#drain();
    if (samePosition(this.#last, since)) {
      this.#skipMissing(Reason.MISSING); // no progress: asking again would bring no more
    }
    this.#askForMissing();
  }

  /** What was asked for from `since` cannot be had. */
  unfillable(since: Position, reason: string): void {
    if (this.#awaits(since)) {
      this.#asked = undefined;
      if (samePosition(this.#last, since)) {
        this.#skipMissing(reason);
      }
      this.#askForMissing();
    }
  }

  #awaits(since: Position): boolean {
    return this.#asked !== undefined && samePosition(this.#asked, since);
  }

  #take(next: Held): void {
    if (next.to <= this.#last.offset) {
      return;
    }
    this.#seen = Math.max(this.#seen, next.to);
    if (next.from <= this.#last.offset + 1) {
      this.#release(next);
      this.#drain();
    } else {
      this.#hold(next);
    }
    this.#askForMissing();
  }

  #hold(next: Held): void {
    const tail = this.#held.last();
    if ((tail === undefined || next.from > tail.to) && this.#held.size < MAX_HELD) {
      this.#held.push(next);
    }
  }

  #drain(): void {
    for (
      let head = this.#held.peek();
      head !== undefined && head.from <= this.#last.offset + 1;
      head = this.#held.peek()
    ) {
      this.#held.shift();
      if (head.to > this.#last.offset) {
        this.#release(head);
      }
    }
  }

  #askForMissing(): void {
    if (!this.#paused && this.#asked === undefined && this.#last.offset < this.#seen) {
      this.#asked = this.#last;
      this.#out.missing(this.#last, this.#endOfHole() - this.#last.offset);
    }
  }

  /** History begins behind what we asked for: the rest is gone, except what is held. */
  #skipBefore(offset: number): void {
    while (offset > this.#last.offset + 1) {
      const head = this.#held.peek();
      const end = Math.min(offset, head?.from ?? offset) - 1;
      this.#skipTo({ epoch: this.#last.epoch, offset: end }, Reason.TRIMMED);
      this.#drain();
    }
  }

  #skipMissing(reason: string): void {
    this.#skipTo({ epoch: this.#last.epoch, offset: this.#endOfHole() }, reason);
    this.#drain();
  }

  /** The last offset that is neither here nor held. */
  #endOfHole(): number {
    const head = this.#held.peek();
    return head === undefined ? this.#seen : head.from - 1;
  }

  #release(next: Held): void {
    if (next.kind === "gap") {
      this.#skipTo({ epoch: this.#last.epoch, offset: next.to }, next.reason);
    } else {
      this.#emit(next.to, next.data);
    }
  }

  #emit(offset: number, data: unknown): void {
    this.#last = { epoch: this.#last.epoch, offset };
    this.#seen = Math.max(this.#seen, offset);
    this.#out.piece({ type: "item", data, position: this.#last });
  }

  #skipTo(to: Position, reason: string): void {
    if (!samePosition(to, this.#last)) {
      const from = this.#last;
      this.#last = to;
      this.#seen = Math.max(this.#seen, to.offset);
      this.#out.piece({ type: "gap", reason, from, to });
    }
  }

  #forget(): void {
    this.#asked = undefined;
    this.#held.clear();
  }
}
