// JSON-RPC libraries that call and are called as told, by one JSON object per line: orders on
// standard input, what is heard on standard output. Usage: node rpc.mjs
import readline from "node:readline";
import { libraries } from "./rpc-libraries.mjs";

const sides = new Map(); // the client's end, or the server's of the latest connection
const calls = new Map();
const servers = new Map();

function say(link, heard, more = {}) {
  process.stdout.write(`${JSON.stringify({ link, heard, ...more })}\n`);
}

async function answer(link, call, promise) {
  try {
    const result = (await promise) ?? null;
    say(link, "answer", { call, result, received: sides.get(link)?.received });
  } catch ({ code, message, data }) {
    say(link, "answer", { call, error: { code, message, data } });
  }
}

const orders = {
  connect({ link, library, uri, options = {} }) {
    const heard = {
      open: (protocol) => say(link, "open", { protocol }),
      closed: (code, reason) => say(link, "closed", { code, reason }),
    };
    sides.set(link, libraries[library].connect(uri, options, heard));
  },
  async serve({ link, library, options = {} }) {
    const connected = (side) => {
      sides.set(link, side);
      say(link, "open");
    };
    const server = await libraries[library].serve(options, { connected });
    servers.set(link, server);
    say(link, "listening", { port: server.port });
  },
  call({ link, call, method, params }) {
    const made = sides.get(link).call(method, params);
    calls.set(`${link} ${call}`, made);
    answer(link, call, made.answer);
  },
  cancel: ({ link, call }) => calls.get(`${link} ${call}`).cancel(),
  notify: ({ link, method, params }) => sides.get(link).notify(method, params),
  batch: ({ link, call, params }) => answer(link, call, sides.get(link).batch(params)),
  use: ({ link, call, method, params }) => answer(link, call, sides.get(link).use(method, params)),
  listen: ({ link, name }) => {
    sides.get(link).listen(name, (given) => say(link, "event", { name, given }));
  },
  progress: ({ link, token }) => {
    sides.get(link).progress(token, (value) => say(link, "progress", { token, value }));
  },
  cut: ({ link }) => (servers.get(link) ?? sides.get(link)).cut(),
  close: ({ link, code }) => sides.get(link).close(code),
  stop: ({ link }) => servers.get(link).stop(),
};

process.on("unhandledRejection", (error) => console.error(error));
for await (const line of readline.createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  try {
    await orders[order.do](order);
  } catch (error) {
    console.error(order, error);
  }
}
process.exit(0);
