// The engine is told what comes in and when; what it wants done is written down.

import { beforeEach, describe, expect, it } from "vitest";
import type { Handler, Offer } from "../src/peer.ts";
import { read } from "../src/protocol/codec.ts";
import { encode } from "../src/protocol/json.ts";
import type { CallOutcome } from "../src/session/call-table.ts";
import type { Effects, Route } from "../src/session/effects.ts";
import type { InboundCall } from "../src/session/inbound.ts";
import { DEFAULT_LIMITS } from "../src/session/limits.ts";
import { PLAIN } from "../src/session/peer-profile.ts";
import { SessionEngine } from "../src/session/session-engine.ts";

class Recorded implements Effects {
  sent: string[] = [];
  running: InboundCall[] = [];
  closed: number[] = [];
  readings: boolean[] = [];
  room: Offer = "queued";

  send(text: string): void {
    this.sent.push(text);
  }

  offer(text: string): Offer {
    if (this.room === "queued") {
      this.sent.push(text);
    }
    return this.room;
  }

  run(call: InboundCall, _handler: Handler): void {
    this.running.push(call);
  }

  reading(on: boolean): void {
    this.readings.push(on);
  }

  close(code: number): void {
    this.closed.push(code);
  }

  /** What was sent since the last look, without the version. */
  get news(): string[] {
    const texts = this.sent.map((text) => text.replaceAll('"jsonrpc":"2.0",', ""));
    this.sent = [];
    return texts;
  }

  get methods(): string[] {
    return this.running.map(({ method }) => method);
  }
}

const handler: Route = { kind: "handler", handler: () => undefined };
const LIMITS = {
  ...DEFAULT_LIMITS,
  maxConcurrentCalls: 2,
  maxAdmittedCalls: 3,
  maxQueuedNotifications: 4,
  maxPendingCalls: 2,
};

let effects: Recorded;
let engine: SessionEngine;
let inline: unknown[];

beforeEach(() => {
  effects = new Recorded();
  inline = [];
  const routes = new Map<string, Route>([
    ["rpc.event", { kind: "inline", handle: (params) => inline.push(params) }],
    ["n", handler],
    ["n1", handler],
    ["n2", handler],
    ["r1", handler],
    ["r2", handler],
  ]);
  engine = new SessionEngine((method) => routes.get(method), LIMITS, effects);
});

const receive = (message: unknown) => {
  const text = typeof message === "string" ? message : JSON.stringify(message);
  engine.receive(read(text, 100), 0);
};
const request = (id: unknown, method: string) => receive({ jsonrpc: "2.0", id, method });
const notification = (method: string, params?: object) =>
  receive({ jsonrpc: "2.0", method, params });

function finish(method: string, result: unknown = null): void {
  const call = effects.running.find((running) => running.method === method);
  if (call === undefined) {
    throw new Error(`${method} does not run`);
  }
  effects.running = effects.running.filter((running) => running !== call);
  engine.answer(call, encode(result));
  engine.returned(call, 0);
}

