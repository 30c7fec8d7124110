// Against the real server.

import {
  type Call,
  type Client,
  ConnectionLostError,
  connect,
  type Event,
  exponential,
  type Status,
} from "everwire";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { kill, type Running, START_WITHIN, serve, why } from "./support/server.ts";

/** Resolves with the first status from now on that is of this kind. */
function reaches(client: Client, kind: Status["kind"]): Promise<void> {
  return new Promise((resolve) => {
    const remove = client.onStatus((status) => {
      if (status.kind === kind) {
        remove();
        resolve();
      }
    });
  });
}

describe.skipIf(why !== undefined)("bin/everwire serve --demo", () => {
  let server: Running;
  let client: Client;

  beforeAll(async () => {
    server = await serve(0);
  }, START_WITHIN);

  afterEach(async () => {
    await client?.close();
  });

  afterAll(async () => {
    await kill(server);
  });

  async function open(methods: Record<string, (call: Call) => unknown> = {}): Promise<Client> {
    client = await connect(`ws://127.0.0.1:${server.port}/ws`, {
      webSocket: WebSocket,
      methods,
      reconnect: exponential(100, 1_000),
    });
    return client;
  }

  it("gives a session and answers calls", async () => {
    await open();
    expect(client.sessionId).toMatch(/.+/);
    expect(await client.call("add", { a: 2, b: 3 })).toBe(5);
    expect(await client.call("echo", { text: "größe 😀" })).toEqual({ text: "größe 😀" });
    await expect(client.call("foobar")).rejects.toMatchObject({ code: -32601 });
    await expect(
      client.call("fail", { code: 42, message: "no", data: { a: 1 } }),
    ).rejects.toMatchObject({ name: "FaultError", code: 42, message: "no", data: { a: 1 } });
  });

  it("calls back, nested", async () => {
    await open({
      square: async ({ params, caller }) => {
        const { n } = params as { n: number };
        return n * (await caller.peer.call<number>("add", [n - 1, 1]));
      },
    });
    expect(await client.call("callme", { method: "square", params: { n: 7 } })).toBe(49);
    await expect(client.call("callme", ["missing"])).rejects.toMatchObject({ code: -32601 });
  });

  it("notifies, in order", async () => {
    const seen: unknown[] = [];
    await open({ note: ({ params }) => void seen.push(params) });
    for (let n = 0; n < 20; n++) {
      await client.call("notifyme", { method: "note", params: [n] });
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => [n]));
    for (let n = 0; n < 3; n++) {
      expect(client.notify("update", [n])).toBe("queued");
    }
    expect(await client.call("notified", ["update"])).toBe(3);
  });

  it("lets a quick call overtake a slow one, and stops one that is aborted", async () => {
    await open();
    const order: string[] = [];
    const slow = client.call("slow", { ms: 300 }).then(() => order.push("slow"));
    const quick = client.call("add", [1, 1]).then(() => order.push("quick"));
    await Promise.all([slow, quick]);
    expect(order).toEqual(["quick", "slow"]);
    await expect(
      client.call("slow", { ms: 60_000 }, { signal: AbortSignal.timeout(50) }),
    ).rejects.toMatchObject({ name: "TimeoutError" });
    await expect(client.call("slow", { ms: 60_000 }, { within: 50 })).rejects.toMatchObject({
      code: -32007,
    });
    expect(await client.call("add", [1, 1])).toBe(2);
  });

  it("publishes to its subscribers, and remembers", async () => {
    await open();
    const topic = `test/${client.sessionId}`;
    const first = await client.publish(topic, { n: 1 });
    const subscription = client.subscribe<{ n: number }>(topic, { since: { ...first, offset: 0 } });
    await client.publish(topic, { n: 2 });
    const seen: Event<{ n: number }>[] = [];
    for await (const event of subscription) {
      seen.push(event);
      if (seen.length === 2) break;
    }
    expect(seen).toEqual([
      { type: "item", data: { n: 1 }, position: first },
      { type: "item", data: { n: 2 }, position: { epoch: first.epoch, offset: 2 } },
    ]);
    expect(await client.history(topic)).toEqual(seen);
    await expect(client.call("rpc.subscribe", { topic: "a//b" })).rejects.toMatchObject({
      code: -32602,
    });
  });

  it("recovers a thousand events in pages", async () => {
    await open();
    const topic = `pages/${client.sessionId}`;
    const { epoch } = await client.publish(topic, 1);
    const rest = Array.from({ length: 999 }, (_, i) => client.publish(topic, i + 2));
    await Promise.all(rest);
    const offsets: number[] = [];
    for await (const event of client.subscribe<number>(topic, { since: { epoch, offset: 0 } })) {
      if (event.type === "item") expect(event.position.offset).toBe(event.data);
      offsets.push(event.type === "item" ? event.data : -1);
      if (offsets.length === 1_000) break;
    }
    expect(offsets).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
  });

  it(
    "comes back after a kill and a restart, with a gap that names the new epoch",
    async () => {
      await open();
      const subscription = client.subscribe<string>("survivors");
      const first = await client.publish("survivors", "before");
      expect(await subscription.next()).toMatchObject({ value: { data: "before" } });

      const call = client.call("slow", { ms: 60_000 }).catch((e: unknown) => e);
      const away = reaches(client, "waiting");
      await kill(server);
      await away;
      expect(await call).toBeInstanceOf(ConnectionLostError);
      expect(await call).toMatchObject({ maybeExecuted: true });
      await expect(client.call("add", [1, 1])).rejects.toMatchObject({ maybeExecuted: false });

      const back = reaches(client, "live");
      server = await serve(server.port);
      await back;
      const { value: gap } = await subscription.next();
      expect(gap).toMatchObject({ type: "gap", reason: "epoch", from: first });
      const second = await client.publish("survivors", "after");
      expect(second.epoch).not.toBe(first.epoch);
      expect(gap).toMatchObject({ to: { epoch: second.epoch } });
      expect(await subscription.next()).toEqual({
        done: false,
        value: { type: "item", data: "after", position: second },
      });
    },
    START_WITHIN * 2,
  );
});
