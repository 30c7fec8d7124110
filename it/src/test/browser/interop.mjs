// Opens WebSocket connections from pages in a browser as told, by one JSON object per line: orders
// on standard input, what is heard on standard output. Usage: node interop.mjs CHROMIUM
import http from "node:http";
import readline from "node:readline";
import { chromium } from "playwright-core";

const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
// the page is an answer of the server, which forbids its pages to connect anywhere
const context = await browser.newContext({ ignoreHTTPSErrors: true, bypassCSP: true });
const pages = new Map(); // by address
const pageOf = new Map(); // by link
let dialling; // the link whose connection is being opened; one at a time

function say(link, heard, more = {}) {
  process.stdout.write(`${JSON.stringify({ link, heard, ...more })}\n`);
}

/** A page of another origin than every server's. */
const foreign = http.createServer((_, response) => {
  response.setHeader("content-type", "text/html");
  response.end("<!doctype html><title>foreign</title>");
});
await new Promise((resolve) => foreign.listen(0, "127.0.0.1", resolve));

async function pageAt(address) {
  if (!pages.has(address)) {
    const page = await context.newPage();
    await page.exposeFunction("say", say);
    // only the console says what the answer to a refused upgrade was
    page.on("console", (message) => {
      const failed = /^WebSocket connection to .* failed: (.*)/s.exec(message.text());
      if (failed && dialling !== undefined) {
        const status = /Unexpected response code: (\d+)/.exec(failed[1]);
        say(dialling, "refused", { status: status ? Number(status[1]) : 0 });
        dialling = undefined;
      }
    });
    await page.goto(address);
    await page.evaluate(() => {
      window.links = new Map();
    });
    pages.set(address, page);
  }
  return pages.get(address);
}

async function connect({ link, uri, headers }) {
  const own = new URL("/health", uri.replace(/^ws/, "http")).href;
  let page;
  try {
    page = await pageAt(
      headers.Origin === undefined ? own : `http://127.0.0.1:${foreign.address().port}/`,
    );
  } catch (error) {
    console.error(`${link}: ${error.message}`);
    say(link, "refused", { status: 0 });
    return;
  }
  pageOf.set(link, page);
  dialling = link;
  const opened = await page.evaluate(
    ([link, uri]) =>
      new Promise((resolve) => {
        const socket = new WebSocket(uri);
        socket.binaryType = "arraybuffer";
        window.links.set(link, socket);
        let open = false;
        socket.onopen = () => {
          open = true;
          window.say(link, "open", { extensions: socket.extensions });
          resolve(true);
        };
        socket.onmessage = ({ data }) => {
          if (typeof data === "string") {
            window.say(link, "text", { text: data });
          } else {
            let bytes = "";
            for (const byte of new Uint8Array(data)) {
              bytes += String.fromCharCode(byte);
            }
            window.say(link, "binary", { base64: btoa(bytes) });
          }
        };
        socket.onclose = ({ code, reason }) => {
          if (open) {
            window.say(link, "closed", { code, reason });
          }
          resolve(false);
        };
      }),
    [link, uri],
  );
  if (opened) {
    dialling = undefined;
  }
}

function within(body) {
  return (order) => pageOf.get(order.link).evaluate(body, order);
}

const orders = {
  connect,
  text: within(({ link, text }) => window.links.get(link).send(text)),
  fill: within(({ link, length }) => window.links.get(link).send("a".repeat(length))),
  binary: within(({ link, base64 }) => {
    window.links.get(link).send(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
  }),
  close: within(({ link, code, reason }) => window.links.get(link).close(code, reason)),
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  await orders[order.do](order);
}
await browser.close();
process.exit(0);
