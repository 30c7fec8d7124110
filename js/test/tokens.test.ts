// Who the client is: asked, said, refused, renewed.

import { type Client, type ClientOptions, connect, type TokenSupplier } from "everwire";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Link } from "./support/fake-net.ts";
import { fate, Harness } from "./support/harness.ts";

let harness: Harness;
let asked: boolean[]; // with which flag
let failures: string[];
let errors: unknown[];

beforeEach(() => {
  harness = new Harness();
  asked = [];
  failures = [];
  errors = [];
});

afterEach(() => {
  const told = [harness.statuses, harness.errors, failures, errors, harness.net.urls];
  expect(JSON.stringify(told)).not.toContain("secret");
});

const numbered: TokenSupplier = (renew) => {
  asked.push(renew);
  return `secret${asked.length}`;
};

function options(token: ClientOptions["token"], more: ClientOptions = {}): ClientOptions {
  return {
    token,
    reconnect: (n) => n * 1_000,
    onAuthenticationFailed: ({ why, willRetry }) => failures.push(`${why}, ${willRetry}`),
    ...more,
  };
}

function start(token: ClientOptions["token"], more: ClientOptions = {}): Client {
  return harness.client(options(token, more)).start();
}

async function liveClient(more: ClientOptions): Promise<Client> {
  const client = start(numbered, more);
  await harness.welcome();
  return client;
}

async function live(token: ClientOptions["token"], more?: ClientOptions): Promise<Link> {
  start(token, more);
  return await harness.welcome();
}

/** Refuses the next request of the last connection. */
async function refuse(code: number, data?: object): Promise<void> {
  await harness.settle();
  const { id } = harness.net.last.hear();
  harness.net.last.say({ jsonrpc: "2.0", id, error: { code, message: "no", data } });
  await harness.settle();
}

async function answer(request: Record<string, unknown>, result: object): Promise<void> {
  harness.net.last.say({ jsonrpc: "2.0", id: request.id, result });
  await harness.settle();
}

function expiring(inMs: number): void {
  harness.net.last.say({ jsonrpc: "2.0", method: "$/authExpiring", params: { inMs } });
}

/** Time passes on a connection that is alive; pings are not listened to. */
async function pass(millis: number): Promise<void> {
  for (let left = millis; left > 0; left -= 5_000) {
    await harness.advance(Math.min(5_000, left));
    const { heard } = harness.net.last;
    harness.net.last.say({ jsonrpc: "2.0", method: "$/pong" });
    heard.splice(0, heard.length, ...heard.filter((text) => !text.includes("$/ping")));
  }
}

describe("a token", () => {
  it("is asked for before every dial, and said in hello", async () => {
    start(numbered);
    await harness.settle();
    expect(harness.net.last.hear().params).toMatchObject({ auth: { token: "secret1" } });
    harness.net.last.cut();
    await harness.advance(1_000);
    expect(harness.net.last.hear().params).toMatchObject({ auth: { token: "secret2" } });
    expect(asked).toEqual([false, false]);
  });

  it("is not mentioned where there is none", async () => {
    start(() => undefined);
    await harness.settle();
    expect(harness.net.last.hear().params).not.toHaveProperty("auth");
    expect(harness.net.last.socket.protocols).toEqual([]);
  });

  it("goes into an offered subprotocol where that is wanted, and not in hello", async () => {
    start("secret/ö?", { tokenPlace: "subprotocol" });
    await harness.settle();
    expect(harness.net.last.socket.protocols).toEqual([
      "everwire.v1.json",
      `everwire.bearer.${Buffer.from("secret/ö?").toString("base64url")}`,
    ]);
    expect(harness.net.last.hear().params).not.toHaveProperty("auth");
  });

  it("of a plain client goes into an offered subprotocol only", async () => {
    start("secret", { tokenPlace: "subprotocol", plain: true });
    await harness.settle();
    expect(harness.net.last.socket.protocols).toEqual(["jsonrpc2.0", "everwire.bearer.c2VjcmV0"]);
    expect(harness.net.last.heard).toEqual([]);
  });

  it.each<[ClientOptions, string]>([
    [{ token: "" }, "token: (expected: 1-65536 characters, or a function)"],
    [{ token: "secret".repeat(20_000) }, "token: (expected: 1-65536 characters, or a function)"],
    [{ authRetries: 101 }, "authRetries: 101 (expected: 0-100)"],
    [{ authTimeout: 0 }, "authTimeout: 0 (expected: > 0)"],
    [
      { token: "secret", plain: true },
      "tokenPlace: message (expected: subprotocol, where no hello is said)",
    ],
  ])("that cannot be said is refused at once: %#", (wrong, message) => {
    expect(() => harness.client(wrong)).toThrow(message);
  });

  it("tells who the client is, once it was taken", async () => {
    const client = start(numbered);
    await harness.settle();
    expect(client.user).toBeUndefined();
    await harness.welcome({ user: "ann", authExpiresIn: 3_600 });
    expect(client.user).toBe("ann");
    expect(client.tokenExpiresIn).toBe(3_600_000);
    await harness.advance(1_000);
    expect(client.tokenExpiresIn).toBe(3_599_000);
    harness.net.last.cut();
    expect(client.user).toBeUndefined();
    expect(client.tokenExpiresIn).toBeUndefined();
  });

  it("is not told by a WebSocket that quotes what it was given", async () => {
    harness.net.dials = "throw";
    const more = { tokenPlace: "subprotocol", connectWithin: 10 } as const;
    const failing = connect("ws://server/ws", harness.options(options("secret", more)));
    const seen = fate(failing);
    await harness.advance(10);
    expect(seen.text).toContain("could not be dialled");
    expect(seen.text).not.toContain("c2VjcmV0");
  });

  it("is not shown by what holds it", async () => {
    const link = await live("secret");
    expect(link.socket.url).toBe("ws://server/ws");
    const { inspect } = await import("node:util");
    const client = harness.client(options("secret"));
    expect(inspect(client, { depth: 9, showHidden: true })).not.toContain("secret");
  });
});

