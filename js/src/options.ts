// How a client is made. Everything has a default; Node before 22 has to say which WebSocket to use.

import type { Handler } from "./peer.ts";
import { methodName } from "./protocol/names.ts";
import type { Alert } from "./protocol/wire.ts";
import { exponential, type ReconnectPolicy } from "./reconnect.ts";
import { type SessionLimits, sessionLimits } from "./session/limits.ts";
import type { AuthenticationFailed, Status } from "./status.ts";
import { type TokenPlace, type TokenSupplier, type Tokens, tokens } from "./token-supplier.ts";
import { type Scheduler, systemScheduler } from "./transport/scheduler.ts";
import type { WebSocketConstructor } from "./transport/socket.ts";

/** Tells when the network is back: `globalThis` in browsers. */
export interface NetworkEvents {
  addEventListener(type: "online", listener: () => void): void;
  removeEventListener(type: "online", listener: () => void): void;
}

export interface ClientOptions {
  /** Opens the connections; the platform's own by default. */
  readonly webSocket?: WebSocketConstructor | undefined;
  /** Methods that the server may call, by name. */
  readonly methods?: Readonly<Record<string, Handler>> | undefined;
  /** Is told every status, one at a time and in order. */
  readonly onStatus?: ((status: Status) => void) | undefined;
  /**
   * Who the client is: always the same token, or a function that is asked before every dial and
   * before a token expires. It is told to nobody but the server, and never in the URL.
   */
  readonly token?: string | TokenSupplier | undefined;
  /** Where the token is put; `message` by default. */
  readonly tokenPlace?: TokenPlace | undefined;
  /** How often in a row a refusal is answered with another token, 3 by default; 0–100. */
  readonly authRetries?: number | undefined;
  /** For the token function, and again for the answer to hello, in milliseconds; 10 000 each. */
  readonly authTimeout?: number | undefined;
  /** Is told when the server does not take the client for whom it says it is. */
  readonly onAuthenticationFailed?: ((failed: AuthenticationFailed) => void) | undefined;
  /** Is told what an administrator of the server has to say to people. */
  readonly onAlert?: ((alert: Alert) => void) | undefined;
  /** Is told what a handler or listener of yours has thrown; `console.error` by default. */
  readonly onError?: ((error: unknown, what: string) => void) | undefined;
  /** When to dial again. By default a random time of up to 1 s, 2 s, 4 s … 60 s, for ever. */
  readonly reconnect?: ReconnectPolicy | undefined;
  /** How long `connect` tries, in milliseconds; 30 000 by default. */
  readonly connectWithin?: number | undefined;
  /** How long one dial may take, in milliseconds; 10 000 by default. */
  readonly dialTimeout?: number | undefined;
  /** Never say hello: nothing but JSON-RPC 2.0 goes over the wire, and no heartbeat. */
  readonly plain?: boolean | undefined;
  readonly limits?: Partial<SessionLimits> | undefined;
  /** How many events may wait in each subscription, 10 000 by default. */
  readonly maxWaitingEvents?: number | undefined;
  /** How the client calls itself, for the server's logs. */
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  /** Time, for tests. */
  readonly scheduler?: Scheduler | undefined;
  /** Chance from 0 to 1, for delays and the phase of heartbeats. */
  readonly random?: (() => number) | undefined;
  /** Where `online` is told; `globalThis` where it has such events. */
  readonly network?: NetworkEvents | undefined;
}

/** Options with nothing left open. */
export interface Settings {
  readonly url: string;
  /** The url without its query, which may hold a token: for people. */
  readonly address: string;
  readonly webSocket: WebSocketConstructor;
  readonly methods: Map<string, Handler>;
  readonly tokens: Tokens | undefined;
  readonly tokenPlace: TokenPlace;
  readonly authRetries: number;
  readonly authTimeout: number;
  readonly onError: (error: unknown, what: string) => void;
  readonly reconnect: ReconnectPolicy;
  readonly connectWithin: number;
  readonly dialTimeout: number;
  readonly plain: boolean;
  readonly limits: SessionLimits;
  readonly maxWaitingEvents: number;
  readonly name: string;
  readonly version: string;
  readonly scheduler: Scheduler;
  readonly random: () => number;
  readonly network: NetworkEvents | undefined;
}

