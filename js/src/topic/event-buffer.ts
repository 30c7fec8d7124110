// Where the events of one subscription wait for its reader, bounded in number. When it is full the
// oldest go, and one gap that spans them all stands in their place. Pure.

import type { Gap } from "../event.ts";
import { Fifo } from "../fifo.ts";
import type { Position } from "../protocol/position.ts";
import { behind, type Ending, type Piece, type Reader } from "./types.ts";

const LAG = "lag";

export class EventBuffer implements Reader {
  readonly #maxEvents: number;
  readonly #changed: () => void;
  readonly #pieces = new Fifo<Piece>();
  #lag: Gap | undefined; // stands before the pieces
  #taken: Position | undefined;
  #ending: Ending | undefined;

  /** @param changed called after there is something new to take, or to know */
  constructor(maxEvents: number, changed: () => void) {
    this.#maxEvents = maxEvents;
    this.#changed = changed;
  }

  begin(position: Position): void {
    this.#taken = position;
  }

  piece(piece: Piece): void {
    if (this.#ending !== undefined) {
      return;
    }
    this.#pieces.push(piece);
    while (this.#pieces.size > this.#maxEvents) {
      this.#dropOldest();
    }
    this.#changed();
  }

  /** What waits can still be taken. */
  end(ending: Ending): void {
    if (this.#ending === undefined) {
      this.#ending = ending;
      this.#changed();
    }
  }

  /** Ends at once; what waits is thrown away. False if it had ended this way before. */
  discard(): boolean {
    const first = this.#ending?.kind !== "closed";
    this.#ending = { kind: "closed" };
    this.#pieces.clear();
    this.#lag = undefined;
    this.#changed();
    return first;
  }

  /** The next if it is here. */
  take(): Piece | undefined {
    const piece = this.#lag ?? this.#pieces.shift();
    this.#lag = undefined;
    if (piece !== undefined) {
      this.#taken = behind(piece);
    }
    return piece;
  }

  /** Behind what was taken last, or where the stream began; undefined until that is known. */
  get taken(): Position | undefined {
    return this.#taken;
  }

  /** Why nothing more comes in; undefined while it may. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  #dropOldest(): void {
    const oldest = this.#pieces.shift();
    if (oldest !== undefined) {
      const to = behind(oldest);
      this.#lag = { type: "gap", reason: LAG, from: this.#lag?.from ?? this.#taken ?? to, to };
    }
  }
}
