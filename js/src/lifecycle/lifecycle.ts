// The rules of a client's life. Whether to come back is said by the close code, the HTTP status or
// hello's fault; when, by the reconnect policy. An explicit close wins in every state. Pure: takes a
// state, an input and the time, and answers the next state and what to do.
//
// An attempt's number grows with each dial and starts over at 1 after a connection that was live for
// 30 s. With delays 1 s, 2 s, 4 s: dial 1 fails → wait 1 s → dial 2 comes through, is lost after 5 s →
// wait 2 s → dial 3 comes through, is lost after an hour → wait 1 s → dial 1.

import { CloseCode, verdict } from "../protocol/close-code.ts";
import { type Attempt, FIRST, next, refused, renewing, welcomed } from "./attempt.ts";
import { mayRenew, type Rules } from "./rules.ts";
import type { Effect, End, Input, State, Step } from "./types.ts";
import {
  closedUnauthenticated,
  faultUnauthenticated,
  permanent,
  unauthenticated,
} from "./verdicts.ts";

/** A connection that was live for so long has cleared the record of failures. */
export const STABLE_AFTER = 30_000;

/** A server cannot send a client away for longer. */
const LONGEST_WAIT = 86_400_000;

/** For a server that closes with 4200–4299. */
const UNTOLD_WAIT = 5_000;

type In<K extends State["kind"]> = Extract<State, { kind: K }>;
type Of<K extends Input["kind"]> = Extract<Input, { kind: K }>;

export class Lifecycle {
  readonly #rules: Rules;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  step(state: State, input: Input, now: number): Step {
    if (input.kind === "close") {
      return close(state, input.why);
    }
    switch (state.kind) {
      case "idle":
        return input.kind === "start" ? this.#begin(FIRST, now) : stay(state);
      case "fetching":
        return this.#fetching(state, input, now);
      case "dialing":
        return this.#dialing(state, input, now);
      case "greeting":
        return this.#greeting(state, input, now);
      case "live":
        return input.kind === "lost" ? this.#liveLost(state, input, now) : stay(state);
      case "waiting":
        return this.#waiting(state, input, now);
      case "closed":
        return stay(state);
    }
  }

  #begin(attempt: Attempt, now: number): Step {
    if (this.#rules.tokens === "none") {
      return after({ kind: "announce" }, dial(attempt));
    }
    const until = now + this.#rules.greetWithin;
    return to({ kind: "fetching", attempt, until }, { kind: "announce" }, wakeAt(until), {
      kind: "fetchToken",
      renew: attempt.renew,
    });
  }

  #fetching(state: In<"fetching">, input: Input, now: number): Step {
    const { attempt, until } = state;
    switch (input.kind) {
      case "tokenReady":
        return dial(attempt);
      case "tokenFailed":
        return this.#retry(attempt, next(attempt), `no token: ${input.message}`, 0, now);
      case "wake":
        return now < until
          ? to(state, wakeAt(until))
          : after(
              { kind: "cancelDial" },
              this.#retry(attempt, next(attempt), "no token in time", 0, now),
            );
      default:
        return stay(state);
    }
  }

  #dialing(state: In<"dialing">, input: Input, now: number): Step {
    const { attempt } = state;
    switch (input.kind) {
      case "opened": {
        if (!this.#rules.greets) {
          return live(attempt, false, now);
        }
        const until = now + this.#rules.greetWithin;
        return to({ kind: "greeting", attempt, until }, { kind: "greet" }, wakeAt(until));
      }
      case "dialFailed":
        return this.#dialFailed(attempt, input, now);
      default:
        return stay(state);
    }
  }

  #dialFailed(attempt: Attempt, { httpStatus, message }: Of<"dialFailed">, now: number): Step {
    const why = `refused with HTTP ${httpStatus}: ${message}`;
    const end: End = { asked: false, why, httpStatus };
    if (unauthenticated(httpStatus)) {
      return this.#refused(attempt, end, 0, now);
    }
    if (permanent(httpStatus)) {
      return closed(end);
    }
    // A browser does not tell a token that was refused from a server that is not there.
    const { showsInUpgrade, tokens } = this.#rules;
    const unsure = httpStatus === 0 && showsInUpgrade && tokens === "renewed";
    const following = unsure ? renewing(next(attempt)) : next(attempt);
    return this.#retry(attempt, following, message, 0, now);
  }

  #greeting(state: In<"greeting">, input: Input, now: number): Step {
    const { attempt, until } = state;
    switch (input.kind) {
      case "welcomed":
        return live(attempt, input.resumed, now);
      case "noHello":
        return live(attempt, false, now);
      case "unwelcome": {
        const { faultCode, message, retryAfterMs } = input;
        const why = `hello refused: ${message}`;
        return after(
          hangup(CloseCode.NORMAL, "hello refused"),
          faultUnauthenticated(faultCode)
            ? this.#refused(attempt, stopped(`${why} (${faultCode})`), retryAfterMs, now)
            : this.#retry(attempt, next(attempt), why, retryAfterMs, now),
        );
      }
      case "lost":
        return this.#lost(attempt, next(attempt), input, now);
      case "wake":
        return now < until
          ? to(state, wakeAt(until))
          : after(
              hangup(CloseCode.HELLO_TIMEOUT, "hello not answered"),
              this.#retry(attempt, next(attempt), "hello not answered", 0, now),
            );
      default:
        return stay(state);
    }
  }

  #liveLost({ attempt, since }: In<"live">, lost: Of<"lost">, now: number): Step {
    const step =
      now - since >= STABLE_AFTER
        ? this.#lost(FIRST, FIRST, lost, now)
        : this.#lost(attempt, next(attempt), lost, now);
    return after({ kind: "goOffline" }, step);
  }

  #lost(failed: Attempt, following: Attempt, { code, reason }: Of<"lost">, now: number): Step {
    const why = `closed with ${code}${reason === "" ? "" : `: ${reason}`}`;
    switch (verdict(code)) {
      case "stop":
        return closedUnauthenticated(code)
          ? this.#refused(failed, stopped(why), 0, now)
          : closed(stopped(why));
      case "refresh":
        // With another token every time is not too often: a token may live for seconds only.
        return this.#rules.tokens === "renewed"
          ? this.#retry(failed, renewing(following), why, 0, now)
          : after({ kind: "refused", why, willRetry: false }, closed(stopped(why)));
      case "reconnect":
        return this.#retry(failed, following, why, 0, now);
      case "wait":
        return this.#retry(failed, following, why, UNTOLD_WAIT, now);
    }
  }

  #waiting(state: In<"waiting">, input: Input, now: number): Step {
    switch (input.kind) {
      case "hurry":
        return this.#begin(state.attempt, now);
      case "wake":
        return now >= state.until
          ? this.#begin(state.attempt, now)
          : to(state, wakeAt(state.until));
      default:
        return stay(state);
    }
  }

  /** The server does not take us for whom we say we are. */
  #refused(attempt: Attempt, end: End, atLeast: number, now: number): Step {
    const { why } = end;
    const willRetry = mayRenew(this.#rules, attempt);
    return after(
      { kind: "refused", why, willRetry },
      willRetry ? this.#retry(attempt, refused(attempt), why, atLeast, now) : closed(end),
    );
  }

  #retry(failed: Attempt, following: Attempt, failure: string, atLeast: number, now: number): Step {
    const delay = this.#rules.delays(failed.number);
    if (delay === undefined) {
      return closed(stopped(`gave up after: ${failure}`));
    }
    // On top of what the server asked for: who were told the same do not come back together.
    const until = now + bounded(delay) + bounded(atLeast);
    return to(
      { kind: "waiting", attempt: following, until, failure },
      { kind: "announce" },
      wakeAt(until),
    );
  }
}

