// Renews a token on the living connection before it expires, whatever the server says at most every
// 5 s. If that fails the server closes the connection with 4101, and the next dial asks for a new
// token anyway.

import type { Credentials } from "./credentials.ts";
import type { Scheduler } from "./transport/scheduler.ts";

/** What became of a token that was sent by `rpc.auth`. */
export type Renewed =
  /** With how many milliseconds it lasts; undefined if the server does not say. */
  | { readonly kind: "accepted"; readonly expiresIn: number | undefined }
  /** With how many milliseconds the server asks to wait, or 0. */
  | { readonly kind: "refused"; readonly why: string; readonly retryAfterMs: number }
  /** The server does not know of it, or the connection went away. */
  | { readonly kind: "unknown" };

export interface RenewalSettings {
  readonly scheduler: Scheduler;
  readonly authRetries: number;
  readonly authTimeout: number;
}

/** What a renewal does to the outside. */
export interface RenewalWire {
  /** Ends with the connection at the latest, as `unknown`. */
  renew(token: string, done: (outcome: Renewed) => void): void;

  refused(why: string, willRetry: boolean): void;
}

const LONGEST_MARGIN = 60_000;
const BETWEEN_TRIES = 5_000;
const LONGEST_TIMER = 86_400_000; // what is due later is looked at again

export class Renewal {
  readonly #credentials: Credentials;
  readonly #settings: RenewalSettings;
  readonly #wire: RenewalWire;
  #cancelTimer: () => void = () => undefined;
  #underWay = false; // the supplier or the server is asked
  #dueAt: number | undefined; // the next try, if one is planned
  #triedAt: number | undefined; // on this connection
  #failures = 0;

  /** @param credentials for this alone: a dial asks for its own */
  constructor(credentials: Credentials, settings: RenewalSettings, wire: RenewalWire) {
    this.#credentials = credentials;
    this.#settings = settings;
    this.#wire = wire;
  }

  /**
   * The token ends in so long: renewed when a tenth of that is left, at most a minute, and not later
   * than was planned before.
   */
  expiring(inMs: number): void {
    if (this.#underWay) {
      return; // what comes of that says more
    }
    this.#failures = 0;
    const wait = inMs - Math.min(LONGEST_MARGIN, inMs / 10);
    if (this.#dueAt === undefined || this.#settings.scheduler.now() + wait < this.#dueAt) {
      this.#begin(wait);
    }
  }

  /** There is no connection to renew on, or another one. */
  stop(): void {
    this.#dueAt = undefined;
    this.#triedAt = undefined;
    this.#underWay = false;
    this.#credentials.forget();
    this.#cancelTimer();
  }

  #begin(inMs: number): void {
    const { scheduler } = this.#settings;
    const now = scheduler.now();
    const earliest = this.#triedAt === undefined ? now : this.#triedAt + BETWEEN_TRIES;
    this.#dueAt = Math.max(now + inMs, earliest);
    this.#wait(this.#dueAt, () => this.#fetch());
  }

  /** Takes the place of an earlier wait. */
  #wait(until: number, body: () => void): void {
    const { scheduler } = this.#settings;
    this.#cancelTimer();
    this.#cancelTimer = scheduler.schedule(Math.min(LONGEST_TIMER, until - scheduler.now()), () => {
      if (scheduler.now() < until) {
        this.#wait(until, body);
      } else {
        body();
      }
    });
  }

  #fetch(): void {
    const { scheduler, authTimeout } = this.#settings;
    this.#underWay = true;
    this.#dueAt = undefined;
    this.#triedAt = scheduler.now();
    this.#wait(this.#triedAt + authTimeout, () => {
      this.#credentials.forget();
      this.#again("no token in time", 0);
    });
    this.#credentials.fetch(
      true,
      (token) => (token === undefined ? this.#again("no token", 0) : this.#send(token)),
      (why) => this.#again(`no token: ${why}`, 0),
    );
  }

  #send(token: string): void {
    this.#cancelTimer(); // the call has a deadline of its own
    this.#wire.renew(token, (outcome) => this.#hear(outcome));
  }

  #hear(outcome: Renewed): void {
    this.#underWay = false;
    switch (outcome.kind) {
      case "accepted":
        this.#failures = 0;
        if (outcome.expiresIn !== undefined) {
          this.expiring(outcome.expiresIn);
        }
        break;
      case "refused":
        this.#again(outcome.why, outcome.retryAfterMs);
        break;
      case "unknown":
    }
  }

  #again(why: string, atLeast: number): void {
    this.#cancelTimer();
    this.#underWay = false;
    this.#failures++;
    const willRetry = this.#failures <= this.#settings.authRetries;
    this.#wire.refused(why, willRetry);
    if (willRetry) {
      this.#begin(Math.max(BETWEEN_TRIES, atLeast));
    }
  }
}
