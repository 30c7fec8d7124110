// Streams, progress and deadlines through the whole client, in memory.

import type { Client } from "everwire";
import { beforeEach, describe, expect, it } from "vitest";
import { fate, Harness, WELCOME } from "./support/harness.ts";

const CAPABLE = { ...WELCOME, result: { ...WELCOME.result, caps: ["meta", "stream"] } };

let harness: Harness;

beforeEach(() => {
  harness = new Harness();
});

async function capable(): Promise<Client> {
  const client = harness.client().start();
  await harness.settle();
  expect(harness.net.last.hear()).toMatchObject({
    params: { caps: expect.arrayContaining(["meta", "stream"]) },
  });
  harness.net.last.say(CAPABLE);
  await harness.settle();
  return client;
}

async function say(message: object): Promise<void> {
  harness.net.last.say({ jsonrpc: "2.0", ...message });
  await harness.settle();
}

const item = (id: number, seq: number, ...items: unknown[]) =>
  say({ method: "$/item", params: { id, seq, items } });

describe("our calls", () => {
  it("tell a capable server how long they wait, and hear of their progress", async () => {
    const client = await capable();
    const heard: unknown[] = [];
    const call = fate(
      client.call("work", { a: 1 }, { within: 5_000, onProgress: (value) => heard.push(value) }),
    );
    await harness.settle();
    expect(harness.net.last.hear()).toMatchObject({
      id: 1,
      method: "work",
      params: { a: 1, _meta: { timeoutMs: 5_000, progressToken: 1 } },
    });
    await say({ method: "$/progress", params: { token: 1, value: 0.5 } });
    await say({ method: "$/progress", params: { token: 7, value: 0.6 } });
    await say({ id: 1, result: "done" });
    await say({ method: "$/progress", params: { token: 1, value: 1 } });
    expect(heard).toEqual([0.5]);
    expect(call.text).toBe('= "done"');
  });

  it("are not disturbed by a progress listener that throws", async () => {
    const client = await capable();
    const onProgress = () => {
      throw new Error("mine");
    };
    const call = fate(client.call("work", {}, { onProgress }));
    await say({ method: "$/progress", params: { token: 1, value: 1 } });
    await say({ id: 1, result: 2 });
    expect(call.text).toBe("= 2");
    expect(harness.errors[0]).toContain("mine");
  });

  it("larger than the server takes are not sent", async () => {
    const client = harness.client().start();
    await harness.settle();
    harness.net.last.hear();
    harness.net.last.say({ ...WELCOME, result: { ...WELCOME.result, limits: { frame: 100 } } });
    await harness.settle();
    const call = fate(client.call("work", ["x".repeat(100)]));
    expect(harness.net.last.heard).toEqual([]);
    await harness.settle();
    expect(call.text).toContain("-32008");
  });

  it("refuse parameters that hide metadata", async () => {
    const client = await capable();
    await expect(client.call("work", { _meta: 1 })).rejects.toThrow("_meta");
  });
});

