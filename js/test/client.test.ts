// The life of a client, in memory: dialling, greeting, coming back, closing.

import { Client, connect, exponential } from "everwire";
import { beforeEach, describe, expect, it } from "vitest";
import { fate, Harness, WELCOME } from "./support/harness.ts";

let harness: Harness;

beforeEach(() => {
  harness = new Harness();
});

describe("life", () => {
  it("says hello, and is live with its answer", async () => {
    const client = harness.client({ name: "shop", version: "3" }).start();
    expect(client.status).toEqual({ kind: "connecting", attempt: 1 });
    await harness.settle();
    expect(harness.net.last.hear()).toEqual({
      jsonrpc: "2.0",
      id: "h",
      method: "rpc.hello",
      params: {
        v: 1,
        client: { name: "shop", version: "3" },
        caps: ["batch", "server-calls", "meta", "stream"],
        limits: { frame: 16_777_216 },
      },
    });
    expect(client.sessionId).toBeUndefined();
    harness.net.last.say(WELCOME);
    await harness.settle();
    expect(client.sessionId).toBe("S1");
    expect(client.status).toEqual({ kind: "live", resumed: false });
    expect(harness.news).toEqual(["connecting 1", "live"]);
  });

  it("goes on as a plain peer where hello is not known", async () => {
    const client = harness.client().start();
    await harness.settle();
    const link = harness.net.last;
    link.hear();
    link.say({ jsonrpc: "2.0", id: "h", error: { code: -32601, message: "?" } });
    await harness.settle();
    expect(client.status.kind).toBe("live");
    expect(client.sessionId).toBeUndefined();
    await harness.advance(120_000);
    expect(link.heard).toEqual([]); // no ping, which a plain peer would not know
  });

  it("says no hello when it is to be plain", async () => {
    const client = harness.client({ plain: true }).start();
    await harness.settle();
    expect(client.status.kind).toBe("live");
    expect(harness.net.last.heard).toEqual([]);
  });

  it("takes a hello that is not answered for a dead connection", async () => {
    harness.client().start();
    await harness.advance(10_000);
    expect(harness.net.last.closes).toEqual([4408]);
    expect(harness.news).toEqual(["connecting 1", "waiting 1000"]);
  });

  it("takes an answer to hello that it cannot read for a refusal that may pass", async () => {
    harness.client().start();
    await harness.settle();
    harness.net.last.say({ jsonrpc: "2.0", id: "h", result: { session: 7 } });
    await harness.settle();
    expect(harness.news).toEqual(["connecting 1", "waiting 1000"]);
  });

  it("dials again after a cut, counting attempts until it was stable", async () => {
    await harness.live({ reconnect: exponential(), random: () => 0.5 });
    harness.net.last.cut();
    await harness.advance(500);
    await harness.welcome();
    harness.net.last.cut();
    await harness.advance(1_000);
    const link = await harness.welcome();
    await harness.advance(12_000);
    link.say({ jsonrpc: "2.0", method: "$/pong" });
    await harness.advance(18_000);
    link.cut();
    await harness.settle();
    expect(harness.news).toEqual([
      "connecting 1",
      "live",
      "waiting 500",
      "connecting 2",
      "live",
      "waiting 1000",
      "connecting 3",
      "live",
      "waiting 500",
    ]);
  });

  it("gives a dial up after its time", async () => {
    harness.net.dials = "hang";
    harness.client({ dialTimeout: 3_000 }).start();
    await harness.advance(3_000);
    expect(harness.news).toEqual(["connecting 1", "waiting 1000"]);
    expect(harness.net.dialed).toBe(1);
    harness.net.dials = "accept";
    await harness.advance(1_000);
    await harness.welcome();
    expect(harness.news).toEqual(["connecting 2", "live"]);
  });

  it("goes on for ever while dials fail", async () => {
    harness.net.dials = { fail: "ECONNREFUSED" };
    harness.client().start();
    await harness.advance(3_600_000);
    expect(harness.net.dialed).toBe(3_601);
  });

  it("stops where the close code says so", async () => {
    const client = await harness.live();
    harness.net.last.close(4403, "not you");
    await harness.settle();
    expect(client.status).toEqual({ kind: "closed", why: "closed with 4403: not you" });
    await harness.advance(1_000_000);
    expect(harness.net.dialed).toBe(1);
    expect(harness.time.pending).toBe(0);
  });

  it("dials at once when the network is back", async () => {
    const client = harness.client({ reconnect: () => 60_000 }).start();
    await harness.welcome();
    harness.net.last.cut();
    await harness.advance(10);
    harness.network.dispatchEvent(new Event("online"));
    await harness.welcome();
    expect(client.status.kind).toBe("live");
  });

  it("asks a link that seems to live when the network is back", async () => {
    await harness.live({ random: () => 1 });
    const link = harness.net.last;
    link.silent = true;
    await harness.advance(1_000);
    harness.network.dispatchEvent(new Event("online"));
    await harness.advance(9_999);
    expect(harness.news).toEqual(["connecting 1", "live"]);
    await harness.advance(1);
    expect(harness.news).toEqual(["waiting 1000"]);
  });

  it("finds a silent link within 35 s, and does not wait for its farewell", async () => {
    const client = await harness.live({ random: () => 1 });
    harness.net.last.silent = true;
    await harness.advance(34_999);
    expect(client.status.kind).toBe("live");
    await harness.advance(1);
    expect(client.status.kind).toBe("waiting");
    expect(harness.net.last.closes).toEqual([4001]);
    await harness.advance(1_000);
    await harness.welcome();
    expect(client.status.kind).toBe("live");
  });

  it("a binary message ends it with 4400", async () => {
    const client = await harness.live();
    harness.net.last.sayBinary();
    await harness.settle();
    expect(harness.net.last.closes).toEqual([4400]);
    expect(client.status.kind).toBe("closed");
  });

  it("a message beyond the limit ends it", async () => {
    const client = await harness.live({ limits: { maxMessageLength: 1_000 } });
    harness.net.last.say(`"${"x".repeat(1_000)}"`);
    await harness.settle();
    expect(client.status).toEqual({ kind: "closed", why: "closed with 1009: message too large" });
  });

  it("a listener that throws disturbs nobody", async () => {
    const client = harness.client();
    client.onStatus(() => {
      throw new Error("mine");
    });
    const remove = client.onStatus((status) => harness.statuses.push(`2 ${status.kind}`));
    client.start();
    await harness.welcome();
    remove();
    await harness.close(client);
    expect(harness.news).toEqual([
      "connecting 1",
      "2 connecting",
      "live",
      "2 live",
      "closed: closed by this client",
    ]);
    expect(harness.errors).toHaveLength(3);
  });
});