function bounded(delay: number): number {
  return Math.min(LONGEST_WAIT, Math.max(0, delay));
}

function close(state: State, why: string): Step {
  const end = closed({ asked: true, why, httpStatus: 0 });
  switch (state.kind) {
    case "idle":
    case "waiting":
      return end;
    case "fetching":
    case "dialing":
      return after({ kind: "cancelDial" }, end);
    case "greeting":
      return after(hangup(CloseCode.NORMAL, why), end);
    case "live":
      return after(hangup(CloseCode.NORMAL, why), after({ kind: "goOffline" }, end));
    case "closed":
      return stay(state);
  }
}

function dial(attempt: Attempt): Step {
  return to({ kind: "dialing", attempt }, { kind: "dial" });
}

function live(attempt: Attempt, resumed: boolean, now: number): Step {
  // Online first: whoever is told "live" may call.
  return to(
    { kind: "live", attempt: welcomed(attempt), since: now, resumed },
    { kind: "goOnline" },
    { kind: "announce" },
  );
}

function closed(end: End): Step {
  return to({ kind: "closed", end }, { kind: "announce" }, { kind: "finish" });
}

function stopped(why: string): End {
  return { asked: false, why, httpStatus: 0 };
}

function hangup(code: number, reason: string): Effect {
  return { kind: "hangup", code, reason };
}

function wakeAt(at: number): Effect {
  return { kind: "wakeAt", at };
}

function stay(state: State): Step {
  return { next: state, effects: [] };
}

function to(next: State, ...effects: Effect[]): Step {
  return { next, effects };
}

function after(first: Effect, step: Step): Step {
  return { next: step.next, effects: [first, ...step.effects] };
}
