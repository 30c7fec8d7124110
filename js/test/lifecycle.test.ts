// Every state, every input: what follows. "→" names the effects in short.

import { describe, expect, it } from "vitest";
import type { Attempt } from "../src/lifecycle/attempt.ts";
import { Lifecycle } from "../src/lifecycle/lifecycle.ts";
import type { Rules } from "../src/lifecycle/rules.ts";
import type { Effect, Input, State } from "../src/lifecycle/types.ts";

const NOW = 100_000;
const THIRD: Attempt = { number: 3, refusals: 0, renew: false };
const IDLE: State = { kind: "idle" };
const FETCHING: State = { kind: "fetching", attempt: THIRD, until: NOW + 10_000 };
const DIALING: State = { kind: "dialing", attempt: THIRD };
const GREETING: State = { kind: "greeting", attempt: THIRD, until: NOW + 10_000 };
const LIVE: State = { kind: "live", attempt: THIRD, since: NOW - 5_000, resumed: false };
const STABLE: State = { kind: "live", attempt: THIRD, since: NOW - 30_000, resumed: false };
const WAITING: State = { kind: "waiting", attempt: THIRD, until: NOW + 500, failure: "x" };
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
const RULES: Rules = {
  greets: true,
  tokens: "none",
  showsInUpgrade: false,
  authRetries: 2,
  greetWithin: 10_000,
  delays: (failures) => (failures >= 10 ? undefined : failures * 1_000),
};
const lifecycle = new Lifecycle(RULES);
const plain = new Lifecycle({ ...RULES, greets: false });
const fixed = new Lifecycle({ ...RULES, tokens: "fixed" });
const renewed = new Lifecycle({ ...RULES, tokens: "renewed" });
const shown = new Lifecycle({ ...RULES, tokens: "renewed", showsInUpgrade: true });

function short(effect: Effect): string {
  switch (effect.kind) {
    case "wakeAt":
      return `wake+${effect.at - NOW}`;
    case "hangup":
      return `hangup ${effect.code}`;
    case "fetchToken":
      return effect.renew ? "fetch renewed" : "fetch";
    case "refused":
      return effect.willRetry ? "refused, again" : "refused";
    default:
      return effect.kind;
  }
}

function count({ number, refusals, renew }: Attempt): string {
  return `${number}${refusals > 0 ? ` r${refusals}` : ""}${renew ? " renew" : ""}`;
}

function state(next: State): string {
  switch (next.kind) {
    case "waiting":
      return `waiting ${count(next.attempt)} ${next.until - NOW}`;
    case "closed":
      return `closed: ${next.end.why}`;
    case "fetching":
    case "dialing":
    case "greeting":
    case "live":
      return `${next.kind} ${count(next.attempt)}`;
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
  { kind: "tokenReady" },
  { kind: "tokenFailed", message: "vault" },
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
    "fetching",
    FETCHING,
    {
      tokenReady: "dialing 3 → dial",
      tokenFailed: "waiting 4 3000 → announce → wake+3000",
      wake: "fetching 3 → wake+10000",
    },
  ],
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
  ["fetching", FETCHING, "cancelDial → announce → finish"],
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
  const over: State = { kind: "waiting", attempt: THIRD, until: NOW, failure: "x" };
  expect(step(over, { kind: "wake" })).toBe("dialing 3 → announce → dial");
});

it("a hello that is not answered in time is a failure", () => {
  const over: State = { kind: "greeting", attempt: THIRD, until: NOW };
  expect(step(over, { kind: "wake" })).toBe("waiting 4 3000 → hangup 4408 → announce → wake+3000");
});

it.each([
  1000, 1002, 1003, 1007, 1008, 1009, 1010, 4400, 4408, 4409, 4410,
])("%i stops the client for good, greeting or live", (code) => {
  const why = `closed: closed with ${code}: bye`;
  expect(step(GREETING, lost(code, "bye"))).toBe(`${why} → announce → finish`);
  expect(step(LIVE, lost(code, "bye"))).toBe(`${why} → goOffline → announce → finish`);
});

it.each([
  1001, 1005, 1006, 1011, 1012, 1013, 3000, 4000, 4001, 4002, 0, 5000,
])("%i is come back from", (code) => {
  expect(step(LIVE, lost(code))).toBe("waiting 4 3000 → goOffline → announce → wake+3000");
});

