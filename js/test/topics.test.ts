// Topics through the whole client, in memory, with a server that keeps its promises.

import type { Client, Event, Subscription } from "everwire";
import { beforeEach, describe, expect, it } from "vitest";
import { fate, Harness } from "./support/harness.ts";
import { ModelServer } from "./support/model-server.ts";

let harness: Harness;
let server: ModelServer;

beforeEach(() => {
  harness = new Harness();
  server = new ModelServer(harness.net);
});

async function live(): Promise<Client> {
  const client = harness.client().start();
  await harness.settle();
  expect(client.status.kind).toBe("live");
  return client;
}

function show(event: Event<unknown>): string {
  const at = ({ epoch, offset }: { epoch: string; offset: number }) => `${epoch}:${offset}`;
  return event.type === "item"
    ? `${at(event.position)}=${event.data}`
    : `[${at(event.from)}-${at(event.to)} ${event.reason}]`;
}

function record(subscription: Subscription<unknown>): string[] {
  const seen: string[] = [];
  subscription.onEvent(
    (event) => seen.push(show(event)),
    (error) => seen.push(`end ${error?.message ?? ""}`.trim()),
  );
  return seen;
}

async function cutAndReturn(): Promise<void> {
  harness.net.last.cut();
  await harness.advance(1_000);
}

describe("a subscription", () => {
  it("brings what is published after it, pulled", async () => {
    const client = await live();
    server.publish("news", "old");
    const subscription = client.subscribe<string>("news");
    expect(subscription.position).toBeUndefined();
    await harness.settle();
    expect(subscription.position).toEqual({ epoch: "k1", offset: 1 });
    server.publish("news", "a");
    server.publish("news", "b");
    await harness.settle();
    const seen: string[] = [];
    for await (const event of subscription) {
      seen.push(show(event));
      if (seen.length === 2) break;
    }
    expect(seen).toEqual(["k1:2=a", "k1:3=b"]);
    expect(subscription.position).toEqual({ epoch: "k1", offset: 3 });
    await harness.settle();
    expect(server.subscribers("news")).toBe(0); // leaving the loop has closed it
  });

  it("brings the same, pushed, and what the listener throws disturbs nobody", async () => {
    const client = await live();
    const subscription = client.subscribe("news");
    const seen: string[] = [];
    subscription.onEvent((event) => {
      seen.push(show(event));
      throw new Error("mine");
    });
    await harness.settle();
    server.publish("news", 1);
    server.publish("news", 2);
    await harness.settle();
    expect(seen).toEqual(["k1:1=1", "k1:2=2"]);
    expect(harness.errors).toHaveLength(2);
  });

  it("begins behind a position", async () => {
    const client = await live();
    for (const n of [1, 2, 3]) server.publish("news", n);
    const seen = record(client.subscribe("news", { since: { epoch: "k1", offset: 1 } }));
    await harness.settle();
    server.publish("news", 4);
    await harness.settle();
    expect(seen).toEqual(["k1:2=2", "k1:3=3", "k1:4=4"]);
  });

  it("goes on after a cut without a hole and without a double", async () => {
    const client = await live();
    const seen = record(client.subscribe("news"));
    await harness.settle();
    server.publish("news", 1);
    await harness.settle();
    harness.net.last.cut();
    server.publish("news", 2);
    server.publish("news", 3);
    await harness.advance(1_000);
    server.publish("news", 4);
    await harness.settle();
    expect(seen).toEqual(["k1:1=1", "k1:2=2", "k1:3=3", "k1:4=4"]);
  });

  it("goes on in pages after a long absence", async () => {
    server = new ModelServer(harness.net, 10);
    const client = await live();
    const seen = record(client.subscribe("news"));
    await harness.settle();
    harness.net.last.cut();
    for (let n = 1; n <= 95; n++) server.publish("news", n);
    await harness.advance(1_000);
    expect(seen).toEqual(Array.from({ length: 95 }, (_, i) => `k1:${i + 1}=${i + 1}`));
  });

  it("says a gap after a restart, naming the new epoch, and goes on", async () => {
    const client = await live();
    const seen = record(client.subscribe("news"));
    await harness.settle();
    server.publish("news", 1);
    await harness.settle();
    server.restart();
    server.publish("news", "lost");
    await cutAndReturn();
    server.publish("news", 2);
    await harness.settle();
    expect(seen).toEqual(["k1:1=1", "[k1:1-k2:1 epoch]", "k2:2=2"]);
  });

  it("says a gap where history does not reach back", async () => {
    const client = await live();
    const seen = record(client.subscribe("news"));
    await harness.settle();
    harness.net.last.cut();
    for (let n = 1; n <= 5; n++) server.publish("news", n);
    server.keep("news", 2);
    await harness.advance(1_000);
    server.publish("news", 6);
    await harness.settle();
    expect(seen).toEqual(["[k1:0-k1:5 trimmed]", "k1:6=6"]);
  });

  it("is shared: one on the wire, each reader its own events", async () => {
    const client = await live();
    const first = record(client.subscribe("news"));
    const other = client.subscribe("news");
    const second = record(other);
    await harness.settle();
    expect(harness.net.last.heard.filter((text) => text.includes("rpc.subscribe"))).toHaveLength(1);
    server.publish("news", 1);
    await harness.settle();
    other.close();
    server.publish("news", 2);
    await harness.settle();
    expect(first).toEqual(["k1:1=1", "k1:2=2"]);
    expect(second).toEqual(["k1:1=1", "end"]);
    expect(server.subscribers("news")).toBe(1);
  });

  it("says a gap when it is read too slowly", async () => {
    const client = harness.client({ maxWaitingEvents: 3 }).start();
    await harness.settle();
    const subscription = client.subscribe("news");
    await harness.settle();
    for (let n = 1; n <= 8; n++) server.publish("news", n);
    await harness.settle();
    const seen = record(subscription);
    await harness.settle();
    expect(seen).toEqual(["[k1:0-k1:5 lag]", "k1:6=6", "k1:7=7", "k1:8=8"]);
  });

  it("ten thousand events may wait, then the oldest give way to one gap", async () => {
    const client = await live();
    const subscription = client.subscribe("news");
    await harness.settle();
    for (let n = 1; n <= 10_002; n++) server.publish("news", n);
    await harness.settle();
    const first = await subscription.next();
    const second = await subscription.next();
    expect(first.value && show(first.value)).toBe("[k1:0-k1:2 lag]");
    expect(second.value && show(second.value)).toBe("k1:3=3");
  });

  it("waits while away and is subscribed once connected", async () => {
    const client = harness.client();
    const seen = record(client.subscribe("news"));
    client.start();
    await harness.settle();
    server.publish("news", 1);
    await harness.settle();
    expect(seen).toEqual(["k1:1=1"]);
  });

  it("that is closed while away is not subscribed again", async () => {
    const client = await live();
    const subscription = client.subscribe("news");
    await harness.settle();
    harness.net.last.cut();
    subscription.close();
    subscription.close();
    await harness.advance(1_000);
    expect(client.status.kind).toBe("live");
    expect(server.subscribers("news")).toBe(0);
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
  });

  it("ends with the fault when the server refuses it", async () => {
    const client = await refused();
    const subscription = client.subscribe("news");
    const next = fate(subscription.next());
    const seen = record(client.subscribe("news"));
    await harness.settle();
    expect(next.text).toBe("FaultError -32003 not you");
    expect(seen).toEqual(["end not you"]);
    await expect(subscription.next()).rejects.toThrow("not you");
  });

  it("ends with the fault when the server ends it, and is not subscribed again", async () => {
    const client = await live();
    const subscription = client.subscribe("news");
    const next = fate(subscription.next());
    await harness.settle();
    harness.net.last.say({
      jsonrpc: "2.0",
      method: "$/unsubscribed",
      params: { topic: "news", code: -32003, reason: "not allowed" },
    });
    await harness.settle();
    expect(next.text).toBe("FaultError -32003 not allowed");
    server.restart();
    await cutAndReturn();
    expect(server.subscribers("news")).toBe(0);
  });

  it("ends as lost when the client is stopped by the server", async () => {
    const client = await live();
    const next = fate(client.subscribe("news").next());
    await harness.settle();
    harness.net.last.close(4410, "kicked");
    await harness.settle();
    expect(next.text).toBe(
      "ConnectionLostError maybe=false client closed: closed with 4410: kicked",
    );
  });

  it("may be closed and opened again by its own listener", async () => {
    const client = await live();
    const seen: string[] = [];
    const follow = () => {
      const subscription = client.subscribe("news");
      subscription.onEvent((event) => {
        seen.push(show(event));
        subscription.close();
        follow();
      });
    };
    follow();
    for (const n of [1, 2, 3]) {
      await harness.settle();
      server.publish("news", n);
    }
    await harness.settle();
    expect(seen).toEqual(["k1:1=1", "k1:2=2", "k1:3=3"]);
    expect(server.subscribers("news")).toBe(1);
  });

  it.each(["", "a//b", "$inbox", "a*"])("refuses %j as a topic", (topic) => {
    const client = harness.client();
    expect(() => client.subscribe(topic)).toThrow(TypeError);
  });

  it("refuses a position that is none", () => {
    const client = harness.client();
    const since = { epoch: "", offset: -1 };
    expect(() => client.subscribe("a", { since })).toThrow("since.epoch");
  });
});

