// What a peer sends and what it is answered with: the cases that every implementation runs, those of
// JSON-RPC 2.0 section 7 first.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { read } from "../src/protocol/codec.ts";
import { encode } from "../src/protocol/json.ts";
import type { Params } from "../src/protocol/message.ts";
import type { Effects } from "../src/session/effects.ts";
import type { InboundCall } from "../src/session/inbound.ts";
import { DEFAULT_LIMITS } from "../src/session/limits.ts";
import { SessionEngine } from "../src/session/session-engine.ts";

interface Answer {
  readonly jsonrpc: string;
  readonly id: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

interface Exchange {
  readonly name: string;
  readonly in: string;
  readonly out?: Answer | Answer[];
}

const FILE = "../../protocol/src/main/resources/dev/everwire/protocol/vectors/exchanges.json";
const exchanges: Exchange[] = JSON.parse(
  readFileSync(new URL(FILE, import.meta.url), "utf8"),
).cases;

const methods = new Map<string, (params: Params | undefined) => unknown>([
  ["subtract", subtract],
  ["sum", (params) => (params as number[]).reduce((sum, each) => sum + each, 0)],
  ["get_data", () => ["hello", 5]],
  ["update", () => null],
  ["notify_hello", () => null],
  ["notify_sum", () => null],
]);

describe("exchanges.json", () => {
  it.each(exchanges)("$name", (exchange) => {
    const answers = answersTo(exchange.in);
    if (exchange.out === undefined) {
      expect(answers).toEqual([]);
      return;
    }
    expect(answers).toHaveLength(1);
    const [answer] = answers;
    expect(Array.isArray(answer)).toBe(Array.isArray(exchange.out));
    expect(sorted(answer as Answer | Answer[])).toEqual(sorted(exchange.out));
  });
});

/** Handlers end in the order opposite to that in which they began. */
function answersTo(text: string): unknown[] {
  const sent: unknown[] = [];
  const running: InboundCall[] = [];
  const effects: Effects = {
    send: (message) => sent.push(JSON.parse(message)),
    offer: () => "closed",
    run: (call) => running.push(call),
    reading: () => {},
    close: () => {},
  };
  const engine = new SessionEngine(
    (name) => (methods.has(name) ? { kind: "handler", handler: () => undefined } : undefined),
    DEFAULT_LIMITS,
    effects,
  );
  engine.receive(read(text, 100), 0);
  for (let call = running.pop(); call !== undefined; call = running.pop()) {
    engine.answer(call, encode(methods.get(call.method)?.(call.params)));
    engine.returned(call, 0);
  }
  return sent;
}

function subtract(params: Params | undefined): unknown {
  if (Array.isArray(params)) {
    return params[0] - params[1];
  }
  const { minuend, subtrahend } = params as { minuend: number; subtrahend: number };
  return minuend - subtrahend;
}

/** In an order that the content decides, with only the standard's words of a message. */
function sorted(answer: Answer | Answer[]): string[] {
  return [answer]
    .flat()
    .map(({ error, ...rest }) =>
      JSON.stringify({
        jsonrpc: rest.jsonrpc,
        id: rest.id,
        result: rest.result,
        code: error?.code,
        message: error?.message.split(":")[0],
      }),
    )
    .sort();
}
