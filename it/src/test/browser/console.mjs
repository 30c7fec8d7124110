// Drives the page and the chat in a browser, by keyboard only. Usage: node console.mjs PORT CHROMIUM
// Prints "cut" where the server has to be killed and "gone" where it has to be started again, and
// "ok: …" as its last line if everything was as it should be.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const [port, executablePath] = process.argv.slice(2);
const base = `http://127.0.0.1:${port}`;
const WITHIN = 30_000;
const done = [];
const strange = []; // what no page should do

const deadline = setTimeout(() => {
  console.error("not done within 150 s");
  process.exit(1);
}, 150_000);

const browser = await chromium.launch({
  executablePath,
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

async function check(name, body) {
  try {
    await body();
  } catch (error) {
    console.error(`${name}: ${error.stack}`);
    process.exit(1);
  }
  done.push(name);
}

/** A window of its own, as of another person. */
async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  context.setDefaultTimeout(WITHIN);
  const page = await context.newPage();
  page.on("pageerror", (error) => strange.push(`${path}: ${error.message}`));
  page.on("console", (message) => {
    const outage = /WebSocket connection to .* failed/.test(message.text());
    if (message.type() === "error" && !outage) {
      strange.push(`${path}: ${message.text()}`);
    }
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(base)) {
      strange.push(`${path} asked ${request.url()}`);
    }
  });
  await page.goto(base + path);
  await live(page);
  return page;
}

const kind = (page, kinds) => page.waitForSelector(kinds.map((k) => `#status[data-kind=${k}]`).join());
const live = (page) => kind(page, ["live"]);
const texts = (page, selector) => page.locator(selector).allTextContents();

/** Waits until a function of the page's texts is true; says what they were if it never is. */
async function until(page, selector, wanted) {
  const end = Date.now() + WITHIN;
  let seen = await texts(page, selector);
  while (!wanted(seen)) {
    assert.ok(Date.now() < end, `${selector} stayed ${JSON.stringify(seen)}`);
    await page.waitForTimeout(50);
    seen = await texts(page, selector);
  }
}

/** Goes to a field as people without a mouse do. */
async function tabTo(page, id) {
  for (let i = 0; i < 60; i++) {
    if ((await page.evaluate(() => document.activeElement?.id)) === id) {
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`#${id} cannot be reached by Tab`);
}

async function type(page, id, text) {
  await tabTo(page, id);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(text);
}

async function say(page, text) {
  await type(page, "text", text);
  await page.keyboard.press("Enter");
}

async function join(page, name) {
  await type(page, "name", name);
  await type(page, "room", "lobby");
  await page.keyboard.press("Enter");
  await until(page, "#members li", (members) => members.includes(name));
}

const said = (page) => texts(page, "#talk .message span");
const points = async (page) =>
  ((await page.locator("#graph path.in").getAttribute("d")) ?? "").split("L").length;

const watching = await open("/");

await check("figures and a live graph", async () => {
  await until(watching, "#n-connections", ([n]) => Number(n) >= 1);
  await until(watching, "#connections-rows td:nth-child(2)", (from) => from.length >= 1);
  const before = await points(watching);
  await watching.waitForFunction(
    (n) => (document.querySelector("#graph path.in")?.getAttribute("d") ?? "").split("L").length > n,
    before + 1,
  );
});

await check("a call", async () => {
  await type(watching, "call-method", "subtract");
  await type(watching, "call-params", "[42, 23]");
  await watching.keyboard.press("Enter");
  await until(watching, ".answer pre", ([first]) => first === "19");
  await type(watching, "call-method", "fail");
  await type(watching, "call-params", '[7, "seven"]');
  await watching.keyboard.press("Enter");
  await until(watching, ".answer.bad pre", ([first]) => first === "7 seven");
});

await check("following and publishing", async () => {
  await type(watching, "subscribe-topic", "news");
  await watching.keyboard.press("Enter");
  await until(watching, "#topics-rows td:first-child", (topics) => topics.includes("news"));
  await type(watching, "publish-topic", "news");
  await type(watching, "publish-data", '{"n": 1}');
  await watching.keyboard.press("Enter");
  await until(watching, "#events code", ([first]) => first === '{"n":1}');
});

const ann = await open("/chat", { colorScheme: "dark" });
const bob = await open("/chat");

await check("two windows chat", async () => {
  await join(ann, "Ann");
  await join(bob, "Bob");
  await say(ann, "Hello Bob");
  await until(bob, "#talk .message span", (all) => all.includes("Hello Bob"));
  await say(bob, "Hello Ann");
  await until(ann, "#talk .message span", (all) => all.includes("Hello Ann"));
  await until(ann, "#members li", (members) => members.join() === "Ann,Bob");
});

// Whoever comes back first says this before the other listens again.
const away = [
  [ann, "Ann typed this while it was away"],
  [bob, "Bob typed this while it was away"],
];

await check("they notice that the server is gone", async () => {
  const node = await watching.locator("#node").textContent();
  console.log("cut");
  for (const page of [ann, bob, watching]) {
    await kind(page, ["waiting", "connecting"]);
  }
  for (const [page, text] of away) {
    await say(page, text);
    assert.deepEqual(await texts(page, "#unsent span"), [text]);
  }
  console.log("gone");
  for (const page of [ann, bob, watching]) {
    await live(page);
    assert.match(await page.locator("#status").textContent(), /^Live again since/);
  }
  await until(watching, "#node", ([now]) => now !== node);
});

await check("no message is lost after the reconnect", async () => {
  const wanted = [];
  for (let i = 0; i < 20; i++) {
    const [page, name] = i % 2 ? [bob, "Bob"] : [ann, "Ann"];
    wanted.push(`${name} after ${i}`);
    await say(page, wanted.at(-1));
  }
  for (const page of [ann, bob]) {
    await until(page, "#talk .message span", (all) => wanted.every((text) => all.includes(text)));
    const after = (await said(page)).filter((text) => / after /.test(text));
    assert.equal(after.length, wanted.length, "each once");
    for (const name of ["Ann", "Bob"]) {
      const own = (text) => text.startsWith(name);
      assert.deepEqual(after.filter(own), wanted.filter(own), "in the order of their sender");
    }
    for (const [, text] of away) {
      await until(page, "#talk .message span", (all) => all.includes(text));
      assert.equal((await said(page)).filter((one) => one === text).length, 1, `${text}, once`);
    }
    await until(page, "#members li", (members) => members.toSorted().join() === "Ann,Bob");
  }
  for (const page of [ann, bob]) {
    assert.deepEqual(await texts(page, "#unsent li"), []);
  }
});

await check("the page goes on too", async () => {
  const before = await points(watching);
  await watching.waitForFunction(
    (n) => (document.querySelector("#graph path.in")?.getAttribute("d") ?? "").split("L").length > n,
    before + 1,
  );
  await until(watching, "#topics-rows td:first-child", (topics) => topics.includes("news"));
  await type(watching, "publish-topic", "news");
  await type(watching, "publish-data", '"again"');
  await watching.keyboard.press("Enter");
  await until(watching, "#events code", ([first]) => first === '"again"');
});

await check("a member leaves with its window", async () => {
  await bob.context().close();
  await until(ann, "#talk .note span", (all) => all.at(-1) === "Bob left");
  await until(ann, "#members li", (members) => members.join() === "Ann");
});

await check("pictures", async () => {
  await watching.screenshot({ path: "live.png", fullPage: true });
  await ann.screenshot({ path: "chat.png" });
});

await check("nothing strange", () => assert.deepEqual(strange, []));

await browser.close();
clearTimeout(deadline);
console.log(`ok: ${done.join("; ")}`);