async function refused(): Promise<Client> {
  harness.net.accept = (link) => {
    link.onText = (text) => {
      const { id, method } = JSON.parse(text);
      link.say(
        method === "rpc.hello"
          ? { jsonrpc: "2.0", id, result: { session: "S1", resumed: false } }
          : { jsonrpc: "2.0", id, error: { code: -32003, message: "not you" } },
      );
    };
  };
  return await live();
}

describe("publish and history", () => {
  it("a publication has a position", async () => {
    const client = await live();
    const published = client.publish("news", { text: "x" });
    await harness.settle();
    expect(await published).toEqual({ epoch: "k1", offset: 1 });
    const history = client.history("news", { limit: 5 });
    await harness.settle();
    expect(await history).toEqual([
      { type: "item", data: { text: "x" }, position: { epoch: "k1", offset: 1 } },
    ]);
  });

  it("nothing is published as null", async () => {
    const client = await live();
    const published = client.publish("news", undefined);
    await harness.settle();
    await published;
    expect(harness.net.last.heard.at(-1)).toContain('"data":null');
  });

  it("an answer that is not understood is a fault", async () => {
    const client = await live();
    harness.net.last.onText = (text) => {
      harness.net.last.say({ jsonrpc: "2.0", id: JSON.parse(text).id, result: { epoch: 7 } });
    };
    const published = fate(client.publish("news", 1));
    await harness.settle();
    expect(published.text).toBe(
      "FaultError -32603 rpc.publish: answer not understood: epoch: expected a string",
    );
  });

  it("an event that is not understood is told and skipped; the next shows the hole", async () => {
    const client = await live();
    const seen = record(client.subscribe("news"));
    await harness.settle();
    harness.net.last.say({ jsonrpc: "2.0", method: "rpc.event", params: { topic: "news" } });
    server.publish("news", 1);
    await harness.settle();
    expect(harness.errors).toEqual([
      "rpc.event not understood: WireError: offset: expected an integer >= 1",
    ]);
    expect(seen).toEqual(["k1:1=1"]);
  });
});