export const VERSION = "0.1.0";

/** Fills in the defaults. Throws where an option is wrong: name, value, what is expected. */
export function settings(url: string | URL, options: ClientOptions): Settings {
  const target = webSocketUrl(url);
  return {
    url: target.href,
    address: `${target.protocol}//${target.host}${target.pathname}`,
    webSocket: options.webSocket ?? platformWebSocket(),
    methods: new Map(
      Object.entries(options.methods ?? {}).map(([name, handler]) => [methodName(name), handler]),
    ),
    tokens: tokens(options.token),
    tokenPlace: tokenPlace(options),
    authRetries: authRetries(options.authRetries),
    authTimeout: positive("authTimeout", options.authTimeout ?? 10_000),
    onError: quiet(options.onError ?? ((error, what) => console.error(`everwire: ${what}`, error))),
    reconnect: options.reconnect ?? exponential(),
    connectWithin: positive("connectWithin", options.connectWithin ?? 30_000),
    dialTimeout: positive("dialTimeout", options.dialTimeout ?? 10_000),
    plain: options.plain ?? false,
    limits: sessionLimits(options.limits ?? {}),
    maxWaitingEvents: positive("maxWaitingEvents", options.maxWaitingEvents ?? 10_000),
    name: options.name ?? "everwire-js",
    version: options.version ?? VERSION,
    scheduler: options.scheduler ?? systemScheduler,
    random: options.random ?? Math.random,
    network: options.network ?? platformNetwork(),
  };
}

/** Absolute, or relative to the page; `http` and `https` are taken for `ws` and `wss`. */
function webSocketUrl(url: string | URL): URL {
  const base = (globalThis as { location?: { href?: string } }).location?.href;
  let parsed: URL;
  try {
    parsed = new URL(url, base);
  } catch {
    throw new TypeError(`url: ${String(url)} (expected: a URL such as wss://example.org/ws)`);
  }
  parsed.protocol = parsed.protocol.replace(/^http/, "ws");
  parsed.hash = "";
  if (parsed.protocol !== "ws:" && parsed.protocol !== "wss:") {
    throw new TypeError(`url: ${parsed.protocol} (expected: ws:, wss:, http: or https:)`);
  }
  return parsed;
}

function platformWebSocket(): WebSocketConstructor {
  const found = (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
  if (found === undefined) {
    throw new TypeError(
      'webSocket: not given, and this platform has none (expected: for instance that of the package "ws")',
    );
  }
  return found;
}

function platformNetwork(): NetworkEvents | undefined {
  const candidate: Partial<NetworkEvents> = globalThis as Partial<NetworkEvents>;
  return typeof candidate.addEventListener === "function" &&
    typeof candidate.removeEventListener === "function"
    ? (globalThis as unknown as NetworkEvents)
    : undefined;
}

/** A reporter that fails is nobody's business here. */
function quiet(
  report: (error: unknown, what: string) => void,
): (error: unknown, what: string) => void {
  return (error, what) => {
    try {
      report(error, what);
    } catch {
      // There is nobody left to tell.
    }
  };
}

function tokenPlace({ token, tokenPlace = "message", plain }: ClientOptions): TokenPlace {
  if (tokenPlace !== "message" && tokenPlace !== "subprotocol") {
    throw new TypeError(`tokenPlace: ${String(tokenPlace)} (expected: message or subprotocol)`);
  }
  if (token !== undefined && plain === true && tokenPlace === "message") {
    throw new TypeError("tokenPlace: message (expected: subprotocol, where no hello is said)");
  }
  return tokenPlace;
}

function authRetries(times = 3): number {
  if (!Number.isInteger(times) || times < 0 || times > 100) {
    throw new RangeError(`authRetries: ${times} (expected: 0-100)`);
  }
  return times;
}

function positive(name: string, value: number): number {
  if (!(value > 0 && value <= Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`${name}: ${value} (expected: > 0)`);
  }
  return value;
}
