// What Everwire's own messages carry (docs/protocol.md sections 3, 4 and 7), checked where it comes in.
// Unknown members are ignored; a required one that is missing or wrong is a WireError.

import { checkedPosition, type Position } from "./position.ts";

/** A message of the peer's was not understood; names the member. */
export class WireError extends Error {
  override readonly name = "WireError";
}

export interface Heartbeat {
  /** Milliseconds of silence before a ping. */
  readonly interval: number;
  /** Milliseconds of silence after a ping before the link is given up. */
  readonly timeout: number;
}

/** The part of the answer to `rpc.hello` that is used here. */
export interface Welcome {
  readonly session: string;
  readonly resumed: boolean;
  /** What the server understands. */
  readonly caps: readonly string[];
  /** The largest message it reads. */
  readonly maxBytes: number;
  readonly heartbeat: Heartbeat;
  readonly identity: Identity;
}

/** Who the client is to the server. */
export interface Identity {
  /** Undefined for nobody in particular. */
  readonly user: string | undefined;
  /** Milliseconds until the client's token ends; undefined if the server does not say. */
  readonly expiresIn: number | undefined;
}

/** An administrator has something to say to people. */
export interface Alert {
  /** One word: `info`, `warning`, `critical`, or another of small letters. */
  readonly severity: string;
  /** At most 4 096 characters; may be empty if there is data. */
  readonly message: string;
  /** For programs; undefined if there is none. */
  readonly data: unknown;
}

export interface Entry {
  readonly offset: number;
  readonly data: unknown;
}

/** The answer to `rpc.subscribe`. */
export interface Subscribed {
  /** Where the subscriber stands after the events; live events go on behind it. */
  readonly position: Position;
  /** What came of `since`: undefined if there was none. */
  readonly recovered: boolean | undefined;
  readonly events: readonly Entry[];
  /** Nothing is live yet: subscribe again from the position. */
  readonly more: boolean;
  readonly reason: string | undefined;
}

/** The answer to `rpc.history`. */
export interface History {
  /** The stream's top when it was read. */
  readonly position: Position;
  readonly events: readonly Entry[];
  readonly more: boolean;
}

export interface TopicEvent {
  readonly topic: string;
  readonly offset: number;
  readonly data: unknown;
}

/** Events that will not come. With an epoch the stream began a new life and stands at `to` in it. */
export interface WireGap {
  readonly topic: string;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly epoch: string | undefined;
}

const DEFAULT_INTERVAL = 25_000;
const DEFAULT_TIMEOUT = 10_000;
const LONGEST_HEARTBEAT = 86_400_000;
const LONGEST_LIFE = 315_360_000; // of a token, in seconds
const LONGEST_NOTICE = 365 * 86_400_000;
const SEVERITY = /^[a-z]{1,16}$/;
const LONGEST_MESSAGE = 4_096;

export function readWelcome(result: unknown): Welcome {
  const members = object(result, "result");
  const heartbeat = members.heartbeat ?? undefined;
  return {
    session: string(members, "session"),
    resumed: boolean(members, "resumed"),
    caps: Array.isArray(members.caps) ? members.caps.filter((cap) => typeof cap === "string") : [],
    maxBytes: readFrameLimit(members.limits),
    heartbeat:
      heartbeat === undefined
        ? { interval: DEFAULT_INTERVAL, timeout: DEFAULT_TIMEOUT }
        : readHeartbeat(object(heartbeat, "heartbeat")),
    identity: identity(members),
  };
}

/** The answer to `rpc.auth`. */
export function readAccepted(result: unknown): Identity {
  return identity(object(result, "result"));
}

/** In how many milliseconds the client's token ends. */
export function readAuthExpiring(params: unknown): number {
  const inMs = integer(object(params, "params"), "inMs", Number.MIN_SAFE_INTEGER);
  return Math.min(LONGEST_NOTICE, Math.max(0, inMs));
}

export function readAlert(params: unknown): Alert {
  const members = object(params, "params");
  const severity = string(members, "severity");
  const message = stringOrNothing(members, "message") ?? "";
  if (!SEVERITY.test(severity)) {
    throw new WireError("severity: expected 1-16 small letters");
  }
  if (message.length > LONGEST_MESSAGE) {
    throw new WireError(`message: expected at most ${LONGEST_MESSAGE} characters`);
  }
  return { severity, message, data: members.data ?? undefined };
}