describe("a refusal", () => {
  it.each([
    401, 403,
  ])("with HTTP %i is answered with another token, a few times", async (status) => {
    harness.net.dials = { fail: `Unexpected server response: ${status}` };
    const client = start(numbered, { authRetries: 2 });
    await harness.advance(60_000);
    expect(asked).toEqual([false, true, true]);
    expect(client.status.kind).toBe("closed");
    const why = `refused with HTTP ${status}: Unexpected server response: ${status}`;
    expect(failures).toEqual([`${why}, true`, `${why}, true`, `${why}, false`]);
  });

  it.each([-32001, -32013, -32003])("of hello with %i is answered with another", async (code) => {
    start(numbered);
    await refuse(code);
    await harness.advance(1_000);
    expect(harness.net.last.hear().params).toMatchObject({ auth: { token: "secret2" } });
    expect(asked).toEqual([false, true]);
    expect(failures).toEqual([`hello refused: no (${code}), true`]);
  });

  it.each([4401, 4403, 4101])("by a close with %i is answered with another", async (code) => {
    await live(numbered);
    harness.net.last.close(code, "no");
    await harness.advance(1_000);
    await harness.welcome();
    expect(asked).toEqual([false, true]);

    harness.net.last.cut();
    await harness.advance(2_000);
    await harness.welcome();
    expect(asked).toEqual([false, true, false]); // the last one was good
  });

  it("of a fixed token is the end", async () => {
    const client = start("secret");
    await refuse(-32001);
    await harness.advance(60_000);
    expect(client.status).toEqual({ kind: "closed", why: "hello refused: no (-32001)" });
    expect(harness.net.dialed).toBe(1);
    expect(failures).toEqual(["hello refused: no (-32001), false"]);
  });

  it("of nobody is the end, too, and is told as what it is", async () => {
    const client = start(undefined);
    await refuse(-32001);
    expect(client.status.kind).toBe("closed");
    expect(failures).toEqual(["hello refused: no (-32001), false"]);
  });

  it("for want of a token is answered with one where a function can give it", async () => {
    start((renew) => (renew ? "secret" : undefined));
    await refuse(-32001);
    await harness.advance(1_000);
    expect(harness.net.last.hear().params).toMatchObject({ auth: { token: "secret" } });
  });

  it("that only says to come later is not about the token", async () => {
    start(numbered);
    await refuse(-32006, { retryAfterMs: 4_000 });
    await harness.advance(5_000);
    expect(harness.net.last.hear().params).toMatchObject({ auth: { token: "secret2" } });
    expect(asked).toEqual([false, false]);
    expect(failures).toEqual([]);
  });

  it("before the upgrade looks like a failed dial, so another token is asked for", async () => {
    harness.net.dials = { fail: "failed" };
    start(numbered, { tokenPlace: "subprotocol" });
    await harness.advance(1_000);
    expect(asked).toEqual([false, true]);
  });
});

