// Every state, every input: what follows. "→" names the effects in short.

import { describe, expect, it } from "vitest";
import { Lifecycle } from "../src/lifecycle/lifecycle.ts";
import type { Effect, Input, State } from "../src/lifecycle/types.ts";

const NOW = 100_000;
const IDLE: State = { kind: "idle" };
const DIALING: State = { kind: "dialing", attempt: 3 };
const GREETING: State = { kind: "greeting", attempt: 3, until: NOW + 10_000 };
const LIVE: State = { kind: "live", attempt: 3, since: NOW - 5_000, resumed: false };
const STABLE: State = { kind: "live", attempt: 3, since: NOW - 30_000, resumed: false };
const WAITING: State = { kind: "waiting", attempt: 3, until: NOW + 500, failure: "x" };
const CLOSED: State = {
  kind: "closed",
  end: { asked: true, why: "closed by this client", httpStatus: 0 },
};

const lost = (code: number, reason = ""): Input => ({ kind: "lost", code, reason });
const dialFailed = (httpStatus: number): Input => ({
  kind: "dialFailed",
  httpStatus,
  message: "no",
});
const unwelcome = (faultCode: number, retryAfterMs = 0): Input => ({
  kind: "unwelcome",
  faultCode,
  message: "no",
  retryAfterMs,
});

/** Waits a second for each failure in a row; gives up at the tenth. */
const lifecycle = new Lifecycle(true, (n) => (n >= 10 ? undefined : n * 1_000));
const plain = new Lifecycle(false, () => 1_000);

function short(effect: Effect): string {
  switch (effect.kind) {
    case "wakeAt":
      return `wake+${effect.at - NOW}`;
    case "hangup":
      return `hangup ${effect.code}`;
    default:
      return effect.kind;
  }
}

function state(next: State): string {
  switch (next.kind) {
    case "waiting":
      return `waiting ${next.attempt} ${next.until - NOW}`;
    case "closed":
      return `closed: ${next.end.why}`;
    case "dialing":
    case "greeting":
    case "live":
      return `${next.kind} ${next.attempt}`;
    case "idle":
      return "idle";
  }
}

function step(from: State, input: Input, using = lifecycle): string {
  const { next, effects } = using.step(from, input, NOW);
  return [state(next), ...effects.map(short)].join(" → ");
}

const kinds: Input[] = [
  { kind: "start" },
  { kind: "opened" },
  dialFailed(0),
  { kind: "welcomed", resumed: true },
  { kind: "noHello" },
  unwelcome(-32603),
  lost(1006),
  { kind: "wake" },
  { kind: "hurry" },
];

/** What is not listed leaves the state alone. */
const TABLE: readonly [string, State, Readonly<Record<string, string>>][] = [
  ["idle", IDLE, { start: "dialing 1 → announce → dial" }],
  [
    "dialing",
    DIALING,
    {
      opened: "greeting 3 → greet → wake+10000",
      dialFailed: "waiting 4 3000 → announce → wake+3000",
    },
  ],
  [
    "greeting",
    GREETING,
    {
      welcomed: "live 3 → goOnline → announce",
      noHello: "live 3 → goOnline → announce",
      unwelcome: "waiting 4 3000 → hangup 1000 → announce → wake+3000",
      lost: "waiting 4 3000 → announce → wake+3000",
      wake: "greeting 3 → wake+10000",
    },
  ],
  ["live", LIVE, { lost: "waiting 4 3000 → goOffline → announce → wake+3000" }],
  ["stable", STABLE, { lost: "waiting 1 1000 → goOffline → announce → wake+1000" }],
  ["waiting", WAITING, { wake: "waiting 3 500 → wake+500", hurry: "dialing 3 → announce → dial" }],
  ["closed", CLOSED, {}],
];

describe.each(TABLE)("%s", (_name, from, expected) => {
  it.each(kinds.map((input) => [input.kind, input] as const))("%s", (kind, input) => {
    expect(step(from, input)).toBe(expected[kind] ?? state(from));
  });
});

it.each([
  ["idle", IDLE, "announce → finish"],
  ["dialing", DIALING, "cancelDial → announce → finish"],
  ["greeting", GREETING, "hangup 1000 → announce → finish"],
  ["live", LIVE, "hangup 1000 → goOffline → announce → finish"],
  ["waiting", WAITING, "announce → finish"],
])("an explicit close wins while %s", (_name, from, effects) => {
  expect(step(from, { kind: "close", why: "enough" })).toBe(`closed: enough → ${effects}`);
});

it("a second close changes nothing", () => {
  expect(lifecycle.step(CLOSED, { kind: "close", why: "again" }, NOW)).toEqual({
    next: CLOSED,
    effects: [],
  });
});

it("a wait that is over dials", () => {
  const over: State = { kind: "waiting", attempt: 3, until: NOW, failure: "x" };
  expect(step(over, { kind: "wake" })).toBe("dialing 3 → announce → dial");
});

it("a hello that is not answered in time is a failure", () => {
  const over: State = { kind: "greeting", attempt: 3, until: NOW };
  expect(step(over, { kind: "wake" })).toBe("waiting 4 3000 → hangup 4408 → announce → wake+3000");
});

it.each([
  1000, 1002, 1003, 1007, 1008, 1009, 1010, 4400, 4401, 4403, 4408, 4409, 4410,
])("%i stops the client for good, greeting or live", (code) => {
  const why = `closed: closed with ${code}: bye`;
  expect(step(GREETING, lost(code, "bye"))).toBe(`${why} → announce → finish`);
  expect(step(LIVE, lost(code, "bye"))).toBe(`${why} → goOffline → announce → finish`);
});

it.each([
  1001, 1005, 1006, 1011, 1012, 1013, 3000, 4000, 4001, 4002, 4101, 4200, 0, 5000,
])("%i is come back from", (code) => {
  expect(step(LIVE, lost(code))).toBe("waiting 4 3000 → goOffline → announce → wake+3000");
});

it.each([400, 401, 403, 404])("HTTP %i stops the client", (status) => {
  const { next } = lifecycle.step(DIALING, dialFailed(status), NOW);
  expect(next).toEqual({
    kind: "closed",
    end: { asked: false, why: `refused with HTTP ${status}: no`, httpStatus: status },
  });
});

it.each([0, 429, 500, 502, 503])("HTTP %i may pass", (status) => {
  expect(step(DIALING, dialFailed(status))).toBe("waiting 4 3000 → announce → wake+3000");
});

it.each([-32001, -32003])("a hello refused with %i stops the client", (code) => {
  expect(step(GREETING, unwelcome(code))).toBe(
    `closed: hello refused: no (${code}) → hangup 1000 → announce → finish`,
  );
});

it("a server that asks for more time gets it, up to a day", () => {
  expect(step(GREETING, unwelcome(-32006, 7_000))).toContain("waiting 4 7000");
  expect(step(GREETING, unwelcome(-32006, 1e15))).toContain("waiting 4 86400000");
});

it("a policy without a further attempt closes the client", () => {
  const tenth: State = { kind: "dialing", attempt: 10 };
  expect(step(tenth, dialFailed(0))).toBe("closed: gave up after: no → announce → finish");
});

it("a plain client says no hello", () => {
  expect(step(DIALING, { kind: "opened" }, plain)).toBe("live 3 → goOnline → announce");
});