function readFrameLimit(limits: unknown): number {
  const frame = typeof limits === "object" && limits !== null && "frame" in limits && limits.frame;
  return typeof frame === "number" && frame >= 1 ? frame : Number.POSITIVE_INFINITY;
}

export function readSubscribed(result: unknown): Subscribed {
  const members = object(result, "result");
  const recovered = members.recovered ?? undefined;
  return {
    position: position(members),
    recovered: recovered === undefined ? undefined : boolean(members, "recovered"),
    events: entries(members),
    more: boolean(members, "more"),
    reason: stringOrNothing(members, "reason"),
  };
}

export function readHistory(result: unknown): History {
  const members = object(result, "result");
  return {
    position: position(members),
    events: entries(members),
    more: boolean(members, "more"),
  };
}

/** The answer to `rpc.publish`. */
export function readPublished(result: unknown): Position {
  return position(object(result, "result"));
}

export function readTopicEvent(params: unknown): TopicEvent {
  const members = object(params, "params");
  return { topic: string(members, "topic"), ...entry(members) };
}

export function readGap(params: unknown): WireGap {
  const members = object(params, "params");
  return {
    topic: string(members, "topic"),
    from: integer(members, "from", 0),
    to: integer(members, "to", 0),
    reason: string(members, "reason"),
    epoch: stringOrNothing(members, "epoch"),
  };
}

/** The server has ended a subscription. */
export interface Unsubscribed {
  readonly topic: string;
  readonly code: number;
  readonly reason: string;
}

export function readUnsubscribed(params: unknown): Unsubscribed {
  const members = object(params, "params");
  const code = integer(members, "code", Number.MIN_SAFE_INTEGER);
  if (code !== (code | 0)) {
    throw new WireError("code: expected an integer of 32 bits");
  }
  return {
    topic: string(members, "topic"),
    code,
    reason: stringOrNothing(members, "reason") ?? "",
  };
}

type Members = Readonly<Record<string, unknown>>;

function identity(members: Members): Identity {
  const seconds =
    (members.authExpiresIn ?? undefined) === undefined
      ? 0
      : integer(members, "authExpiresIn", Number.MIN_SAFE_INTEGER);
  return {
    user: stringOrNothing(members, "user") || undefined,
    expiresIn: seconds > 0 ? Math.min(seconds, LONGEST_LIFE) * 1_000 : undefined,
  };
}

function readHeartbeat(members: Members): Heartbeat {
  const bounded = (name: string) =>
    Math.min(LONGEST_HEARTBEAT, Math.max(1, integer(members, name, 0)));
  return { interval: bounded("interval"), timeout: bounded("timeout") };
}

function position(members: Members): Position {
  try {
    return checkedPosition("position", {
      epoch: string(members, "epoch"),
      offset: integer(members, "offset", 0),
    });
  } catch (e) {
    throw e instanceof TypeError ? new WireError(e.message) : e;
  }
}

function entries(members: Members): readonly Entry[] {
  const list = members.events ?? [];
  if (!Array.isArray(list)) {
    throw new WireError("events: expected an array");
  }
  return list.map((value: unknown) => entry(object(value, "events")));
}

function entry(members: Members): Entry {
  return { offset: integer(members, "offset", 1), data: members.data ?? null };
}

function object(value: unknown, name: string): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new WireError(`${name}: expected an object`);
  }
  return value as Members;
}

function string(members: Members, name: string): string {
  const value = members[name];
  if (typeof value !== "string") {
    throw new WireError(`${name}: expected a string`);
  }
  return value;
}

function stringOrNothing(members: Members, name: string): string | undefined {
  return (members[name] ?? undefined) === undefined ? undefined : string(members, name);
}

function boolean(members: Members, name: string): boolean {
  const value = members[name] ?? false;
  if (typeof value !== "boolean") {
    throw new WireError(`${name}: expected a boolean`);
  }
  return value;
}

function integer(members: Members, name: string, least: number): number {
  const value = members[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least) {
    throw new WireError(`${name}: expected an integer >= ${least}`);
  }
  return value;
}
