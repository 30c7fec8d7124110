// What the server says without being asked: alerts, and the end of a subscription.

import type { Alert } from "everwire";
import { beforeEach, describe, expect, it } from "vitest";
import { fate, Harness } from "./support/harness.ts";

let harness: Harness;

beforeEach(() => {
  harness = new Harness();
});

async function say(method: string, params: unknown): Promise<void> {
  harness.net.last.say({ jsonrpc: "2.0", method, params });
  await harness.settle();
}

/** Answers the next request of the last connection. */
async function answer(method: string, result: object): Promise<void> {
  await harness.settle();
  const request = harness.net.last.hear();
  expect(request.method).toBe(method);
  harness.net.last.say({ jsonrpc: "2.0", id: request.id, result });
  await harness.settle();
}

describe("an alert", () => {
  it("is told to every listener, and to none that was taken away", async () => {
    const first: Alert[] = [];
    const second: Alert[] = [];
    const client = await harness.live({ onAlert: (alert) => first.push(alert) });
    const remove = client.onAlert((alert) => second.push(alert));
    const alert = { severity: "warning", message: "down at ten", data: { minutes: 5 } };
    await say("$/alert", alert);
    remove();
    await say("$/alert", { severity: "info", message: "up again" });
    expect(second).toEqual([alert]);
    expect(first).toEqual([alert, { severity: "info", message: "up again", data: undefined }]);
  });

  it("disturbs nobody by a listener that throws", async () => {
    const seen: string[] = [];
    const client = await harness.live({
      onAlert: () => {
        throw new Error("mine");
      },
    });
    client.onAlert(({ message }) => seen.push(message));
    await say("$/alert", { severity: "info", message: "a" });
    expect(seen).toEqual(["a"]);
    expect(harness.errors).toEqual(["alert listener failed: Error: mine"]);
  });

  it.each([
    [{ message: "a" }, "severity: expected a string"],
    [{ severity: "Very Bad" }, "severity: expected 1-16 small letters"],
    [{ severity: "info", message: "x".repeat(4_097) }, "message: expected at most 4096"],
    [[], "params: expected an object"],
  ])("that cannot be read is told to the developer: %#", async (params, why) => {
    const client = await harness.live({ onAlert: () => expect.fail() });
    await say("$/alert", params);
    expect(harness.errors).toEqual([
      expect.stringContaining(`$/alert not understood: WireError: ${why}`),
    ]);
    expect(client.status.kind).toBe("live");
  });
});

describe("a subscription that the server ends", () => {
  const ended = { topic: "news", code: -32003, reason: "not allowed any more" };

  it("ends with the fault, behind what came before it", async () => {
    const client = await harness.live();
    const subscription = client.subscribe("news");
    await answer("rpc.subscribe", { topic: "news", epoch: "k3", offset: 7 });
    await say("rpc.event", { topic: "news", offset: 8, data: "last" });
    await say("$/unsubscribed", ended);
    await say("rpc.event", { topic: "news", offset: 9, data: "too late" });
    const first = fate(subscription.next());
    const second = fate(subscription.next());
    await harness.settle();
    expect(first.text).toContain('"data":"last"');
    expect(second.text).toBe("FaultError -32003 not allowed any more");
  });

  it("is not asked for again, now or on the next connection", async () => {
    const client = await harness.live();
    let end: Error | undefined;
    client.subscribe("news").onEvent(
      () => undefined,
      (error) => {
        end = error;
      },
    );
    await answer("rpc.subscribe", { topic: "news", epoch: "k3", offset: 7 });
    await say("$/unsubscribed", ended);
    expect(end).toMatchObject({ name: "FaultError", code: -32003 });
    harness.net.last.cut();
    await harness.advance(1_000);
    const link = await harness.welcome();
    expect(link.heard).toEqual([]);
  });

  it("can be subscribed again by who wants to try", async () => {
    const client = await harness.live();
    client.subscribe("news").onEvent(() => undefined);
    await answer("rpc.subscribe", { topic: "news", epoch: "k3", offset: 7 });
    await say("$/unsubscribed", ended);
    const again = client.subscribe("news");
    await answer("rpc.subscribe", { topic: "news", epoch: "k3", offset: 9 });
    await say("rpc.event", { topic: "news", offset: 10, data: "back" });
    expect((await again.next()).value).toMatchObject({ data: "back" });
  });

  it("is another one while a new one is asked for: its answer says what counts", async () => {
    const client = await harness.live();
    const subscription = client.subscribe("news");
    await say("$/unsubscribed", ended);
    await answer("rpc.subscribe", { topic: "news", epoch: "k3", offset: 7 });
    await say("rpc.event", { topic: "news", offset: 8, data: "first" });
    expect((await subscription.next()).value).toMatchObject({ data: "first" });
  });

  it("is nothing to other topics, and what cannot be read ends none", async () => {
    const client = await harness.live();
    const subscription = client.subscribe("news");
    await answer("rpc.subscribe", { topic: "news", epoch: "k3", offset: 7 });
    await say("$/unsubscribed", { ...ended, topic: "weather" });
    await say("$/unsubscribed", { ...ended, code: "no" });
    await say("rpc.event", { topic: "news", offset: 8, data: "on" });
    expect((await subscription.next()).value).toMatchObject({ data: "on" });
    expect(harness.errors).toEqual([
      "$/unsubscribed not understood: WireError: code: expected an integer >= -9007199254740991",
    ]);
  });
});
