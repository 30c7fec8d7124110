// Every call ends exactly once.

import { expect, it } from "vitest";
import { type CallOutcome, CallTable } from "../src/session/call-table.ts";

function recorder(): { readonly outcomes: CallOutcome[]; done(outcome: CallOutcome): void } {
  const outcomes: CallOutcome[] = [];
  return { outcomes, done: (outcome) => outcomes.push(outcome) };
}

const ANSWER: CallOutcome = { kind: "answered", result: 1 };

it("ids are positive integers that grow by one", () => {
  const table = new CallTable(10);
  const { done } = recorder();
  expect([table.register({ deadline: 1, done }), table.register({ deadline: 1, done })]).toEqual([
    1, 2,
  ]);
});

it("every entry ends exactly once", () => {
  const table = new CallTable(10);
  const { outcomes, done } = recorder();
  table.register({ deadline: 1, done });
  expect(table.end(1, ANSWER)).toBe(true);
  expect(table.end(1, ANSWER)).toBe(false);
  expect(table.end("1", ANSWER)).toBe(false);
  table.endAll(ANSWER);
  expect(outcomes).toEqual([ANSWER]);
  expect(table.size).toBe(0);
});

it("a full table takes nothing in and touches nothing", () => {
  const table = new CallTable(1);
  const { outcomes, done } = recorder();
  table.register({ deadline: 1, done });
  expect(table.register({ deadline: 1, done })).toBeUndefined();
  expect(outcomes).toEqual([]);
  table.end(1, ANSWER);
  expect(table.register({ deadline: 1, done })).toBe(2);
});

it("what is past its deadline ends and is named", () => {
  const table = new CallTable(10);
  const { outcomes, done } = recorder();
  table.register({ deadline: 100, done });
  table.register({ deadline: 200, done });
  table.registerAs("h", { deadline: 100, done });
  expect(table.nextDeadline()).toBe(100);
  expect(table.expire(99)).toEqual([]);
  expect(table.expire(100)).toEqual([1, "h"]);
  expect(outcomes).toEqual([{ kind: "expired" }, { kind: "expired" }]);
  expect(table.nextDeadline()).toBe(200);
});

it("an id is not used twice at a time", () => {
  const table = new CallTable(10);
  const { done } = recorder();
  table.registerAs("h", { deadline: 1, done });
  expect(() => table.registerAs("h", { deadline: 1, done })).toThrow("in use");
});

it("a completion may end other calls", () => {
  const table = new CallTable(10);
  const { outcomes, done } = recorder();
  table.register({ deadline: 1, done: () => table.end(2, ANSWER) });
  table.register({ deadline: 1, done });
  table.endAll({ kind: "cancelled" });
  expect(outcomes).toEqual([ANSWER]);
});

it("nothing waits for ever where nothing waits", () => {
  expect(new CallTable(1).nextDeadline()).toBe(Number.POSITIVE_INFINITY);
});
