// The cases that every implementation of the protocol runs.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { verdict } from "../src/protocol/close-code.ts";
import {
  read,
  writeBatch,
  writeFailure,
  writeNotification,
  writeRequest,
  writeSuccess,
} from "../src/protocol/codec.ts";
import { encode, type Json } from "../src/protocol/json.ts";
import type { Frame, Message, Params } from "../src/protocol/message.ts";
import { topicName, validTopicName } from "../src/protocol/topic-name.ts";
import {
  type Identity,
  readAccepted,
  readAlert,
  readAuthExpiring,
  readUnsubscribed,
  readWelcome,
  WireError,
} from "../src/protocol/wire.ts";
import { Harness } from "./support/harness.ts";

interface Vector {
  readonly name: string;
  readonly text?: string;
  readonly hex?: string;
  readonly canonical?: boolean;
  readonly strict?: boolean;
  readonly expect: Record<string, unknown>;
}

interface Body {
  readonly name: string;
  readonly body: string;
  readonly in: Readonly<Record<string, unknown>>;
  readonly read?: Readonly<Record<string, unknown>>;
  readonly wrong?: string;
}

function load<T>(name: string): T {
  const folder = "../../protocol/src/main/resources/dev/everwire/protocol/vectors/";
  return JSON.parse(readFileSync(new URL(folder + name, import.meta.url), "utf8"));
}

const envelopes = load<{ limits: { maxBatch: number }; cases: Vector[] }>("envelope.json");
const bodies = load<{ cases: Body[] }>("bodies.json");
const closeCodes = load<{ verdicts: Record<string, number[]> }>("close-codes.json");
const topicNames = load<{ valid: string[]; invalid: string[] }>("topic-names.json");

describe("envelope.json", () => {
  const strict = envelopes.cases.filter((vector) => vector.strict);

  it.each(envelopes.cases.filter((vector) => !vector.strict))("$name", ({
    text,
    hex,
    canonical,
    expect: expected,
  }) => {
    const message = text ?? decode(hex ?? "");
    const frame = read(message, envelopes.limits.maxBatch);
    expect(describeFrame(frame)).toEqual(withoutWords(expected));
    if (canonical) {
      expect(write(frame)).toBe(message);
    }
  });

  it("leaves out exactly what a reader on top of JSON.parse cannot tell", () => {
    expect(strict.map((vector) => vector.name)).toEqual([
      "params are kept in the text they came in",
      "an id keeps its escapes",
      "an id beyond 2^53 keeps its digits",
      "a fractional id with an exponent keeps its text",
      "a member of the envelope stands once",
      "a member of the envelope stands once, escaped or not",
      "one level more is not read",
      "an overlong UTF-8 sequence is refused",
      "a surrogate in UTF-8 is refused",
      "an id of minus zero keeps its sign",
      "an id of 1.0 is not the id 1",
      "an id of 2^53 + 1 keeps its last digit",
      "an id of 10^999999999 keeps its text",
      "params keep the precision of their numbers",
      "a member twice in one message of a batch makes it all unreadable",
    ]);
  });
});

describe("bodies.json", () => {
  const cases = bodies.cases.filter(({ body }) => body !== "hello" && body !== "auth");

  it.each(cases)("$name", ({ body, in: told, read: expected, wrong }) => {
    const reader = READERS[body];
    expect(reader).toBeDefined();
    if (wrong === undefined) {
      expect(JSON.parse(JSON.stringify(reader?.(told)))).toEqual(expected);
    } else {
      expect(() => reader?.(told)).toThrow(WireError);
      expect(() => reader?.(told)).toThrow(wrong);
    }
  });

  it("what this end only sends it writes as it has to be", async () => {
    const told = (body: string) => bodies.cases.filter((each) => each.body === body && each.read);
    const harness = new Harness();
    for (const { in: hello, read: expected } of told("hello")) {
      const token = expected?.token ?? undefined;
      harness.client({ token: () => token as string | undefined }).start();
      await harness.settle();
      const { auth } = harness.net.last.hear().params as { auth?: { token: string } };
      expect(auth?.token).toEqual((hello.auth as { token: string } | undefined)?.token);
    }
    for (const { in: params } of told("auth")) {
      const token = params.token as string;
      await harness.live({ token: () => token });
      harness.net.last.say({ jsonrpc: "2.0", method: "$/authExpiring", params: { inMs: 0 } });
      await harness.advance(1);
      expect(harness.net.last.hear()).toMatchObject({ method: "rpc.auth", params });
    }
  });
});

