// JSON-RPC libraries over WebSockets. Each gives one end of a connection the same face:
// call(method, params) -> { answer, cancel }, notify(method, params), cut(), close(), received.
import jsonrpc from "json-rpc-2.0";
import { Client as RpcWebsocketsClient, Server as RpcWebsocketsServer } from "rpc-websockets";
import vscode from "vscode-jsonrpc/node";
import WebSocket, { WebSocketServer } from "ws";
import { agreed, Refusal } from "./rpc-agreed.mjs";

const MOST = 16 * 1024 * 1024;

/** @returns what a caller is told of a rejection: the error of the peer, or that the link is gone */
function failure(error, open) {
  return open && typeof error?.code === "number"
    ? new Refusal(error.code, error.message, error.data)
    : new Error(`lost: ${error?.message}`);
}

// ---- json-rpc-2.0

/**
 * @param binary whether JSON goes and comes in binary frames; those of the other kind are not heard
 */
function jsonRpc2(socket, { ids, binary = false } = {}) {
  const left = ids && [...ids];
  const peer = new jsonrpc.JSONRPCServerAndClient(
    new jsonrpc.JSONRPCServer({ errorListener() {} }), // errors are part of the test
    new jsonrpc.JSONRPCClient(
      (payload) => socket.send(JSON.stringify(payload), { binary }),
      left && (() => left.shift()),
    ),
  );
  let open = true;
  const side = {
    received: 0,
    call: (method, params) => ({
      answer: peer.request(method, params).catch((error) => Promise.reject(failure(error, open))),
    }),
    notify: (method, params) => peer.notify(method, params),
    batch: (requests) => peer.requestAdvanced(requests),
    cut: () => socket.terminate(),
    close: (code) => socket.close(code),
  };
  for (const [name, method] of Object.entries(agreed)) {
    peer.addMethod(name, async (params) => {
      try {
        return await method(params, side);
      } catch ({ code, message, data }) {
        throw new jsonrpc.JSONRPCErrorException(message, code, data);
      }
    });
  }
  socket.on("message", (text, inBinary) => {
    side.received++;
    if (inBinary === binary) {
      peer.receiveAndSend(JSON.parse(text));
    }
  });
  socket.on("close", () => {
    open = false;
    peer.rejectAllPendingRequests("closed");
  });
  return side;
}

// ---- vscode-jsonrpc, which speaks through a reader and a writer of messages

class Reader extends vscode.AbstractMessageReader {
  constructor(socket) {
    super();
    this.socket = socket;
  }

  listen(callback) {
    this.socket.on("message", (text) => callback(JSON.parse(text)));
    this.socket.on("error", (error) => this.fireError(error));
    this.socket.on("close", () => this.fireClose());
    return { dispose() {} };
  }
}

class Writer extends vscode.AbstractMessageWriter {
  constructor(socket) {
    super();
    this.socket = socket;
  }

  write(message) {
    return new Promise((resolve, reject) => {
      this.socket.send(JSON.stringify(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  end() {
    this.socket.close();
  }
}

function vscodeJsonRpc(socket) {
  const log = (line) => console.error(line);
  const connection = vscode.createMessageConnection(new Reader(socket), new Writer(socket), {
    error: log,
    warn: log,
    info: log,
    log,
  });
  let open = true;
  const spread = (params) => {
    if (params === undefined) {
      return [];
    }
    return Array.isArray(params)
      ? [vscode.ParameterStructures.byPosition, ...params]
      : [vscode.ParameterStructures.byName, params];
  };
  const side = {
    received: 0,
    call(method, params) {
      const cancellation = new vscode.CancellationTokenSource();
      const answer = connection.sendRequest(method, ...spread(params), cancellation.token);
      return {
        answer: answer.catch((error) => Promise.reject(failure(error, open))),
        cancel: () => cancellation.cancel(),
      };
    },
    notify(method, params) {
      connection.sendNotification(method, ...spread(params)).catch(log);
    },
    progress: (token, ear) => connection.onProgress(new vscode.ProgressType(), token, ear),
    cut: () => socket.terminate(),
    close: (code) => socket.close(code),
  };
  socket.on("message", () => side.received++);
  connection.onRequest(async (method, params, token) => {
    if (!agreed[method]) {
      return new vscode.ResponseError(vscode.ErrorCodes.MethodNotFound, `no ${method}`);
    }
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    try {
      return await agreed[method](params, side, stop.signal);
    } catch ({ code, message, data }) {
      return new vscode.ResponseError(code, message, data);
    }
  });
  connection.onNotification((method, params) => agreed[method]?.(params, side));
  connection.onClose(() => {
    open = false;
    connection.dispose();
  });
  connection.listen();
  return side;
}

// ---- rpc-websockets, whose two ends differ and bring their own sockets

function rpcWebsocketsClient(uri, { ids, ...options }, heard) {
  const left = ids && [...ids];
  const client = new RpcWebsocketsClient(
    uri,
    { reconnect: false, ...options },
    left && (() => left.shift()),
  );
  const side = {
    received: 0,
    call: (method, params) => ({
      answer: client.call(method, params).catch((error) => {
        throw failure(error, true);
      }),
    }),
    notify: (method, params) => client.notify(method, params),
    use: (what, given) => client[what](...given),
    listen: (name, ear) => client.on(name, (...given) => ear(given)),
    cut: () => client.socket.terminate(),
    close: (code) => client.close(code),
  };
  client.on("note", (params) => agreed.note(params));
  client.on("error", ({ message }) => console.error(message));
  client.on("open", () => {
    client.socket.addEventListener("message", () => side.received++);
    heard.open();
  });
  client.on("close", (code, reason) => heard.closed(code, reason));
  return side;
}

async function rpcWebsocketsServer() {
  const server = new RpcWebsocketsServer({ host: "127.0.0.1", port: 0, maxPayload: MOST });
  for (const [name, method] of Object.entries(agreed)) {
    server.register(name, (params) => method(params, null), "/rpc");
  }
  server.register("silent", () => {}, "/rpc");
  server.on("socket-error", (socket, { message }) => console.error(message));
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    port: server.wss.address().port,
    cut() {
      for (const socket of server.wss.clients) {
        socket.terminate();
      }
    },
    stop() {
      this.cut();
      server.close();
    },
  };
}

// ---- the others, over ws

function connectWith(attach) {
  return (uri, options, heard) => {
    const socket = new WebSocket(uri, options.protocols ?? [], { maxPayload: MOST });
    const side = attach(socket, options);
    socket.on("open", () => heard.open(socket.protocol));
    socket.on("error", ({ message }) => console.error(message));
    socket.on("close", (code, reason) => heard.closed(code, reason.toString()));
    return side;
  };
}

function serveWith(attach) {
  return async (options, heard) => {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, maxPayload: MOST });
    server.on("connection", (socket) => {
      socket.on("error", ({ message }) => console.error(message));
      heard.connected(attach(socket, options));
    });
    await new Promise((resolve) => server.once("listening", resolve));
    return {
      port: server.address().port,
      cut() {
        for (const socket of server.clients) {
          socket.terminate();
        }
      },
      stop() {
        this.cut();
        server.close();
      },
    };
  };
}

export const libraries = {
  "json-rpc-2.0": { connect: connectWith(jsonRpc2), serve: serveWith(jsonRpc2) },
  "vscode-jsonrpc": { connect: connectWith(vscodeJsonRpc), serve: serveWith(vscodeJsonRpc) },
  "rpc-websockets": { connect: rpcWebsocketsClient, serve: rpcWebsocketsServer },
};
