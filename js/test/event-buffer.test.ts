// What waits for a slow reader, and what it is told instead.

import { expect, it } from "vitest";
import { EventBuffer } from "../src/topic/event-buffer.ts";
import type { Piece } from "../src/topic/types.ts";

const at = (offset: number) => ({ epoch: "k1", offset });
const item = (offset: number): Piece => ({ type: "item", data: offset, position: at(offset) });

function filled(max: number, offsets: number[]): EventBuffer {
  const buffer = new EventBuffer(max, () => undefined);
  buffer.begin(at(0));
  for (const offset of offsets) {
    buffer.piece(item(offset));
  }
  return buffer;
}

it("what comes in first goes out first, and the position follows the reader", () => {
  const buffer = filled(3, [1, 2]);
  expect(buffer.taken).toEqual(at(0));
  expect(buffer.take()).toEqual(item(1));
  expect(buffer.taken).toEqual(at(1));
  expect(buffer.take()).toEqual(item(2));
  expect(buffer.take()).toBeUndefined();
});

it("when it is full the oldest give way to one gap", () => {
  const buffer = filled(2, [1, 2, 3, 4, 5]);
  expect(buffer.take()).toEqual({ type: "gap", reason: "lag", from: at(0), to: at(3) });
  expect(buffer.take()).toEqual(item(4));
  expect(buffer.take()).toEqual(item(5));
});

it("a gap that is dropped is part of the gap", () => {
  const buffer = filled(1, [1]);
  buffer.take();
  buffer.piece({ type: "gap", reason: "epoch", from: at(1), to: { epoch: "k2", offset: 4 } });
  buffer.piece({ type: "item", data: 5, position: { epoch: "k2", offset: 5 } });
  expect(buffer.take()).toEqual({
    type: "gap",
    reason: "lag",
    from: at(1),
    to: { epoch: "k2", offset: 4 },
  });
});

it("what waits can be taken after the end, and nothing comes in", () => {
  const buffer = filled(3, [1]);
  buffer.end({ kind: "lost", why: "x" });
  buffer.piece(item(2));
  buffer.end({ kind: "closed" });
  expect(buffer.ending).toEqual({ kind: "lost", why: "x" });
  expect(buffer.take()).toEqual(item(1));
  expect(buffer.take()).toBeUndefined();
});

it("what waits is thrown away when the reader closes it", () => {
  const buffer = filled(1, [1, 2, 3]);
  expect(buffer.discard()).toBe(true);
  expect(buffer.discard()).toBe(false);
  expect(buffer.take()).toBeUndefined();
});

it("ten thousand events are cheap", () => {
  const buffer = filled(
    10_000,
    Array.from({ length: 30_000 }, (_, i) => i + 1),
  );
  expect(buffer.take()).toEqual({ type: "gap", reason: "lag", from: at(0), to: at(20_000) });
  for (let offset = 20_001; offset <= 30_000; offset++) {
    expect(buffer.take()).toEqual(item(offset));
  }
  expect(buffer.take()).toBeUndefined();
});