describe("a function that gives tokens", () => {
  it("is asked again when it fails", async () => {
    const behaviours: TokenSupplier[] = [
      () => {
        throw new Error("vault\nis shut");
      },
      () => Promise.reject("vault"),
      () => "",
      () => 7 as unknown as string,
      () => Promise.reject(Object.create(null)),
      () => Promise.resolve("secret"),
    ];
    const client = start((renew) => behaviours[asked.push(renew) - 1]?.(renew));
    const reasons: string[] = [];
    client.onStatus(({ kind }) => reasons.push(kind));
    await harness.advance(15_000);
    expect(asked).toHaveLength(6);
    await harness.welcome();
    expect(harness.net.dialed).toBe(1);
    expect(client.status.kind).toBe("live");
  });

  it("is told of, in one line, where connecting fails by it", async () => {
    const failing = connect(
      "ws://server/ws",
      harness.options(
        options(
          () => {
            throw new Error("the vault\nis shut");
          },
          { connectWithin: 500 },
        ),
      ),
    );
    const seen = fate(failing);
    await harness.advance(500);
    expect(seen.text).toBe(
      "ConnectFailedError  ws://server/ws: not connected within 500 ms: no token: the vault is shut",
    );
  });

  it("is not waited for without end, nor asked twice at once, nor heard too late", async () => {
    const gates: ((token: string) => void)[] = [];
    start((renew) => {
      asked.push(renew);
      return new Promise((resolve) => gates.push(resolve));
    });
    await harness.advance(9_999);
    expect(harness.news).toEqual(["connecting 1"]);
    await harness.advance(1);
    expect(harness.news).toEqual(["waiting 1000"]);
    await harness.advance(1_000);
    expect(harness.news).toEqual(["connecting 2", "waiting 2000"]);
    expect(asked).toHaveLength(1);
    gates[0]?.("secret-late");
    await harness.settle();
    expect(harness.net.dialed).toBe(0);
    await harness.advance(2_000);
    gates[1]?.("secret-now");
    await harness.settle();
    expect(harness.net.last.hear().params).toMatchObject({ auth: { token: "secret-now" } });
  });

  it("is not waited for by a client that is closed", async () => {
    const client = start(() => new Promise(() => undefined));
    await harness.close(client);
    expect(client.status.kind).toBe("closed");
    expect(harness.time.pending).toBe(0);
  });
});

