// Keeps one client connected: feeds its Lifecycle with what happens and carries out what that decides.

import { ConnectFailedError } from "./errors.ts";
import { Lifecycle } from "./lifecycle/lifecycle.ts";
import type { Effect, End, Input, State } from "./lifecycle/types.ts";
import { Line, type LineListener } from "./line.ts";
import type { Settings } from "./options.ts";
import type { Offer } from "./peer.ts";
import type { Json } from "./protocol/json.ts";
import { Names } from "./protocol/names.ts";
import type { Route } from "./session/effects.ts";
import type { OutboundCall } from "./session/outbound-calls.ts";
import { ENDED, type Outgoing, type Sent } from "./session/outgoing.ts";
import type { Status } from "./status.ts";
import { StatusMailbox } from "./status-mailbox.ts";
import { Topics } from "./topic/topics.ts";

export class Keeper implements Outgoing, LineListener {
  readonly topics: Topics;
  readonly statuses: StatusMailbox;
  readonly #settings: Settings;
  readonly #lifecycle: Lifecycle;
  readonly #line: Line;
  readonly #eventRoute: Route;
  readonly #gapRoute: Route;
  readonly #inputs: Input[] = [];
  readonly #backOnline = () => this.#hurry();
  #stepping = false;
  #state: State = { kind: "idle" };
  #status: Status = { kind: "connecting", attempt: 1 };
  #online = false;
  #cancelWake: () => void = () => undefined;
  #lastFailure = "no answer";
  #ended: Promise<void>;
  #resolveEnded: () => void = () => undefined;
  #firstLive: ((failure: ConnectFailedError | undefined) => void) | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    const { scheduler, random, onError, reconnect, plain } = settings;
    this.#lifecycle = new Lifecycle(!plain, (failures) => reconnect(failures, random));
    this.#line = new Line(settings, (method) => this.#route(method), this);
    this.topics = new Topics(scheduler, random, onError);
    this.statuses = new StatusMailbox(onError);
    this.#eventRoute = { kind: "inline", handle: (params) => this.topics.event(params) };
    this.#gapRoute = { kind: "inline", handle: (params) => this.topics.gap(params) };
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
    switch (method) {
      case Names.EVENT:
        return this.#eventRoute;
      case Names.GAP:
        return this.#gapRoute;
      default: {
        const handler = this.#settings.methods.get(method);
        return handler === undefined ? undefined : { kind: "handler", handler };
      }
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
      case "dial":
        this.#clearWake();
        this.#line.dial();
        break;
      case "cancelDial":
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
        this.topics.offline();
        break;
      case "announce":
        this.#announce(now);
        break;
      case "finish":
        this.#finish();
        break;
    }
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
      case "dialing":
        return { kind: "connecting", attempt: state.attempt };
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
