// Calls through the whole client, in memory: ours, and those it serves.

import { type Call, FaultError } from "everwire";
import { beforeEach, describe, expect, it } from "vitest";
import { fate, Harness } from "./support/harness.ts";

let harness: Harness;

beforeEach(() => {
  harness = new Harness();
});

describe("calls", () => {
  it("end with the answer, whatever its order", async () => {
    const client = await harness.live();
    const first = fate(client.call("add", [1, 2]));
    const second = fate(client.call("now"));
    await harness.settle();
    const link = harness.net.last;
    expect([link.hear(), link.hear()]).toEqual([
      { jsonrpc: "2.0", id: 1, method: "add", params: [1, 2] },
      { jsonrpc: "2.0", id: 2, method: "now" },
    ]);
    link.say({ jsonrpc: "2.0", id: 2, result: null });
    link.say({ jsonrpc: "2.0", id: 1, result: 3 });
    await harness.settle();
    expect([first.text, second.text]).toEqual(["= 3", "= null"]);
  });

  it("end with the peer's fault", async () => {
    const client = await harness.live();
    const call = client.call("find", { id: 7 });
    const failed = expect(call).rejects.toEqual(
      expect.objectContaining({ name: "FaultError", code: 42, data: { id: 7 }, message: "none" }),
    );
    harness.net.last.say({
      jsonrpc: "2.0",
      id: 1,
      error: { code: 42, message: "none", data: { id: 7 } },
    });
    await harness.settle();
    await failed;
  });

  it("end at once when the link is cut: perhaps executed", async () => {
    const client = await harness.live();
    const calls = [fate(client.call("a")), fate(client.call("b"))];
    await harness.settle();
    harness.net.last.cut();
    await harness.settle();
    for (const { text } of calls) {
      expect(text).toBe("ConnectionLostError maybe=true closed with 1006");
    }
  });

  it("end at once while away: certainly not executed", async () => {
    const client = harness.client().start();
    const early = fate(client.call("a"));
    expect(client.notify("a")).toBe("closed");
    await harness.welcome();
    harness.net.last.cut();
    const late = fate(client.call("a"));
    await harness.settle();
    expect(early.text).toBe("ConnectionLostError maybe=false not connected");
    expect(late.text).toBe(early.text);
  });

  it("end at their deadline, and the server is told", async () => {
    const client = await harness.live();
    const call = fate(client.call("slow", undefined, { within: 2_000 }));
    await harness.advance(2_000);
    expect(call.text).toBe("FaultError -32007 no answer within the deadline");
    const link = harness.net.last;
    link.hear();
    expect(link.heard.map((text) => JSON.parse(text))).toContainEqual({
      jsonrpc: "2.0",
      method: "$/cancelRequest",
      params: { id: 1 },
    });
    link.say({ jsonrpc: "2.0", id: 1, result: "late" });
    await harness.settle();
    expect(client.status.kind).toBe("live");
  });

  it("end when they are aborted, with the reason given, and the server is told", async () => {
    const client = await harness.live();
    const stop = new AbortController();
    const call = client.call("slow", {}, { signal: stop.signal });
    await harness.settle();
    stop.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    await harness.settle();
    const link = harness.net.last;
    link.hear();
    expect(link.hear()).toMatchObject({ method: "$/cancelRequest", params: { id: 1 } });
    await expect(client.call("slow", {}, { signal: stop.signal })).rejects.toThrow("enough");
    expect(link.heard).toEqual([]);
  });

  it("begin at 1 again with each session", async () => {
    const client = await harness.live();
    void client.call("a").catch(() => undefined);
    harness.net.last.cut();
    await harness.advance(1_000);
    const link = await harness.welcome();
    void client.call("a").catch(() => undefined);
    await harness.settle();
    expect(link.hear().id).toBe(1);
    await harness.close(client);
  });

  it.each([
    ["a string", "x"],
    ["a number", 7],
    ["a function", () => undefined],
    ["a bigint", 7n],
  ])("refuse %s as parameters", async (_name, params) => {
    const client = await harness.live();
    await expect(client.call("a", params)).rejects.toThrow(TypeError);
    expect(harness.net.last.heard).toEqual([]);
  });

  it("are bounded in number", async () => {
    const client = await harness.live();
    const calls = Array.from({ length: 1_001 }, () => fate(client.call("a")));
    await harness.settle();
    expect(calls.filter(({ text }) => text !== "pending")).toEqual([
      { text: "FaultError -32006 too many calls are pending" },
    ]);
    await harness.close(client);
  });

  it("are refused while too much waits to be sent", async () => {
    const client = await harness.live({ limits: { maxQueuedBytes: 100 } });
    harness.net.last.socket.bufferedAmount = 99;
    const call = fate(client.call("a"));
    expect(client.notify("a", [1])).toBe("full");
    await harness.settle();
    expect(call.text).toBe("FaultError -32006 the outbound queue is full");
    harness.net.last.socket.bufferedAmount = 0;
    expect(client.notify("a", ["x".repeat(200)])).toBe("queued");
  });
});

