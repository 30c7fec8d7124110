// Writes down what a feed asks for and what its readers get, and makes answers for it.

import { expect } from "vitest";
import type { Position } from "../../src/protocol/position.ts";
import type { History, Subscribed } from "../../src/protocol/wire.ts";
import type { Fill, TopicFeed, Wire } from "../../src/topic/topic-feed.ts";
import type { Ending, Piece, Reader } from "../../src/topic/types.ts";

export const show = (position: Position) => `${position.epoch}:${position.offset}`;
export const at = (offset: number): Position => ({ epoch: "k3", offset });

/** Writes requests down; each has to be looked at by the test. */
export class WireLog implements Wire {
  asked: string[] = [];
  fills: Fill[] = [];

  subscribe(_feed: TopicFeed, since: Position | undefined): void {
    this.asked.push(`subscribe ${since === undefined ? "new" : show(since)}`);
  }

  history(_feed: TopicFeed, since: Position, limit: number, fill: Fill): void {
    this.asked.push(`history ${show(since)} +${limit}`);
    this.fills.push(fill);
  }

  unsubscribe(): void {
    this.asked.push("unsubscribe");
  }

  retryLater(_feed: TopicFeed, failures: number): void {
    this.asked.push(`later ${failures}`);
  }

  expectAsked(...requests: string[]): void {
    expect(this.asked).toEqual(requests);
    this.asked = [];
  }

  get fill(): Fill {
    const fill = this.fills.shift();
    if (fill === undefined) {
      throw new Error("nothing was asked for");
    }
    return fill;
  }
}

/** Writes down what it gets: 121, or [120-123 reason] for a gap. */
export class Log implements Reader {
  lines: string[] = [];

  begin(position: Position): void {
    this.lines.push(`@${show(position)}`);
  }

  piece(piece: Piece): void {
    if (piece.type === "item") {
      expect(piece.data).toBe(piece.position.offset);
      this.lines.push(String(piece.position.offset));
    } else {
      this.lines.push(`[${show(piece.from)}-${show(piece.to)} ${piece.reason}]`);
    }
  }

  end(ending: Ending): void {
    this.lines.push(ending.kind);
  }

  expectGot(...expected: string[]): void {
    expect(this.lines).toEqual(expected);
    this.lines = [];
  }
}

export function entries(offsets: number[]) {
  return offsets.map((offset) => ({ offset, data: offset }));
}

export function answer(position: Position, rest: Partial<Subscribed> = {}): Subscribed {
  return { position, recovered: undefined, events: [], more: false, reason: undefined, ...rest };
}

export const fresh = (offset: number) => answer(at(offset));
export const recovered = (top: number, ...offsets: number[]) =>
  answer(at(top), { recovered: true, events: entries(offsets) });
export const page = (top: number, ...offsets: number[]) =>
  answer(at(top), { recovered: true, events: entries(offsets), more: true });
export const history = (top: number, ...offsets: number[]): History => ({
  position: at(top),
  events: entries(offsets),
  more: false,
});