describe("an explicit close", () => {
  it("wins before anything has begun", async () => {
    const client = harness.client();
    await harness.close(client);
    client.start();
    await harness.advance(100_000);
    expect(harness.net.dialed).toBe(0);
    expect(harness.news).toEqual(["closed: closed by this client"]);
  });

  it("wins while dialing", async () => {
    harness.net.dials = "hang";
    const client = harness.client().start();
    await harness.settle();
    const closed = client.close();
    await harness.advance(500);
    await closed;
    expect(harness.time.pending).toBe(0);
    expect(harness.news).toEqual(["connecting 1", "closed: closed by this client"]);
  });

  it("wins over a dial that comes through that very moment", async () => {
    const client = harness.client().start();
    void client.close();
    await harness.advance(100_000);
    expect(client.status.kind).toBe("closed");
    expect(harness.net.links).toHaveLength(0);
  });

  it("wins while greeting", async () => {
    const client = harness.client().start();
    await harness.settle();
    harness.net.last.say(WELCOME);
    await harness.close(client);
    expect(harness.net.last.closes).toEqual([1000]);
    expect(harness.news).toEqual(["connecting 1", "closed: closed by this client"]);
  });

  it("wins while live, and everything that waits ends", async () => {
    const client = await harness.live();
    const call = fate(client.call("slow"));
    const subscription = client.subscribe("news");
    const next = fate(subscription.next());
    await harness.settle();
    const closed = client.close();
    await harness.settle();
    await closed;
    expect(call.text).toBe("ConnectionLostError maybe=true closed by this client");
    expect(next.text).toBe('= {"done":true}');
    expect(fate(client.subscribe("news").next())).toBeDefined();
    expect(harness.net.last.closes).toEqual([1000]);
    expect(harness.time.pending).toBe(0);
  });

  it("wins during back-off", async () => {
    const client = await harness.live();
    harness.net.last.cut();
    await harness.advance(500);
    await harness.close(client);
    await harness.advance(100_000);
    expect(harness.net.dialed).toBe(1);
    expect(harness.time.pending).toBe(0);
    expect(harness.news).toEqual([
      "connecting 1",
      "live",
      "waiting 1000",
      "closed: closed by this client",
    ]);
    harness.network.dispatchEvent(new Event("online"));
    await harness.settle();
    expect(harness.net.dialed).toBe(1);
  });

  it("does not wait for a peer that does not answer the farewell", async () => {
    const client = await harness.live();
    harness.net.last.silent = true;
    let done = false;
    void client.close().then(() => {
      done = true;
    });
    await harness.advance(499);
    expect(done).toBe(false);
    await harness.advance(1);
    expect(done).toBe(true);
  });

  it("is the same the second time", async () => {
    const client = await harness.live();
    await Promise.all([harness.close(client), harness.close(client)]);
    await harness.close(client);
    expect(client.notify("a")).toBe("closed");
    const call = fate(client.call("a"));
    const publish = fate(client.publish("a", 1));
    const next = fate(client.subscribe("news").next());
    await harness.settle();
    expect(call.text).toBe("ConnectionLostError maybe=false client closed");
    expect(publish.text).toBe(call.text);
    expect(next.text).toBe('= {"done":true}');
  });

  it("may come from a status listener", async () => {
    const client = harness.client();
    client.onStatus((status) => {
      if (status.kind === "waiting") void client.close();
    });
    harness.net.dials = { fail: "no" };
    client.start();
    await harness.advance(10_000);
    expect(harness.net.dialed).toBe(1);
    expect(client.status.kind).toBe("closed");
  });
});