describe("their calls", () => {
  it("a request is run and answered with its id", () => {
    request("s:1", "r1");
    finish("r1", { ok: true });
    expect(effects.news).toEqual(['{"id":"s:1","result":{"ok":true}}']);
  });

  it("an id of null is answered", () => {
    request(null, "r1");
    finish("r1");
    expect(effects.news).toEqual(['{"id":null,"result":null}']);
  });

  it("an unknown method is −32601, an unknown notification is ignored", () => {
    request("s:1", "nope");
    notification("nope");
    expect(effects.news).toEqual([
      '{"id":"s:1","error":{"code":-32601,"message":"Method not found"}}',
    ]);
    expect(engine.ignored).toBe(1);
  });

  it("a request waits for the notifications before it, and for those only", () => {
    notification("n1");
    request("s:1", "r1");
    notification("n2");
    request("s:2", "r2");
    expect(effects.methods).toEqual(["n1"]);
    finish("n1");
    expect(effects.methods).toEqual(["n2", "r1"]);
    finish("n2");
    expect(effects.methods).toEqual(["r1", "r2"]);
    finish("r2");
    finish("r1");
    expect(effects.news).toEqual(['{"id":"s:2","result":null}', '{"id":"s:1","result":null}']);
  });

  it("so many run, so many wait, one more is −32006", () => {
    for (const id of ["s:1", "s:2", "s:3", "s:4"]) {
      request(id, "r1");
    }
    expect(effects.running).toHaveLength(2);
    expect(effects.news).toEqual([
      '{"id":"s:4","error":{"code":-32006,"message":"too many calls at once","data":{"retryable":true,"retryAfterMs":1000}}}',
    ]);
    finish("r1");
    expect(effects.running).toHaveLength(2);
  });

  it("a cancelled request is answered at once, and its result is thrown away", () => {
    let interrupted = false;
    request("s:1", "r1");
    const [call] = effects.running;
    if (call) call.interrupt = () => (interrupted = true);
    notification("$/cancelRequest", { id: "s:1" });
    expect(interrupted).toBe(true);
    expect(effects.news).toEqual(['{"id":"s:1","error":{"code":-32800,"message":"cancelled"}}']);
    finish("r1", "late");
    expect(effects.news).toEqual([]);
  });

  it("a cancelled request that waits never starts", () => {
    notification("n1");
    request("s:1", "r1");
    notification("$/cancelRequest", { id: "s:1" });
    finish("n1");
    expect(effects.methods).toEqual([]);
  });

  it.each([{}, { id: {} }, { id: "other" }, []])("a cancel of %j is ignored", (params) => {
    notification("$/cancelRequest", params);
    expect(engine.ignored).toBe(1);
  });

  it("too many notifications stop reading until half were handled", () => {
    for (let i = 0; i < 5; i++) {
      notification("n");
    }
    expect(effects.readings).toEqual([false]);
    finish("n");
    finish("n");
    expect(effects.readings).toEqual([false, true]);
  });

  it("a flood that cannot be stopped closes with 4002", () => {
    for (let i = 0; i < 41; i++) {
      notification("n");
    }
    expect(effects.closed).toEqual([4002]);
  });

  it("Everwire's own notifications are served where they come in", () => {
    notification("rpc.event", { topic: "a" });
    expect(inline).toEqual([{ topic: "a" }]);
    request("s:1", "rpc.event");
    expect(effects.news[0]).toContain("-32600");
  });

  it("a ping is answered", () => {
    notification("$/ping");
    expect(effects.news).toEqual(['{"method":"$/pong"}']);
  });
});

describe("bad input", () => {
  it("text that is no JSON is −32700", () => {
    receive("{");
    expect(effects.news[0]).toContain('"id":null,"error":{"code":-32700');
  });

  it("what is no message is −32600 with its id", () => {
    receive({ id: 7, method: "a" });
    expect(effects.news[0]).toContain('"id":7,"error":{"code":-32600');
  });

  it("a malformed response is never answered and ends its call", () => {
    const outcomes = outcomesOf(1);
    receive({ jsonrpc: "2.0", id: 1, result: 1, error: null });
    receive({ jsonrpc: "2.0", id: 2, result: 1, error: null });
    expect(effects.news).toHaveLength(1); // the call itself
    expect(outcomes).toMatchObject([{ kind: "refused", fault: { code: -32600 } }]);
    expect(engine.ignored).toBe(1);
  });

  it("a batch is answered once, in the order of completion", () => {
    receive([
      { jsonrpc: "2.0", id: "s:1", method: "r1" },
      { jsonrpc: "2.0", id: "s:2", method: "nope" },
      { jsonrpc: "2.0", method: "nope" },
      1,
    ]);
    expect(effects.news).toEqual([]);
    finish("r1");
    const [text] = effects.news;
    expect(JSON.parse(text ?? "").map(({ id }: { id: unknown }) => id)).toEqual([
      "s:2",
      null,
      "s:1",
    ]);
  });

  it("a batch of notifications is not answered", () => {
    receive([{ jsonrpc: "2.0", method: "nope" }]);
    expect(effects.news).toEqual([]);
  });
});

function outcomesOf(calls: number, within = 30_000): CallOutcome[] {
  const outcomes: CallOutcome[] = [];
  for (let i = 0; i < calls; i++) {
    engine.call(
      { method: "m", params: undefined, within, done: (outcome) => outcomes.push(outcome) },
      0,
    );
  }
  return outcomes;
}

