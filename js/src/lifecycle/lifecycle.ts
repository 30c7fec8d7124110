// The rules of a client's life. Whether to come back is said by the close code, the HTTP status or
// hello's fault; when, by the reconnect policy. An explicit close wins in every state. Pure: takes a
// state, an input and the time, and answers the next state and what to do.
//
// An attempt's number grows with each dial and starts over at 1 after a connection that was live for
// 30 s. With delays 1 s, 2 s, 4 s: dial 1 fails → wait 1 s → dial 2 comes through, is lost after 5 s →
// wait 2 s → dial 3 comes through, is lost after an hour → wait 1 s → dial 1.

import { CloseCode, verdict } from "../protocol/close-code.ts";
import { FaultCode } from "../protocol/fault.ts";
import type { Effect, End, Input, State, Step } from "./types.ts";

/** A hello that is not answered by then is taken for a dead connection. */
export const HELLO_WITHIN = 10_000;

/** A connection that was live for so long has cleared the record of failures. */
export const STABLE_AFTER = 30_000;

/** A server cannot send a client away for longer. */
const LONGEST_WAIT = 86_400_000;

/** What the server would say again. Everything else may pass. */
const PERMANENT = new Set([400, 401, 403, 404]);

type In<K extends State["kind"]> = Extract<State, { kind: K }>;

export class Lifecycle {
  readonly #greets: boolean;
  readonly #delays: (failures: number) => number | undefined;

  /**
   * @param greets false to be a plain JSON-RPC client that never says hello
   * @param delays how long to wait after that many failures in a row; undefined to give up
   */
  constructor(greets: boolean, delays: (failures: number) => number | undefined) {
    this.#greets = greets;
    this.#delays = delays;
  }

  step(state: State, input: Input, now: number): Step {
    if (input.kind === "close") {
      return close(state, input.why);
    }
    switch (state.kind) {
      case "idle":
        return input.kind === "start" ? dial(1) : stay(state);
      case "dialing":
        return this.#dialing(state, input, now);
      case "greeting":
        return this.#greeting(state, input, now);
      case "live":
        return input.kind === "lost"
          ? this.#liveLost(state, input.code, input.reason, now)
          : stay(state);
      case "waiting":
        return waiting(state, input, now);
      case "closed":
        return stay(state);
    }
  }

  #dialing(state: In<"dialing">, input: Input, now: number): Step {
    const { attempt } = state;
    switch (input.kind) {
      case "opened": {
        if (!this.#greets) {
          return live(attempt, false, now);
        }
        const until = now + HELLO_WITHIN;
        return to({ kind: "greeting", attempt, until }, { kind: "greet" }, wakeAt(until));
      }
      case "dialFailed": {
        const { httpStatus, message } = input;
        return PERMANENT.has(httpStatus)
          ? closed({ asked: false, why: `refused with HTTP ${httpStatus}: ${message}`, httpStatus })
          : this.#retry(attempt, attempt + 1, message, 0, now);
      }
      default:
        return stay(state);
    }
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
        const final = faultCode === FaultCode.UNAUTHENTICATED || faultCode === FaultCode.FORBIDDEN;
        return after(
          hangup(CloseCode.NORMAL, "hello refused"),
          final
            ? closed(stopped(`hello refused: ${message} (${faultCode})`))
            : this.#retry(attempt, attempt + 1, `hello refused: ${message}`, retryAfterMs, now),
        );
      }
      case "lost":
        return this.#lost(attempt, attempt + 1, input.code, input.reason, now);
      case "wake":
        return now < until
          ? to(state, wakeAt(until))
          : after(
              hangup(CloseCode.HELLO_TIMEOUT, "hello not answered"),
              this.#retry(attempt, attempt + 1, "hello not answered", 0, now),
            );
      default:
        return stay(state);
    }
  }

  #liveLost(state: In<"live">, code: number, reason: string, now: number): Step {
    const stable = now - state.since >= STABLE_AFTER;
    const failures = stable ? 1 : state.attempt;
    const next = stable ? 1 : state.attempt + 1;
    return after({ kind: "goOffline" }, this.#lost(failures, next, code, reason, now));
  }

  #lost(failures: number, next: number, code: number, reason: string, now: number): Step {
    const why = `closed with ${code}${reason === "" ? "" : `: ${reason}`}`;
    return verdict(code) === "stop"
      ? closed(stopped(why))
      : this.#retry(failures, next, why, 0, now);
  }

  #retry(failures: number, next: number, failure: string, atLeast: number, now: number): Step {
    const delay = this.#delays(failures);
    if (delay === undefined) {
      return closed(stopped(`gave up after: ${failure}`));
    }
    const until = now + Math.min(LONGEST_WAIT, Math.max(0, delay, atLeast));
    return to(
      { kind: "waiting", attempt: next, until, failure },
      { kind: "announce" },
      wakeAt(until),
    );
  }
}

function waiting(state: In<"waiting">, input: Input, now: number): Step {
  switch (input.kind) {
    case "hurry":
      return dial(state.attempt);
    case "wake":
      return now >= state.until ? dial(state.attempt) : to(state, wakeAt(state.until));
    default:
      return stay(state);
  }
}

function close(state: State, why: string): Step {
  const end = closed({ asked: true, why, httpStatus: 0 });
  switch (state.kind) {
    case "idle":
    case "waiting":
      return end;
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

function dial(attempt: number): Step {
  return to({ kind: "dialing", attempt }, { kind: "announce" }, { kind: "dial" });
}

function live(attempt: number, resumed: boolean, now: number): Step {
  // Online first: whoever is told "live" may call.
  return to(
    { kind: "live", attempt, since: now, resumed },
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
