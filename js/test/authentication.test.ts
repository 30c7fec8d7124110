// Against the real server, which asks who one is.

import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Alert,
  type AuthenticationFailed,
  type Client,
  type ClientOptions,
  connect,
  fixed,
} from "everwire";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { kill, type Running, START_WITHIN, serve, why } from "./support/server.ts";

const secret = randomBytes(32).toString("hex");
const refusals: AuthenticationFailed[] = [];
let folder: string;
let server: Running;
let client: Client | undefined;

/** A signed token that is good for so many seconds. */
function token(user: string, seconds = 3_600, key = secret): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1_000) + seconds;
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: user, exp, roles: ["admin"] })}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

function options(more: ClientOptions): ClientOptions {
  return {
    webSocket: WebSocket,
    reconnect: fixed(10),
    onAuthenticationFailed: (failed) => refusals.push(failed),
    ...more,
  };
}

const url = () => `ws://127.0.0.1:${server.port}/ws`;

async function open(more: ClientOptions): Promise<Client> {
  client = await connect(url(), options(more));
  return client;
}

describe.skipIf(why !== undefined)("a server that asks who one is", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "everwire-"));
    writeFileSync(join(folder, "secret"), secret, { mode: 0o600 });
    const config = join(folder, "everwire.yaml");
    const jwt = {
      clockSkew: "0s",
      issuers: ["*"],
      audiences: ["*"],
      keys: [{ secret: { file: join(folder, "secret") }, algorithms: ["hs256"] }],
    };
    writeFileSync(
      config,
      JSON.stringify({
        auth: { anonymous: false, grace: "0s", jwt },
        admin: { open: false, roles: ["admin"] },
        topics: [{ pattern: "**", publishable: true }],
      }),
    );
    server = await serve(0, "--config", config);
  }, START_WITHIN);

  afterEach(async () => {
    await client?.close();
    client = undefined;
    refusals.splice(0);
  });

  afterAll(async () => {
    await kill(server);
    rmSync(folder, { recursive: true });
  });

  it("lets nobody in without a token", async () => {
    await expect(open({})).rejects.toThrow("hello refused: not authenticated (-32001)");
    expect(refusals).toEqual([expect.objectContaining({ willRetry: false })]);
  });

  it.each(["message", "subprotocol"] as const)("takes a token in the %s", async (tokenPlace) => {
    const live = await open({ token: token("ann"), tokenPlace });
    expect(live.user).toBe("ann");
    expect(live.tokenExpiresIn).toBeGreaterThan(3_000_000);
    expect(await live.call("add", [2, 3])).toBe(5);
  });

  it("refuses a forged one, and takes the good one that the function gives then", async () => {
    const asked: boolean[] = [];
    const forged = token("ann", 3_600, randomBytes(32).toString("hex"));
    const { user } = await open({
      token: (renew) => {
        asked.push(renew);
        return renew ? token("ann") : forged;
      },
    });
    expect(asked).toEqual([false, true]);
    expect(user).toBe("ann");
    expect(refusals).toEqual([{ why: expect.stringContaining("(-32001)"), willRetry: true }]);
  });

  it("says of a token that has ended that it has, before anything else", async () => {
    await expect(open({ token: token("ann", -60) })).rejects.toThrow("(-32013)");
  });

  it("goes on with the same session when a new token is shown in time", async () => {
    const ends = Date.now() + 4_000;
    const live = await open({ token: (renew) => token("ann", renew ? 3_600 : 4) });
    const { sessionId } = live;
    live.authenticate();
    await expect.poll(() => live.tokenExpiresIn).toBeGreaterThan(60_000);
    await expect.poll(() => Date.now() - ends, { timeout: 10_000 }).toBeGreaterThan(1_000);
    expect(await live.call("add", [2, 3])).toBe(5);
    expect(live.sessionId).toBe(sessionId);
    expect(refusals).toEqual([]);
  });

  it("ends a connection whose token is not renewed, and a client that has no other", async () => {
    const live = await open({ token: token("ann", 2) });
    await expect
      .poll(() => live.status, { timeout: 10_000 })
      .toMatchObject({
        kind: "closed",
        why: expect.stringContaining("4101"),
      });
  });

  it("takes who comes back after that with another one", async () => {
    const live = await open({ token: (renew) => token(renew ? "bob" : "ann", renew ? 60 : 2) });
    await expect.poll(() => live.user, { timeout: 10_000 }).toBe("bob");
    expect(live.status.kind).toBe("live");
  });

  it("passes on what an administrator has to say", async () => {
    const alerts: Alert[] = [];
    const live = await open({ token: token("ann"), onAlert: (alert) => alerts.push(alert) });
    const said = { text: "Restart at ten.", severity: "warning", data: { minutes: 5 } };
    await live.call("rpc.admin.alert", said);
    await expect
      .poll(() => alerts)
      .toEqual([{ severity: "warning", message: said.text, data: said.data }]);
  });
});