describe("served methods", () => {
  async function ask(method: string, params: unknown = undefined): Promise<unknown> {
    const link = harness.net.last;
    link.say({ jsonrpc: "2.0", id: "s:1", method, params });
    await harness.settle();
    return link.hear();
  }

  it("answer, later or at once", async () => {
    const client = await harness.live({ methods: { add: add } });
    client.method("later", async ({ params }) => {
      await undefined;
      return params;
    });
    client.method("nothing", () => undefined);
    expect(await ask("add", [2, 3])).toEqual({ jsonrpc: "2.0", id: "s:1", result: 5 });
    expect(await ask("later", { a: 1 })).toMatchObject({ result: { a: 1 } });
    expect(await ask("nothing")).toMatchObject({ result: null });
    expect(await ask("missing")).toMatchObject({ error: { code: -32601 } });
  });

  it("say on purpose what they refuse; anything else is an incident", async () => {
    await harness.live({
      methods: {
        refuse: () => {
          throw new FaultError(42, "no such order", { id: 7 });
        },
        fail: () => Promise.reject(new Error("secret")),
        cycle: () => {
          const self: Record<string, unknown> = {};
          self.self = self;
          return self;
        },
      },
    });
    expect(await ask("refuse")).toMatchObject({
      error: { code: 42, message: "no such order", data: { id: 7 } },
    });
    const answer = JSON.stringify(await ask("fail"));
    expect(answer).toMatch(/"code":-32603,"message":"Internal error: incident [0-9a-f]{8}"/);
    expect(answer).not.toContain("secret");
    expect(await ask("cycle")).toMatchObject({ error: { code: -32603 } });
    expect(harness.errors[0]).toContain("secret");
    expect(harness.errors).toHaveLength(2);
  });

  it("may call back, nested", async () => {
    await harness.live({
      methods: {
        outer: async ({ caller }: Call) => {
          const inner = await caller.peer.call<number>("inner", [caller.sessionId]);
          return inner + 1;
        },
      },
    });
    const link = harness.net.last;
    link.say({ jsonrpc: "2.0", id: "s:1", method: "outer" });
    await harness.settle();
    expect(link.hear()).toMatchObject({ id: 1, method: "inner", params: ["S1"] });
    link.say({ jsonrpc: "2.0", id: 1, result: 41 });
    await harness.settle();
    expect(link.hear()).toMatchObject({ id: "s:1", result: 42 });
  });

  it("handle notifications in their order, and requests after them", async () => {
    const seen: unknown[] = [];
    const gates: (() => void)[] = [];
    await harness.live({
      methods: {
        note: async ({ params }: Call) => {
          await new Promise<void>((resolve) => gates.push(resolve));
          seen.push(params);
        },
        ask: () => [...seen],
      },
    });
    const link = harness.net.last;
    link.say({ jsonrpc: "2.0", method: "note", params: [1] });
    link.say({ jsonrpc: "2.0", method: "note", params: [2] });
    link.say({ jsonrpc: "2.0", id: "s:1", method: "ask" });
    await harness.settle();
    expect(gates).toHaveLength(1);
    gates[0]?.();
    await harness.settle();
    expect(link.heard).toEqual([]);
    gates[1]?.();
    await harness.settle();
    expect(link.hear()).toMatchObject({ result: [[1], [2]] });
  });

  it("are told when the caller cancels", async () => {
    let reason: unknown;
    await harness.live({
      methods: {
        slow: ({ signal }: Call) =>
          new Promise((_, reject) => {
            signal.addEventListener("abort", () => {
              reason = signal.reason;
              reject(new Error("stopped"));
            });
          }),
      },
    });
    const link = harness.net.last;
    link.say({ jsonrpc: "2.0", id: "s:1", method: "slow" });
    await harness.settle();
    link.say({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id: "s:1" } });
    await harness.settle();
    expect(link.hear()).toMatchObject({ id: "s:1", error: { code: -32800 } });
    expect(link.heard).toEqual([]);
    expect(reason).toBeDefined();
    expect(harness.errors).toEqual([]);
  });

  it.each(["", "_a", "rpc.a", "$/a", "x".repeat(257), "taken"])("cannot be named %j", (name) => {
    const client = harness.client({ methods: { taken: add } });
    expect(() => client.method(name, add)).toThrow(/^method: /);
  });

  it("pause a peer that floods, where the platform can", async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    await harness.live({ limits: { maxQueuedNotifications: 2 }, methods: { note: () => gate } });
    const link = harness.net.last;
    for (let i = 0; i < 3; i++) {
      link.say({ jsonrpc: "2.0", method: "note" });
    }
    await harness.settle();
    expect(link.reading).toBe(false);
    release();
    await harness.settle();
    expect(link.reading).toBe(true);
  });
});

function add({ params }: Call): number {
  const [a, b] = params as [number, number];
  return a + b;
}
