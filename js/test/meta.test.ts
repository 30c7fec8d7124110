// What travels beside a call: its deadline, its progress, the items of its result.

import { describe, expect, it } from "vitest";
import { takeMeta, withMeta } from "../src/protocol/call-meta.ts";
import { encodeParams } from "../src/protocol/json.ts";
import { Inflow } from "../src/session/inflow.ts";
import { Outflow } from "../src/session/outflow.ts";

describe("metadata", () => {
  it.each([
    [undefined, "m", '{"_meta":{"timeoutMs":5}}'],
    [{}, "m", '{"_meta":{"timeoutMs":5}}'],
    [{ a: 1 }, "m", '{"_meta":{"timeoutMs":5},"a":1}'],
    [[1], "rpc.call", '{"method":"m","params":[1],"meta":{"timeoutMs":5}}'],
  ])("beside %j goes as %s %s, and comes back", (params, method, text) => {
    const sent = withMeta("m", encodeParams(params), { timeoutMs: 5 });
    expect(sent).toEqual({ method, params: text });
    expect(takeMeta(sent.method, JSON.parse(sent.params))).toMatchObject({
      method: "m",
      params: params ?? {},
      meta: { timeoutMs: 5 },
    });
  });

  it.each([
    ["m", { _meta: 1 }, "_meta"],
    ["m", { _meta: { timeoutMs: -1 } }, "timeoutMs"],
    ["m", { _meta: { credits: 1.5 } }, "credits"],
    ["m", { _meta: { progressToken: {} } }, "progressToken"],
    ["rpc.call", undefined, "method"],
    ["rpc.call", { method: 1 }, "method"],
    ["rpc.call", { method: "rpc.call" }, "method"],
    ["rpc.call", { method: "m", params: 1 }, "params"],
  ])("of %s %j is refused by name", (method, params, name) => {
    expect(() => takeMeta(method, params as never)).toThrow(name);
  });
});

describe("an inflow", () => {
  it("takes what was granted, in order, and grants again at half a window", () => {
    const inflow = new Inflow(4);
    expect(inflow.receive(1, ["a", "b", "c"])).toBeUndefined();
    expect(inflow.take()).toBe("a");
    expect(inflow.due()).toBe(0);
    expect(inflow.take()).toBe("b");
    expect(inflow.due()).toBe(2);
    expect(inflow.receive(4, ["d", "e", "f"])).toBeUndefined();
    expect(inflow.receive(7, ["g"])).toContain("granted");
  });

  it("refuses a hole and a double", () => {
    const inflow = new Inflow(4);
    expect(inflow.receive(2, ["b"])).toContain("seq");
    expect(inflow.receive(1, ["a"])).toBeUndefined();
    expect(inflow.receive(1, ["a"])).toContain("seq");
  });
});

describe("an outflow", () => {
  it("waits for credit, and stops when nobody takes anything", async () => {
    const outflow = new Outflow(1);
    expect(await outflow.room()).toBe(true);
    expect(outflow.seq).toBe(1);
    outflow.sent();
    const waiting = outflow.room();
    outflow.grant(1);
    expect(await waiting).toBe(true);
    expect(outflow.seq).toBe(2);
    outflow.sent();
    const ended = outflow.room();
    outflow.end();
    expect(await ended).toBe(false);
  });
});
