// How long a client waits, with chance given.

import { atMost, exponential, fixed, never } from "everwire";
import { describe, expect, it } from "vitest";

const most = () => 1;
const half = () => 0.5;
const least = () => 0;

describe("exponential", () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [6, 32_000],
    [7, 60_000],
    [8, 60_000],
    [5_000, 60_000],
  ])("failure %i waits at most %i ms, at least nothing", (failures, millis) => {
    const policy = exponential();
    expect(policy(failures, most)).toBe(millis);
    expect(policy(failures, half)).toBe(millis / 2);
    expect(policy(failures, least)).toBe(0);
  });

  it("a smaller jitter is a smaller spread", () => {
    const policy = exponential(10_000, 60_000, 0.2);
    expect(policy(1, least)).toBe(8_000);
    expect(policy(1, most)).toBe(10_000);
  });

  it.each([
    () => exponential(0),
    () => exponential(1_000, Number.NaN),
    () => exponential(1_000, 90_000_000),
    () => exponential(1_000, 2_000, 1.5),
    () => fixed(-1),
    () => atMost(0, never()),
  ])("nonsense is refused: %s", (nonsense) => {
    expect(nonsense).toThrow(RangeError);
  });
});

it("fixed is always the same", () => {
  expect(fixed(7)(3, most)).toBe(7);
});

it("never gives up at once", () => {
  expect(never()(1, most)).toBeUndefined();
});

it("atMost gives up after so many", () => {
  const policy = atMost(2, fixed(5));
  expect([1, 2, 3].map((failures) => policy(failures, most))).toEqual([5, 5, undefined]);
});
