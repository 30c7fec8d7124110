// The client on real sockets: the WebSocket of the package "ws", real time, a server of a few lines.

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type Client, ConnectFailedError, connect, fixed } from "everwire";
import { afterEach, beforeEach, expect, it } from "vitest";
import WebSocket, { WebSocketServer } from "ws";

let server: WebSocketServer;
let client: Client | undefined;
let refuse = false;

beforeEach(async () => {
  refuse = false;
  server = new WebSocketServer({
    port: 0,
    host: "127.0.0.1",
    verifyClient: () => !refuse,
  });
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const { id, method, params } = JSON.parse(String(data));
      const answer =
        method === "echo"
          ? { result: params }
          : { error: { code: -32601, message: "Method not found" } };
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
    });
  });
  await once(server, "listening");
});

afterEach(async () => {
  await client?.close();
  for (const socket of server.clients) {
    socket.terminate();
  }
  await new Promise((resolve) => server.close(resolve));
});

function url(): string {
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
}

it("calls a plain JSON-RPC server", async () => {
  client = await connect(url(), { webSocket: WebSocket });
  expect(client.sessionId).toBeUndefined();
  expect(await client.call("echo", ["größe 😀"])).toEqual(["größe 😀"]);
});

it("is told the HTTP status, and stops", async () => {
  refuse = true;
  const failure = await connect(url(), { webSocket: WebSocket }).catch((e: unknown) => e);
  expect(failure).toBeInstanceOf(ConnectFailedError);
  expect(failure).toMatchObject({ httpStatus: 401 });
});

it("comes back after the server has thrown it out", async () => {
  const seen: string[] = [];
  const again = new Promise<void>((resolve) => {
    void connect(url(), {
      webSocket: WebSocket,
      reconnect: fixed(1),
      onStatus: ({ kind }) => {
        seen.push(kind);
        if (seen.filter((status) => status === "live").length === 2) resolve();
      },
    }).then((connected) => {
      client = connected;
      for (const socket of server.clients) socket.close(1012, "restart");
    });
  });
  await again;
  expect(seen).toEqual(["connecting", "live", "waiting", "connecting", "live"]);
});

it("gives up while it dials, and leaves nothing behind", async () => {
  const dialing = connect(url(), { webSocket: WebSocket, connectWithin: 0.001 });
  await expect(dialing).rejects.toThrow(ConnectFailedError);
});

it("ends a peer that does not answer the farewell", async () => {
  client = await connect(url(), { webSocket: WebSocket });
  for (const socket of server.clients) socket.pause();
  await client.close();
  expect(client.status.kind).toBe("closed");
});