describe("a stream", () => {
  it("gives items as they come, grants more, and ends with the answer", async () => {
    const client = await capable();
    const stream = client.stream<number>("count", [3], { window: 2 });
    await harness.settle();
    expect(harness.net.last.hear()).toMatchObject({
      method: "rpc.call",
      params: { method: "count", params: [3], meta: { stream: true, credits: 2 } },
    });
    await item(1, 1, 1, 2);
    expect(await stream.next()).toEqual({ done: false, value: 1 });
    await harness.settle();
    expect(harness.net.last.hear()).toMatchObject({ method: "$/credit", params: { id: 1, n: 1 } });
    await item(1, 3, 3);
    await say({ id: 1, result: null });
    const rest: number[] = [];
    for await (const value of stream) {
      rest.push(value);
    }
    expect(rest).toEqual([2, 3]);
  });

  it("that is left ends the call", async () => {
    const client = await capable();
    const stream = client.stream("count");
    await harness.settle();
    harness.net.last.hear();
    await item(1, 1, "a");
    for await (const value of stream) {
      expect(value).toBe("a");
      break;
    }
    await harness.settle();
    expect(harness.net.last.hear()).toMatchObject({ method: "$/cancelRequest", params: { id: 1 } });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it("that fails gives what came before, then the error, once", async () => {
    const client = await capable();
    const stream = client.stream("count");
    await item(1, 1, "a");
    await say({ id: 1, error: { code: 7, message: "broken" } });
    expect((await stream.next()).value).toBe("a");
    await expect(stream.next()).rejects.toMatchObject({ code: 7 });
    expect((await stream.next()).done).toBe(true);
  });

  it("of which a producer sends too much is given up", async () => {
    const client = await capable();
    const stream = client.stream("count", undefined, { window: 1 });
    await item(1, 1, "a", "b");
    await expect(stream.next()).rejects.toMatchObject({ code: -32600 });
  });

  it("ends with its connection", async () => {
    const client = await capable();
    const stream = client.stream("count");
    await harness.settle();
    const next = fate(stream.next());
    harness.net.last.cut();
    await harness.settle();
    expect(next.text).toContain("ConnectionLostError");
  });

  it("of a large array comes whole", async () => {
    const client = await harness.live();
    const stream = client.stream<number>("list");
    await say({ id: 1, result: Array.from({ length: 200_000 }, (_, i) => i) });
    let sum = 0;
    for await (const value of stream) {
      sum += value;
    }
    expect(sum).toBe(19_999_900_000);
  });

  it("of a server that knows none is its array", async () => {
    const client = await harness.live();
    const stream = client.stream("list", { a: 1 });
    await harness.settle();
    expect(harness.net.last.hear()).toMatchObject({ method: "list", params: { a: 1 } });
    await say({ id: 1, result: [1, 2] });
    const all: unknown[] = [];
    for await (const value of stream) {
      all.push(value);
    }
    expect(all).toEqual([1, 2]);
  });
});

describe("their calls", () => {
  it("get items of a generator as they grant them", async () => {
    const client = await capable();
    let closed = false;
    client.method("count", async function* () {
      try {
        for (let i = 1; ; i++) {
          yield await Promise.resolve(i);
        }
      } finally {
        closed = true;
      }
    });
    const params = { _meta: { stream: true, credits: 2 } };
    await say({ id: "s:1", method: "count", params });
    const { last } = harness.net;
    expect(last.hear().params).toEqual({ id: "s:1", seq: 1, items: [1] });
    expect(last.hear().params).toEqual({ id: "s:1", seq: 2, items: [2] });
    await say({ method: "$/credit", params: { id: "s:1", n: 1 } });
    expect(last.hear().params).toEqual({ id: "s:1", seq: 3, items: [3] });
    await say({ method: "$/cancelRequest", params: { id: "s:1" } });
    expect(last.hear()).toMatchObject({ id: "s:1", error: { code: -32800 } });
    expect(closed).toBe(true);
  });

  it.each([
    "cancelled",
    "lost",
  ])("that are %s before the handler returns end its items", async (how) => {
    const client = await capable();
    let closed = false;
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    client.method("count", async () => {
      await begun;
      return (async function* () {
        try {
          for (let i = 1; ; i++) {
            yield await Promise.resolve(i);
          }
        } finally {
          closed = true;
        }
      })();
    });
    await say({ id: "s:1", method: "count", params: { _meta: { stream: true, credits: 64 } } });
    if (how === "lost") {
      harness.net.last.cut();
    } else {
      await say({ method: "$/cancelRequest", params: { id: "s:1" } });
    }
    begin();
    await harness.settle();
    expect(closed).toBe(true);
  });

  it("read streams among their parameters, granting as they read", async () => {
    const client = await capable();
    client.method("sum", async ({ params }) => {
      let sum = 0;
      for await (const value of (params as [AsyncIterable<number>])[0]) {
        sum += value;
      }
      return sum;
    });
    await say({ id: "s:1", method: "sum", params: [{ $stream: 1 }] });
    const { last } = harness.net;
    expect(last.hear().params).toEqual({ id: "s:1", arg: 1, n: 64 });
    await say({ method: "$/item", params: { id: "s:1", arg: 1, seq: 1, items: [1, 2] } });
    await say({ method: "$/item", params: { id: "s:1", arg: 1, seq: 3, items: [3] } });
    await say({ method: "$/end", params: { id: "s:1", arg: 1 } });
    expect(last.hear()).toMatchObject({ id: "s:1", result: 6 });
  });

  it.each([
    ["$/end", { error: { code: 7, message: "broken" } }, 7],
    ["$/item", { seq: 5, items: [1] }, -32600],
  ])("hear of %s %j of a parameter as a fault", async (method, more, code) => {
    const client = await capable();
    client.method("sum", async ({ params }) => {
      for await (const _ of (params as { values: AsyncIterable<number> }).values) {
        // none comes
      }
    });
    await say({ id: "s:1", method: "sum", params: { values: { $stream: 1 } } });
    harness.net.last.hear();
    await say({ method, params: { id: "s:1", arg: 1, ...more } });
    expect(harness.net.last.hear()).toMatchObject({ id: "s:1", error: { code } });
  });

  it("that nobody waits for send no items and hold up none behind them", async () => {
    const client = await capable();
    const heard: unknown[] = [];
    client.method("count", async function* () {
      yield await Promise.resolve(1);
    });
    client.method("tell", ({ params }) => heard.push(params));
    await say({ method: "count", params: { _meta: { stream: true, credits: 0 } } });
    await say({ method: "tell", params: [1] });
    expect(heard).toEqual([[1]]);
    expect(harness.net.last.heard).toEqual([]);
  });

  it("whose id is in use, or whose time is over, do not start", async () => {
    const client = await capable();
    let started = 0;
    client.method("work", () => {
      started++;
      return new Promise(() => undefined);
    });
    await say({ id: "s:1", method: "work" });
    await say({ id: "s:1", method: "work" });
    await say({ id: "s:2", method: "work", params: { _meta: { timeoutMs: 0 } } });
    const { last } = harness.net;
    expect(last.hear()).toMatchObject({ id: "s:1", error: { code: -32600 } });
    expect(last.hear()).toMatchObject({ id: "s:2", error: { code: -32007 } });
    expect(started).toBe(1);
  });

  it("get an array where they did not ask for a stream", async () => {
    const client = await capable();
    client.method("count", async function* () {
      yield await Promise.resolve(1);
      yield 2;
    });
    await say({ id: "s:1", method: "count" });
    expect(harness.net.last.hear()).toMatchObject({ id: "s:1", result: [1, 2] });
  });

  it("are told progress, know their deadline, and end there", async () => {
    const client = await capable();
    let remaining = 0;
    let aborted = false;
    client.method("work", (call) => {
      remaining = call.remaining;
      call.progress("half");
      call.signal.addEventListener("abort", () => {
        aborted = true;
      });
      return new Promise(() => undefined);
    });
    await say({
      id: "s:1",
      method: "work",
      params: { a: 1, _meta: { timeoutMs: 500, progressToken: "p" } },
    });
    const { last } = harness.net;
    expect(last.hear().params).toEqual({ token: "p", value: "half" });
    expect(remaining).toBe(500);
    await harness.advance(500);
    const heard = last.hear();
    expect(heard.method === "$/ping" ? last.hear() : heard).toMatchObject({
      id: "s:1",
      error: { code: -32007 },
    });
    expect(aborted).toBe(true);
  });

  it("with metadata that is none are refused by name", async () => {
    await capable();
    await say({ id: "s:1", method: "work", params: { _meta: { timeoutMs: "soon" } } });
    expect(harness.net.last.hear().error).toEqual({
      code: -32602,
      message: "Invalid params: timeoutMs: expected an integer >= 0",
    });
  });
});
