// Signs in at the page of a server that asks who one is, by keyboard only.
// Usage: node sign-in.mjs PORT CHROMIUM TOKEN SHORT, where TOKEN is an administrator's of the name
// ann for an hour, and SHORT one of hers for 30 s. Prints "ok: …" as its last line if everything was
// as it should be.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const [port, executablePath, token, short] = process.argv.slice(2);
const base = `http://127.0.0.1:${port}`;
const done = [];
const strange = []; // what no page should do
const asked = []; // every address

const deadline = setTimeout(() => {
  console.error("not done within 100 s");
  process.exit(1);
}, 100_000);

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

const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
context.setDefaultTimeout(30_000);
const page = await context.newPage();
page.on("pageerror", (error) => strange.push(error.message));
page.on("console", (message) => {
  if (message.type() === "error" || message.type() === "warning") {
    strange.push(message.text());
  }
});
page.on("request", (request) => asked.push(request.url()));
page.on("websocket", (socket) => asked.push(socket.url()));

const text = (selector) => page.locator(selector).innerText();
const focused = () => page.evaluate(() => document.activeElement?.id);
const says = (part) =>
  page.waitForFunction(
    (wanted) => document.querySelector("#sign-in-says").textContent.includes(wanted),
    part,
  );

async function signIn(given) {
  assert.equal(await focused(), "token");
  await page.keyboard.type(given);
  await page.keyboard.press("Enter");
}

await check("who is nobody is asked for a token, and sees nothing else to use", async () => {
  await page.goto(base);
  await says("who you are");
  assert.equal(await page.locator("#app").isVisible(), false);
  assert.equal(await page.locator("#token").getAttribute("type"), "password");
  assert.equal(await page.getByLabel("Token").count(), 1);
});

await check("a token that is none is refused, and asked for again", async () => {
  await signIn("no.such.token");
  await says("Not accepted");
  assert.equal(await page.locator("#token").inputValue(), "");
});

await check("a good one opens the page, and says whose it is and how long it lasts", async () => {
  await signIn(short);
  await page.waitForSelector("#status[data-kind=live]");
  await page.waitForFunction(() => Number(document.querySelector("#n-connections").textContent) >= 1);
  assert.match(await text("#account-says"), /^Signed in as ann, token ends in \d+ s$/);
  assert.equal(await page.locator("#sign-in").isVisible(), false);
  assert.equal(await focused(), "account");
});

await check("another one is asked for before it ends, and taken without a new connection", async () => {
  const sockets = asked.filter((url) => url.startsWith("ws:")).length;
  await says("ends soon");
  await page.focus("#token");
  await signIn(token);
  await page.waitForFunction(() =>
    /ends in \d+ min/.test(document.querySelector("#account-says").textContent),
  );
  assert.equal(asked.filter((url) => url.startsWith("ws:")).length, sockets);
  assert.equal(await text("#status"), "Live");
});

await check("an alert is shown and can be put away", async () => {
  await page.fill("#call-method", "rpc.admin.alert");
  await page.fill("#call-params", '{"severity":"critical","text":"Restart <b>at ten</b>."}');
  await page.keyboard.press("Enter");
  await page.waitForSelector("#alerts .critical");
  assert.match(await text("#alerts li"), /Restart <b>at ten<\/b>\./);
  await page.click("#alerts button");
  assert.equal(await page.locator("#alerts li").count(), 0);
});

await check("no token is anywhere but in the page's memory", async () => {
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]),
  );
  const seen = [kept, await page.content(), ...asked].join("\n");
  for (const secret of [token, short]) {
    assert.ok(!seen.includes(secret));
  }
  assert.deepEqual(await context.cookies(), []);
});

await check("signing out forgets it", async () => {
  await page.click("#sign-out");
  await says("who you are");
});

await check("nothing strange", () => assert.deepEqual(strange, []));

await browser.close();
clearTimeout(deadline);
console.log(`ok: ${done.join("; ")}`);