it.each([4200, 4201, 4299])("%i is come back from 5 s later", (code) => {
  expect(step(LIVE, lost(code))).toBe("waiting 4 8000 → goOffline → announce → wake+8000");
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

it("a server that asks for more time gets it, up to a day", () => {
  expect(step(GREETING, unwelcome(-32006, 7_000))).toContain("waiting 4 10000");
  expect(step(GREETING, unwelcome(-32006, 1e15))).toContain("waiting 4 86403000");
});

it("a policy without a further attempt closes the client", () => {
  const tenth: State = { kind: "dialing", attempt: { ...THIRD, number: 10 } };
  expect(step(tenth, dialFailed(0))).toBe("closed: gave up after: no → announce → finish");
});

it("a plain client says no hello", () => {
  expect(step(DIALING, { kind: "opened" }, plain)).toBe("live 3 → goOnline → announce");
});

describe("who we are", () => {
  const asked = "announce → wake+10000";

  it.each([
    ["idle", IDLE, { kind: "start" } as Input, 1],
    ["waiting", WAITING, { kind: "hurry" } as Input, 3],
  ])("is asked before a dial from %s", (_name, from, input, number) => {
    expect(step(from, input, fixed)).toBe(`fetching ${number} → ${asked} → fetch`);
    expect(step(from, input, renewed)).toBe(`fetching ${number} → ${asked} → fetch`);
  });

  it("is asked for anew after a refusal", () => {
    const refused: State = { ...WAITING, attempt: { number: 2, refusals: 1, renew: true } };
    expect(step(refused, { kind: "hurry" }, renewed)).toBe(
      `fetching 2 r1 renew → ${asked} → fetch renewed`,
    );
  });

  it("is not waited for without end", () => {
    const over: State = { ...FETCHING, until: NOW };
    expect(step(over, { kind: "wake" }, renewed)).toBe(
      "waiting 4 3000 → cancelDial → announce → wake+3000",
    );
  });

  const REFUSALS: readonly (readonly [string, State, Input, string, string])[] = [
    ["HTTP 401", DIALING, dialFailed(401), "refused with HTTP 401: no", ""],
    ["HTTP 403", DIALING, dialFailed(403), "refused with HTTP 403: no", ""],
    ...[-32001, -32003, -32013].map(
      (code) =>
        [
          `hello's ${code}`,
          GREETING,
          unwelcome(code),
          `hello refused: no (${code})`,
          "hangup 1000 → ",
        ] as const,
    ),
    ["4401", GREETING, lost(4401), "closed with 4401", ""],
    ["4403", LIVE, lost(4403), "closed with 4403", "goOffline → "],
  ];

  it.each(REFUSALS)("%s ends a client with no other token", (_name, from, input, why, before) => {
    const end = `closed: ${why} → ${before}refused → announce → finish`;
    expect(step(from, input)).toBe(end);
    expect(step(from, input, fixed)).toBe(end);
  });

  it.each(
    REFUSALS,
  )("%s is answered with another, a few times", (_name, from, input, why, before) => {
    expect(step(from, input, renewed)).toBe(
      `waiting 4 r1 renew 3000 → ${before}refused, again → announce → wake+3000`,
    );
    const often = { ...from, attempt: { number: 3, refusals: 2, renew: true } } as State;
    expect(step(often, input, renewed)).toBe(
      `closed: ${why} → ${before}refused → announce → finish`,
    );
  });

  it("a token that has expired is no refusal, however often it does", () => {
    const often = { ...LIVE, attempt: { number: 3, refusals: 2, renew: false } } as State;
    expect(step(often, lost(4101), renewed)).toBe(
      "waiting 4 r2 renew 3000 → goOffline → announce → wake+3000",
    );
    expect(step(STABLE, lost(4101), renewed)).toBe(
      "waiting 1 renew 1000 → goOffline → announce → wake+1000",
    );
    const end = "closed: closed with 4101 → goOffline → refused → announce → finish";
    expect(step(LIVE, lost(4101), fixed)).toBe(end);
    expect(step(LIVE, lost(4101))).toBe(end);
  });

  it("a token that came through is remembered as good", () => {
    const greeting = { ...GREETING, attempt: { number: 3, refusals: 1, renew: true } } as State;
    expect(step(greeting, { kind: "welcomed", resumed: false }, renewed)).toBe(
      "live 3 r1 → goOnline → announce",
    );
  });

  it("a failed dial may have been a refusal where nobody tells and the dial showed a token", () => {
    expect(step(DIALING, dialFailed(0), shown)).toContain("waiting 4 renew 3000");
    expect(step(DIALING, dialFailed(503), shown)).toContain("waiting 4 3000");
    expect(step(DIALING, dialFailed(0), renewed)).toContain("waiting 4 3000");
  });

  it("a server that cannot judge a token now is come back to, with the same", () => {
    expect(step(GREETING, unwelcome(-32006, 2_000), renewed)).toBe(
      "waiting 4 5000 → hangup 1000 → announce → wake+5000",
    );
  });
});