describe("on the living connection", () => {
  it("the token is renewed before it expires", async () => {
    const client = start(numbered);
    await harness.welcome({ authExpiresIn: 20, user: "ann" });
    await pass(17_999);
    expect(asked).toEqual([false]);
    await pass(1);
    const request = harness.net.last.hear();
    expect(request).toMatchObject({ method: "rpc.auth", params: { token: "secret2" } });
    await answer(request, { user: "ann", authExpiresIn: 10 });
    expect(client.tokenExpiresIn).toBe(10_000);
    await pass(9_000);
    await answer(harness.net.last.hear(), { user: "bob" });
    expect(client.user).toBe("bob");
    expect(client.tokenExpiresIn).toBeUndefined();
    await pass(120_000);
    expect(harness.net.last.heard).toEqual([]);
    expect(asked).toEqual([false, true, true]);
    expect(harness.net.dialed).toBe(1);
    expect(failures).toEqual([]);
  });

  it("at most a minute before its end, however long it lasts", async () => {
    start(numbered);
    await harness.welcome({ authExpiresIn: 3_600 });
    await pass(3_539_999);
    expect(asked).toEqual([false]);
    await pass(1);
    expect(asked).toEqual([false, true]);
  });

  it("a token that lasts for months is renewed when it ends, not when a timer does", async () => {
    start(numbered, { random: () => 1, authRetries: 0 });
    await harness.welcome({
      authExpiresIn: 60 * 86_400,
      heartbeat: { interval: 86_400_000, timeout: 86_400_000 },
    });
    for (let day = 0; day < 59; day++) {
      await harness.advance(86_400_000);
      harness.net.last.say({ jsonrpc: "2.0", method: "$/pong" });
      expect(asked).toEqual([false]);
    }
    await harness.advance(86_400_000);
    expect(asked).toEqual([false, true]);
  });

  it("the server may ask for it, but not more often than every few seconds", async () => {
    await live(numbered);
    for (let i = 0; i < 100; i++) expiring(0);
    await harness.advance(200);
    await answer(harness.net.last.hear(), { authExpiresIn: 1 });
    for (let i = 0; i < 100; i++) expiring(0);
    await harness.advance(4_700);
    expect(asked).toHaveLength(2);
    await harness.advance(200);
    expect(asked).toHaveLength(3);
  });

  it("what the server says before a token ends does not put its renewal off", async () => {
    start(numbered);
    await harness.welcome({ authExpiresIn: 40 });
    await pass(20_000);
    expiring(20_000);
    await pass(16_000);
    expect(asked).toEqual([false, true]);
  });

  it("a refused renewal is tried again a few times, and ends nothing", async () => {
    const client = await liveClient({ authRetries: 1 });
    expiring(0);
    await harness.advance(100);
    await refuse(-32001);
    await pass(5_000);
    await refuse(-32001);
    await pass(60_000);
    expect(asked).toHaveLength(3);
    expect(failures).toEqual(["no (-32001), true", "no (-32001), false"]);
    expect(client.status.kind).toBe("live");
  });

  it("a server that cannot judge it now is given the time it asks for", async () => {
    await live(numbered);
    expiring(0);
    await harness.advance(100);
    await refuse(-32006, { retryAfterMs: 12_000 });
    await pass(11_900);
    expect(asked).toHaveLength(2);
    await pass(200);
    expect(asked).toHaveLength(3);
  });

  it("a renewal that is not answered is tried again, one that is not known is not", async () => {
    await live(numbered);
    expiring(0);
    await harness.advance(100);
    expect(harness.net.last.hear()).toMatchObject({ method: "rpc.auth" });
    await pass(15_000);
    expect(failures).toEqual(["not answered, true"]);
    harness.net.last.heard.splice(0, 1); // that the first one is not waited for
    await refuse(-32601);
    await pass(60_000);
    expect(asked).toHaveLength(3);
    expect(failures).toHaveLength(1);
  });

  it("a function that does not come back is given up, and the connection goes on", async () => {
    const client = start((renew) => (renew ? new Promise(() => undefined) : "secret"), {
      authRetries: 0,
    });
    await harness.welcome();
    expiring(0);
    await pass(10_000);
    expect(failures).toEqual(["no token in time, false"]);
    expect(client.status.kind).toBe("live");
  });

  it("a function that has none does not stop the connection either", async () => {
    const client = start((renew) => (renew ? undefined : "secret"), { authRetries: 0 });
    await harness.welcome();
    expiring(0);
    await harness.advance(100);
    expect(failures).toEqual(["no token, false"]);
    expect(client.status.kind).toBe("live");
    expect(harness.net.last.heard).toEqual([]);
  });

  it("who signs in later shows a token when it has one", async () => {
    let token: string | undefined;
    const client = start(() => token);
    client.authenticate(); // there is no connection to show it on
    await harness.welcome();
    expect(client.user).toBeUndefined();
    token = "secret";
    client.authenticate();
    await harness.advance(1);
    await answer(harness.net.last.hear(), { user: "ann", authExpiresIn: 60 });
    expect(client.user).toBe("ann");
    expect(client.tokenExpiresIn).toBe(60_000);
    expect(harness.net.dialed).toBe(1);
  });

  it("a fixed token is not renewed", async () => {
    await live("secret");
    expiring(0);
    await pass(20_000);
    expect(harness.net.last.heard).toEqual([]);
  });

  it("what the server says of the token's end is believed, and not before hello", async () => {
    const client = start(numbered);
    await harness.settle();
    expiring(0);
    await harness.advance(1);
    expect(asked).toEqual([false]);
    await harness.welcome();
    expiring(60_000);
    await harness.settle();
    expect(client.tokenExpiresIn).toBe(60_000);
  });

  it("an answer on a former connection is nothing to the next", async () => {
    await live(numbered);
    expiring(0);
    await harness.advance(100);
    harness.net.last.cut();
    await harness.advance(1_000);
    await harness.welcome();
    await pass(60_000);
    expect(asked).toEqual([false, true, false]);
    expect(failures).toEqual([]);
  });

  it("a renewal that was planned is not made on the next connection, nor after the end", async () => {
    const client = start(numbered);
    await harness.welcome({ authExpiresIn: 40 });
    harness.net.last.cut();
    await harness.advance(1_000);
    await harness.welcome();
    await pass(60_000);
    expect(asked).toEqual([false, false]);
    expiring(20_000);
    await harness.settle();
    await harness.close(client);
    expect(harness.time.pending).toBe(0);
  });

  it("a notice that cannot be read is told to the developer only", async () => {
    await live(numbered);
    expiring("soon" as unknown as number);
    await harness.settle();
    expect(harness.errors).toEqual([
      expect.stringContaining(
        "$/authExpiring not understood: WireError: inMs: expected an integer",
      ),
    ]);
  });
});