describe("our calls", () => {
  it("begin at 1, beside a hello that is outside the count", () => {
    const outcomes: CallOutcome[] = [];
    engine.hello(encode({ v: 1 }), 1, (outcome) => outcomes.push(outcome));
    outcomesOf(1);
    expect(effects.news).toEqual([
      '{"id":"h","method":"rpc.hello","params":{"v":1}}',
      '{"id":1,"method":"m"}',
    ]);
    receive({ jsonrpc: "2.0", id: "h", error: { code: -32601, message: "" } });
    expect(outcomes).toEqual([{ kind: "refused", fault: { code: -32601, message: "" } }]);
  });

  it("end with their answer; a second answer is ignored", () => {
    const outcomes = outcomesOf(1);
    receive({ jsonrpc: "2.0", id: 1, result: 5 });
    receive({ jsonrpc: "2.0", id: 1, result: 6 });
    receive({ jsonrpc: "2.0", id: "1", result: 6 });
    expect(outcomes).toEqual([{ kind: "answered", result: 5 }]);
    expect(engine.ignored).toBe(2);
  });

  it("end with an answer that has neither result nor error", () => {
    const outcomes = outcomesOf(1);
    receive({ jsonrpc: "2.0", id: 1 });
    expect(outcomes).toMatchObject([{ kind: "refused", fault: { code: -32600 } }]);
    effects.sent = [];
    receive({ jsonrpc: "2.0", id: 1 });
    expect(effects.news).toEqual([
      '{"id":1,"error":{"code":-32600,"message":"Invalid Request: method: missing"}}',
    ]);
  });

  it("are bounded in number", () => {
    const outcomes = outcomesOf(3);
    expect(outcomes).toMatchObject([{ kind: "refused", fault: { code: -32006 } }]);
    expect(engine.pendingCalls).toBe(2);
  });

  it("are refused when the outbound queue is full", () => {
    effects.room = "full";
    expect(outcomesOf(1)).toMatchObject([{ kind: "refused", fault: { code: -32006 } }]);
    effects.room = "closed";
    expect(outcomesOf(1)).toMatchObject([{ kind: "lost", maybeExecuted: false }]);
    expect(engine.pendingCalls).toBe(0);
  });

  it("end at their deadline, and an Everwire peer is told", () => {
    const outcomes = outcomesOf(1, 1_000);
    engine.establish({ interval: 25_000, timeout: 10_000 }, PLAIN, 1, 0);
    expect(engine.nextTick()).toBe(1_000);
    engine.tick(1_000, 0);
    expect(outcomes).toEqual([{ kind: "expired" }]);
    expect(effects.news).toEqual([
      '{"id":1,"method":"m"}',
      '{"method":"$/cancelRequest","params":{"id":1}}',
    ]);
  });

  it("can be cancelled, which a plain peer is not told", () => {
    const outcomes = outcomesOf(1);
    engine.cancel(1);
    engine.cancel(1);
    expect(outcomes).toEqual([{ kind: "cancelled" }]);
    expect(effects.news).toEqual(['{"id":1,"method":"m"}']);
  });

  it("are not waited for by those that would end them", () => {
    notification("n1");
    request("s:1", "r1");
    expect(effects.methods).toEqual(["n1"]);
    outcomesOf(1);
    expect(effects.methods).toEqual(["n1", "r1"]);
  });

  it("end when the link is lost; nothing runs and nothing is sent after that", () => {
    const outcomes = outcomesOf(2);
    request("s:1", "r1");
    notification("n1");
    notification("n2");
    request("s:2", "r2");
    effects.sent = [];
    engine.lost("cut");
    expect(outcomes).toEqual(
      Array.from({ length: 2 }, () => ({ kind: "lost", maybeExecuted: true, reason: "cut" })),
    );
    finish("r1");
    finish("n1");
    expect(effects.methods).toEqual(["r2", "n2"]); // r2 before the loss, while our calls were out
    finish("n2");
    expect(effects.methods).toEqual(["r2"]);
    expect(effects.news).toEqual([]);
    expect(outcomesOf(1)).toMatchObject([{ kind: "lost", maybeExecuted: false }]);
    expect(engine.nextTick()).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("heartbeat", () => {
  beforeEach(() => engine.establish({ interval: 25_000, timeout: 10_000 }, PLAIN, 1, 0));

  it("silence is pinged, then the link is given up with 4001", () => {
    engine.tick(25_000, 0);
    expect(effects.news).toEqual(['{"method":"$/ping"}']);
    engine.tick(35_000, 0);
    expect(effects.closed).toEqual([4001]);
  });

  it("while we do not read, silence is our own", () => {
    for (let i = 0; i < 5; i++) {
      notification("n");
    }
    engine.tick(25_000, 0);
    engine.tick(50_000, 0);
    expect(effects.news).toEqual([]);
    expect(effects.closed).toEqual([]);
  });
});
