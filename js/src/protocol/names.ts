// Method names that Everwire itself uses.

export const Names = {
  HELLO: "rpc.hello",
  SUBSCRIBE: "rpc.subscribe",
  UNSUBSCRIBE: "rpc.unsubscribe",
  PUBLISH: "rpc.publish",
  HISTORY: "rpc.history",
  /** A new token for the connection that is there. */
  AUTH: "rpc.auth",
  EVENT: "rpc.event",
  /** A call with positional parameters and metadata: `{method, params, meta}`. */
  CALL: "rpc.call",
  PING: "$/ping",
  PONG: "$/pong",
  CANCEL: "$/cancelRequest",
  GAP: "$/gap",
  /** The server has ended a subscription. */
  UNSUBSCRIBED: "$/unsubscribed",
  AUTH_EXPIRING: "$/authExpiring",
  ALERT: "$/alert",
  PROGRESS: "$/progress",
  ITEM: "$/item",
  CREDIT: "$/credit",
  END: "$/end",
  /** The member of named parameters that holds a call's metadata. */
  META: "_meta",
} as const;

/** The id of `rpc.hello`, a string so that it stands outside the count of calls. */
export const HELLO_ID = "h";

const MAX_LENGTH = 256;

/**
 * A name that an application may serve: 1–256 characters that do not begin with `_`, `rpc.` or
 * `$/`. Answers the name, or throws a `TypeError`.
 */
export function methodName(name: string): string {
  if (typeof name !== "string" || name.length === 0 || name.length > MAX_LENGTH) {
    throw new TypeError(`method: ${JSON.stringify(name)} (expected: 1-256 characters)`);
  }
  if (name.startsWith("_") || name.startsWith("rpc.") || name.startsWith("$/")) {
    throw new TypeError(`method: "${name}" (expected: not to begin with _, rpc. or $/)`);
  }
  return name;
}
