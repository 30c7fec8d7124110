// A JSON-RPC 2.0 client that knows nothing of Everwire: json-rpc-2.0 over ws.
// Usage: node thirdparty.mjs ws://HOST:PORT/ws     Ends with status 0 if everything was as it should be.
import assert from "node:assert/strict";
import jsonrpc from "json-rpc-2.0";
import WebSocket from "ws";

const { JSONRPCClient, JSONRPCServer, JSONRPCServerAndClient, createJSONRPCRequest } = jsonrpc;

const deadline = setTimeout(() => {
  console.error("not done within 30 s");
  process.exit(1);
}, 30_000);

const socket = new WebSocket(process.argv[2]);
await new Promise((resolve, reject) => {
  socket.once("open", resolve);
  socket.once("error", reject);
});

const peer = new JSONRPCServerAndClient(
  new JSONRPCServer({ errorListener: () => {} }), // quiet: errors are part of the test
  new JSONRPCClient((request) => socket.send(JSON.stringify(request))),
);
const arrays = []; // batches are answered by one array
socket.on("message", (text) => {
  const message = JSON.parse(text);
  if (Array.isArray(message)) {
    arrays.shift()(message);
  } else {
    peer.receiveAndSend(message);
  }
});

async function refused(call) {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error("was not refused");
}

const done = [];
async function check(name, body) {
  await body();
  done.push(name);
}

await check("by position, by name, and none", async () => {
  assert.equal(await peer.request("subtract", [42, 23]), 19);
  assert.equal(await peer.request("subtract", { subtrahend: 23, minuend: 42 }), 19);
  assert.equal(await peer.request("sum", [1, 2, 4]), 7);
  assert.equal(await peer.request("add", [0.1, 0.2]), 0.3);
  assert.deepEqual(await peer.request("get_data"), ["hello", 5]);
});

await check("echo gives back what was sent", async () => {
  for (const value of [[], {}, [null], ["ä€😀", 1.5e300, true], { a: { b: [{}] } }]) {
    assert.deepEqual(await peer.request("echo", value), value);
  }
  assert.equal(await peer.request("echo"), null);
});

await check("errors", async () => {
  assert.equal((await refused(peer.request("foobar"))).code, -32601);
  assert.equal((await refused(peer.request("rpc.foobar"))).code, -32601);
  assert.equal((await refused(peer.request("subtract", ["a", 1]))).code, -32602);
  assert.equal((await refused(peer.request("fail"))).code, -32000);
  const error = await refused(peer.request("fail", [7, "seven", { why: [1] }]));
  assert.deepEqual([error.code, error.message, error.data], [7, "seven", { why: [1] }]);
});

await check("notifications are counted", async () => {
  const before = await peer.request("notified", ["update"]);
  peer.notify("update", [1, 2, 3, 4, 5]);
  peer.notify("update");
  assert.equal(await peer.request("notified", ["update"]), before + 2);
});

await check("answers overtake each other", async () => {
  const order = [];
  const slow = peer.request("slow", [300]).then(() => order.push("slow"));
  const fast = peer.request("slow", [0]).then(() => order.push("fast"));
  await Promise.all([slow, fast]);
  assert.deepEqual(order, ["fast", "slow"]);
});

await check("is called back", async () => {
  peer.addMethod("twice", (params) => [params, params]);
  peer.addMethod("nested", () => peer.request("callme", ["twice", { deep: true }]));
  peer.addMethod("breaks", () => {
    throw new jsonrpc.JSONRPCErrorException("broken", 99, { at: "client" });
  });
  assert.deepEqual(await peer.request("callme", ["twice", [1]]), [[1], [1]]);
  assert.deepEqual(await peer.request("callme", ["nested"]), [{ deep: true }, { deep: true }]);
  const own = await refused(peer.request("callme", ["breaks"]));
  assert.deepEqual([own.code, own.message, own.data], [99, "broken", { at: "client" }]);
  assert.equal((await refused(peer.request("callme", ["missing"]))).code, -32601);
});

await check("is notified", async () => {
  const heard = new Promise((resolve) => peer.addMethod("heard", resolve));
  assert.equal(await peer.request("notifyme", ["heard", { news: 1 }]), true);
  assert.deepEqual(await heard, { news: 1 });
});

await check("batch", async () => {
  const answered = new Promise((resolve) => arrays.push(resolve));
  socket.send(
    JSON.stringify([
      createJSONRPCRequest("1", "sum", [1, 2, 4]),
      { jsonrpc: "2.0", method: "notify_hello", params: [7] },
      createJSONRPCRequest("2", "subtract", [42, 23]),
      { foo: "boo" },
      createJSONRPCRequest("5", "foobar"),
      createJSONRPCRequest("9", "get_data"),
    ]),
  );
  const byId = new Map((await answered).map((answer) => [answer.id, answer]));
  assert.equal(byId.size, 5);
  assert.equal(byId.get("1").result, 7);
  assert.equal(byId.get("2").result, 19);
  assert.equal(byId.get(null).error.code, -32600);
  assert.equal(byId.get("5").error.code, -32601);
  assert.deepEqual(byId.get("9").result, ["hello", 5]);
});

await check("topics by hand", async () => {
  const topic = `thirdparty/${process.pid}`;
  const event = new Promise((resolve) => peer.addMethod("rpc.event", resolve));
  const { epoch, offset } = await peer.request("rpc.subscribe", { topic });
  const published = await peer.request("rpc.publish", { topic, data: { n: 1 } });
  assert.deepEqual([published.epoch, published.offset], [epoch, offset + 1]);
  const { offset: at, data } = await event;
  assert.deepEqual([at, data], [offset + 1, { n: 1 }]);
});

await check("says goodbye", async () => {
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.close(1000);
  assert.equal(await closed, 1000);
});

clearTimeout(deadline);
console.log(`ok: ${done.join("; ")}`);
