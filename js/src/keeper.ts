// Keeps one client connected: feeds its Lifecycle with what happens and carries out what that decides.

import { Credentials } from "./credentials.ts";
import { ConnectFailedError } from "./errors.ts";
import { Lifecycle } from "./lifecycle/lifecycle.ts";
import type { Effect, End, Input, State } from "./lifecycle/types.ts";
import { Line, type LineListener } from "./line.ts";
import { Mailbox } from "./mailbox.ts";
import { notices } from "./notices.ts";
import type { Settings } from "./options.ts";
import type { Offer } from "./peer.ts";
import type { Json } from "./protocol/json.ts";
import type { Alert } from "./protocol/wire.ts";
import { Renewal } from "./renewal.ts";
import type { Route } from "./session/effects.ts";
import type { OutboundCall } from "./session/outbound-calls.ts";
import { ENDED, type Outgoing, type Sent } from "./session/outgoing.ts";
import type { AuthenticationFailed, Status } from "./status.ts";
import { Topics } from "./topic/topics.ts";

export class Keeper implements Outgoing, LineListener {
  readonly topics: Topics;
  readonly statuses: Mailbox<Status>;
  readonly refusals: Mailbox<AuthenticationFailed>;
  readonly alerts: Mailbox<Alert>;
  readonly #settings: Settings;
  readonly #lifecycle: Lifecycle;
  readonly #line: Line;
  readonly #credentials: Credentials | undefined; // for dials
  readonly #renewal: Renewal | undefined; // where another token can be had
  readonly #notices: ReadonlyMap<string, Route>;
  readonly #inputs: Input[] = [];
  readonly #backOnline = () => this.#hurry();
  #stepping = false;
  #state: State = { kind: "idle" };
  #status: Status = { kind: "connecting", attempt: 1 };
  #online = false;
  #token: string | undefined; // for the dial that follows
  #cancelWake: () => void = () => undefined;
  #lastFailure = "no answer";
  #ended: Promise<void>;
  #resolveEnded: () => void = () => undefined;
  #firstLive: ((failure: ConnectFailedError | undefined) => void) | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    const { scheduler, random, onError, reconnect, plain, tokens } = settings;
    this.#lifecycle = new Lifecycle({
      greets: !plain,
      tokens: tokens?.kind ?? "none",
      showsInUpgrade: settings.tokenPlace === "subprotocol",
      authRetries: settings.authRetries,
      greetWithin: settings.authTimeout,
      delays: (failures) => reconnect(failures, random),
    });
    this.#line = new Line(settings, (method) => this.#route(method), this);
    this.#credentials = tokens === undefined ? undefined : new Credentials(tokens.supplier);
    this.#renewal =
      tokens?.kind === "renewed"
        ? new Renewal(new Credentials(tokens.supplier), settings, {
            renew: (token, done) => this.#line.renew(token, done),
            refused: (why, willRetry) => this.refusals.tell({ why, willRetry }),
          })
        : undefined;
    this.topics = new Topics(scheduler, random, onError);
    this.statuses = new Mailbox("status", onError);
    this.refusals = new Mailbox("authentication", onError);
    this.alerts = new Mailbox("alert", onError);
    const noticed = {
      alert: (alert: Alert) => this.alerts.tell(alert),
      expiring: (inMs: number) => this.#expiring(inMs),
    };
    this.#notices = notices(this.topics, noticed, onError);
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get status(): Status {
    return this.#status;
  }

  get sessionId(): string | undefined {
    return this.#line.sessionId;
  }

  get user(): string | undefined {
    return this.#line.user;
  }

  get tokenExpiresIn(): number | undefined {
    return this.#line.tokenExpiresIn;
  }

  /** Done when the client is closed and every connection is gone. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Starts to dial. Idempotent. */
  start(): void {
    if (this.#state.kind === "idle") {
      this.#settings.network?.addEventListener("online", this.#backOnline);
      this.#put({ kind: "start" });
    }
  }

  /** Starts; done at the first live connection. Gives up unless there is one by then. */
  connect(within: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancelLimit = this.#settings.scheduler.schedule(within, () => {
        this.close(`not connected within ${within} ms: ${this.#lastFailure}`);
      });
      this.#firstLive = (failure) => {
        this.#firstLive = undefined;
        cancelLimit();
        if (failure === undefined) {
          resolve();
        } else {
          reject(failure);
        }
      };
      this.start();
    });
  }

  /** Shows a new token on the living connection. */
  authenticate(): void {
    if (this.#online) {
      this.#renewal?.expiring(0);
    }
  }

  close(why: string): void {
    this.#put({ kind: "close", why });
  }

  // ---- the user's calls

  call(call: OutboundCall): Sent {
    const connection = this.#line.connection;
    if (!this.#online || connection === undefined) {
      const closed = this.#state.kind === "closed";
      const reason = closed ? "client closed" : "not connected";
      call.done({ kind: "lost", maybeExecuted: false, reason });
      return ENDED;
    }
    return connection.call(call);
  }

  notify(method: string, params: Json | undefined): Offer {
    const connection = this.#line.connection;
    return this.#online && connection !== undefined ? connection.notify(method, params) : "closed";
  }

  #route(method: string): Route | undefined {
    const handler = this.#settings.methods.get(method);
    return handler === undefined ? this.#notices.get(method) : { kind: "handler", handler };
  }

  /** Told by the server. */
  #expiring(inMs: number): void {
    if (this.#online) {
      this.#line.expiring(inMs);
      this.#renewal?.expiring(inMs);
    }
  }

  // ---- the lifecycle

  happened(input: Input): void {
    this.#put(input);
  }

  released(): void {
    this.#endIfNothingIsLeft();
  }

  /** The network is back: a wait is over, and a link that seems to live has to prove it. */
  #hurry(): void {
    this.#line.connection?.doubt();
    this.#put({ kind: "hurry" });
  }

  #put(input: Input): void {
    this.#inputs.push(input);
    if (this.#stepping) {
      return;
    }
    this.#stepping = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        const now = this.#settings.scheduler.now();
        const step = this.#lifecycle.step(this.#state, next, now);
        this.#state = step.next;
        for (const effect of step.effects) {
          this.#carryOut(effect, now);
        }
      }
    } finally {
      this.#stepping = false;
    }
  }

  #carryOut(effect: Effect, now: number): void {
    switch (effect.kind) {
      case "fetchToken":
        this.#fetchToken(effect.renew);
        break;
      case "dial":
        this.#clearWake();
        this.#line.dial(this.#token);
        this.#token = undefined;
        break;
      case "cancelDial":
        this.#credentials?.forget();
        this.#line.cancelDial();
        break;
      case "greet":
        this.#line.greet();
        break;
      case "hangup":
        this.#line.hangup(effect.code, effect.reason);
        break;
      case "wakeAt":
        this.#clearWake();
        this.#cancelWake = this.#settings.scheduler.schedule(effect.at - now, () => {
          this.#put({ kind: "wake" });
        });
        break;
      case "goOnline":
        this.#goOnline();
        break;
      case "goOffline":
        this.#online = false;
        this.#renewal?.stop();
        this.topics.offline();
        break;
      case "announce":
        this.#announce(now);
        break;
      case "refused":
        this.refusals.tell({ why: effect.why, willRetry: effect.willRetry });
        break;
      case "finish":
        this.#finish();
        break;
    }
  }

  #fetchToken(renew: boolean): void {
    this.#credentials?.fetch(
      renew,
      (token) => {
        this.#token = token;
        this.#put({ kind: "tokenReady" });
      },
      (message) => this.#put({ kind: "tokenFailed", message }),
    );
  }

  #clearWake(): void {
    this.#cancelWake();
    this.#cancelWake = () => undefined;
  }

  #goOnline(): void {
    this.#clearWake();
    const connection = this.#line.connection;
    if (connection !== undefined) {
      this.#online = true;
      this.topics.online(connection);
      const expiresIn = this.tokenExpiresIn;
      if (expiresIn !== undefined) {
        this.#renewal?.expiring(expiresIn);
      }
    }
    this.#firstLive?.(undefined);
  }

  #announce(now: number): void {
    const status = this.#describe(this.#state, now);
    if (status !== undefined) {
      this.#status = status;
      this.statuses.tell(status);
    }
  }

  #describe(state: State, now: number): Status | undefined {
    switch (state.kind) {
      case "idle":
      case "greeting":
        return undefined;
      case "fetching":
      case "dialing":
        return { kind: "connecting", attempt: state.attempt.number };
      case "live":
        return { kind: "live", resumed: state.resumed };
      case "waiting":
        this.#lastFailure = state.failure;
        return { kind: "waiting", delayMs: state.until - now };
      case "closed":
        return { kind: "closed", why: state.end.why };
    }
  }

  #finish(): void {
    this.#clearWake();
    this.#settings.network?.removeEventListener("online", this.#backOnline);
    if (this.#state.kind === "closed") {
      const end: End = this.#state.end;
      this.topics.end(
        end.asked ? { kind: "closed" } : { kind: "lost", why: `client closed: ${end.why}` },
      );
      this.#firstLive?.(
        new ConnectFailedError(`${this.#settings.address}: ${end.why}`, end.httpStatus),
      );
    }
    this.#endIfNothingIsLeft();
  }

  #endIfNothingIsLeft(): void {
    if (this.#state.kind === "closed" && this.#line.released) {
      this.#resolveEnded();
    }
  }
}