const READERS: Readonly<Record<string, (told: unknown) => unknown>> = {
  welcome: (told) => whoAndHowLong(readWelcome(told).identity),
  accepted: (told) => whoAndHowLong(readAccepted(told)),
  authExpiring: (told) => ({ inMs: readAuthExpiring(told) }),
  alert: (told) => {
    const alert = readAlert(told);
    return { ...alert, data: alert.data ?? null };
  },
  unsubscribed: readUnsubscribed,
};

function whoAndHowLong({ user, expiresIn }: Identity): object {
  return { user: user ?? null, authExpiresIn: (expiresIn ?? 0) / 1_000 };
}

describe("close-codes.json", () => {
  const cases = Object.entries(closeCodes.verdicts).flatMap(([expected, codes]) =>
    codes.map((code) => ({ code, expected })),
  );

  it.each(cases)("$code says $expected", ({ code, expected }) => {
    expect(verdict(code)).toBe(expected);
  });
});

describe("topic-names.json", () => {
  it.each(topicNames.valid)("%j is a name", (name) => {
    expect(topicName(name)).toBe(name);
  });

  it.each(topicNames.invalid)("%j is none", (name) => {
    expect(() => topicName(name)).toThrow(TypeError);
  });

  it("a name has at most 200 characters", () => {
    expect(validTopicName("a".repeat(200))).toBe(true);
    expect(validTopicName("a".repeat(201))).toBe(false);
  });
});

function decode(hex: string): string {
  const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

function describeFrame(frame: Frame): Record<string, unknown> {
  switch (frame.kind) {
    case "unreadable":
      return { kind: "unreadable", code: frame.fault.code };
    case "batch":
      return { kind: "batch", messages: frame.messages.map(describeMessage) };
    case "single":
      return describeMessage(frame.message);
  }
}

function describeMessage(message: Message): Record<string, unknown> {
  switch (message.kind) {
    case "request":
      return clean({ ...message, id: JSON.stringify(message.id) });
    case "notification":
      return clean({ ...message });
    case "success":
      return { ...message, id: JSON.stringify(message.id) };
    case "failure":
      return { kind: "failure", id: JSON.stringify(message.id), ...message.fault };
    case "malformed":
      return clean({
        kind: "malformed",
        id: JSON.stringify(message.id),
        code: message.fault.code,
        response: message.response === true || undefined,
      });
  }
}

/** The texts of our own faults are nobody's business but ours. */
function withoutWords(expected: Record<string, unknown>): Record<string, unknown> {
  if (expected.kind === "malformed" || expected.kind === "unreadable") {
    const { message: _, ...rest } = expected;
    return rest;
  }
  return expected;
}

function clean(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function write(frame: Frame): string {
  switch (frame.kind) {
    case "unreadable":
      throw new Error("nothing to write");
    case "batch":
      return writeBatch(frame.messages.map(writeMessage));
    case "single":
      return writeMessage(frame.message);
  }
}

function writeMessage(message: Message): string {
  switch (message.kind) {
    case "request":
      return writeRequest(message.id, message.method, encoded(message.params));
    case "notification":
      return writeNotification(message.method, encoded(message.params));
    case "success":
      return writeSuccess(message.id, encode(message.result));
    case "failure":
      return writeFailure(message.id, message.fault);
    case "malformed":
      throw new Error("nothing to write");
  }
}

function encoded(params: Params | undefined): Json | undefined {
  return params === undefined ? undefined : encode(params);
}