describe("connect", () => {
  it("waits for the first live connection, through failed dials", async () => {
    harness.net.dials = { fail: "no" };
    const connecting = connect("ws://server/ws", harness.options());
    await harness.advance(2_500);
    harness.net.dials = "accept";
    await harness.advance(1_000);
    await harness.welcome();
    expect((await connecting).status.kind).toBe("live");
  });

  it("gives up after its time, and says why", async () => {
    harness.net.dials = { fail: "connection refused" };
    const connecting = fate(
      connect("ws://server/ws?token=secret", harness.options({ connectWithin: 5_000 })),
    );
    await harness.advance(5_000);
    expect(connecting.text).toBe(
      "ConnectFailedError  ws://server/ws: not connected within 5000 ms: connection refused",
    );
    expect(harness.time.pending).toBe(0);
  });

  it("fails at once where the server refuses for good", async () => {
    harness.net.dials = { fail: "Unexpected server response: 403" };
    const connecting = connect("ws://server/ws", harness.options());
    const failed = expect(connecting).rejects.toMatchObject({ httpStatus: 403 });
    await harness.settle();
    await failed;
    expect(harness.net.dialed).toBe(1);
  });

  it.each([
    ["nonsense", "url: nonsense (expected: a URL such as wss://example.org/ws)"],
    ["ftp://server", "url: ftp: (expected: ws:, wss:, http: or https:)"],
  ])("refuses %s as an address", (url, message) => {
    expect(() => new Client(url, harness.options())).toThrow(message);
  });

  it("says what it needs where the platform has no WebSocket", () => {
    const options = harness.options({ webSocket: undefined });
    if ("WebSocket" in globalThis) return;
    expect(() => new Client("ws://server", options)).toThrow(/webSocket: not given/);
  });
});
