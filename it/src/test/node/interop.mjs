// Opens and accepts WebSocket connections as told, by one JSON object per line: orders on standard
// input, what is heard on standard output. Usage: node interop.mjs ws|undici
import { readFileSync } from "node:fs";
import https from "node:https";
import readline from "node:readline";
import * as undici from "undici";
import WebSocket, { WebSocketServer } from "ws";

const MOST = 128 * 1024 * 1024;
const links = new Map();
const servers = new Map();

function say(link, heard, more = {}) {
  process.stdout.write(`${JSON.stringify({ link, heard, ...more })}\n`);
}

/** What ws calls the ways to compress. */
const DEFLATE = {
  off: false,
  plain: { threshold: 0 },
  "no-takeover": {
    threshold: 0,
    serverNoContextTakeover: true,
    clientNoContextTakeover: true,
  },
  "small-window": { threshold: 0, serverMaxWindowBits: 9, clientMaxWindowBits: 10 },
};

const clients = {
  ws({ link, uri, headers, deflate, trust }) {
    const socket = new WebSocket(uri, {
      headers,
      perMessageDeflate: DEFLATE[deflate],
      maxPayload: MOST,
      ca: trust && readFileSync(trust),
    });
    let open = false;
    let status = 0;
    socket.on("open", () => {
      open = true;
      say(link, "open", { extensions: socket.extensions });
    });
    socket.on("unexpected-response", (_, response) => {
      status = response.statusCode;
      socket.terminate();
    });
    socket.on("message", (data, binary) => {
      if (binary) {
        say(link, "binary", { base64: data.toString("base64") });
      } else {
        say(link, "text", { text: data.toString() });
      }
    });
    socket.on("pong", (data) => say(link, "pong", { base64: data.toString("base64") }));
    socket.on("error", (error) => console.error(`${link}: ${error.message}`));
    socket.on("close", (code, reason) => {
      if (open) {
        say(link, "closed", { code, reason: reason.toString() });
      } else {
        say(link, "refused", { status });
      }
    });
    return socket;
  },

  undici({ link, uri, headers, trust }) {
    const socket = new undici.WebSocket(uri, {
      headers,
      dispatcher: new undici.Agent({ connect: { ca: trust && readFileSync(trust) } }),
    });
    socket.binaryType = "arraybuffer";
    let open = false;
    socket.addEventListener("open", () => {
      open = true;
      say(link, "open", { extensions: socket.extensions });
    });
    socket.addEventListener("message", ({ data }) => {
      if (typeof data === "string") {
        say(link, "text", { text: data });
      } else {
        say(link, "binary", { base64: Buffer.from(data).toString("base64") });
      }
    });
    socket.addEventListener("error", (event) => console.error(`${link}: ${event.message}`));
    socket.addEventListener("close", ({ code, reason }) => {
      if (open) {
        say(link, "closed", { code, reason });
      } else {
        say(link, "refused", { status: 0 });
      }
    });
    return socket;
  },
};

/** Echoes, and does what a text that begins with "!" says. */
async function serve({ link, deflate, cert, key }) {
  const secure = cert && https.createServer({ cert: readFileSync(cert), key: readFileSync(key) });
  const server = new WebSocketServer({
    ...(secure ? { server: secure } : { host: "127.0.0.1", port: 0 }),
    perMessageDeflate: DEFLATE[deflate],
    maxPayload: MOST,
  });
  server.on("connection", (socket) => {
    socket.on("error", (error) => console.error(`served: ${error.message}`));
    socket.on("pong", (data) => socket.send(`pong ${data}`));
    socket.on("message", (data, binary) => {
      switch (binary ? "" : data.toString()) {
        case "!fragments":
          for (const part of ["gr", "ü", "", "n"]) {
            socket.send(part, { fin: false });
          }
          socket.send("\u{1F600}", { fin: true });
          break;
        case "!ping":
          socket.ping("beat");
          break;
        case "!close":
          socket.close(4001, "tschüß");
          break;
        case "!cut":
          socket.terminate();
          break;
        case "!extensions":
          socket.send(socket.extensions);
          break;
        default:
          socket.send(data, { binary });
      }
    });
  });
  servers.set(link, { server, secure });
  if (secure) {
    secure.listen(0, "127.0.0.1");
  }
  const listening = secure ?? server;
  await new Promise((resolve) => listening.once("listening", resolve));
  say(link, "listening", { port: listening.address().port });
}

const orders = {
  connect: (order) => links.set(order.link, clients[process.argv[2]](order)),
  serve,
  text: ({ link, text }) => links.get(link).send(text),
  fill: ({ link, length }) => links.get(link).send("a".repeat(length)),
  binary: ({ link, base64 }) => links.get(link).send(Buffer.from(base64, "base64")),
  fragments({ link, texts }) {
    texts.forEach((text, at) => {
      links.get(link).send(text, { fin: at === texts.length - 1 });
    });
  },
  ping: ({ link, base64 }) => links.get(link).ping(Buffer.from(base64, "base64")),
  close: ({ link, code, reason }) => links.get(link).close(code, reason),
  stop({ link }) {
    const { server, secure } = servers.get(link);
    for (const socket of server.clients) {
      socket.terminate();
    }
    server.close();
    secure?.close();
  },
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  await orders[order.do](order);
}
process.exit(0);
