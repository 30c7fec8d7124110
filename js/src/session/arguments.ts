// The streams among the parameters of a call of the peer's: {"$stream":k} stands for them, and their items
// come beside the call (docs/protocol.md section 9).

import { ItemStream } from "../item-stream.ts";
import { FaultCode } from "../protocol/fault.ts";
import type { Params } from "../protocol/message.ts";
import { WireError } from "../protocol/wire.ts";
import type { CallOutcome } from "./call-table.ts";
import { DEFAULT_WINDOW, Inflow } from "./inflow.ts";

const MARK = "$stream";
const MOST = 64;

interface Argument {
  readonly inflow: Inflow;
  arrived: () => void;
  done: (outcome: CallOutcome) => void;
}

export class Arguments {
  readonly #byNumber = new Map<number, Argument>();

  /**
   * Puts a stream in the place of each mark.
   *
   * @param grant lets the peer send items of an argument
   * @throws WireError if a mark is none
   */
  open(params: Params | undefined, grant: (arg: number, credit: number) => void): typeof params {
    if (params === undefined) {
      return undefined;
    }
    if (Array.isArray(params)) {
      return params.some(marked) ? params.map((value) => this.#opened(value, grant)) : params;
    }
    const members = Object.entries(params);
    return members.some(([, value]) => marked(value))
      ? Object.fromEntries(members.map(([name, value]) => [name, this.#opened(value, grant)]))
      : params;
  }

  #opened(value: unknown, grant: (arg: number, credit: number) => void): unknown {
    if (!marked(value)) {
      return value;
    }
    const number = value[MARK];
    if (!Number.isInteger(number) || number < 1 || number > MOST || this.#byNumber.has(number)) {
      throw new WireError(`${MARK}: expected 1-${MOST}, each once`);
    }
    const inflow = new Inflow(DEFAULT_WINDOW, false);
    return new ItemStream(inflow, (arrived, done) => {
      this.#byNumber.set(number, { inflow, arrived, done });
      return { cancel: () => this.#byNumber.delete(number), grant: (n) => grant(number, n) };
    });
  }

  /** False if there is no such argument that still goes on. */
  items(arg: unknown, seq: unknown, items: unknown): boolean {
    const argument = this.#find(arg);
    if (argument === undefined) {
      return false;
    }
    const wrong =
      typeof seq === "number" && Array.isArray(items)
        ? argument.inflow.receive(seq, items)
        : "items: expected an array and its seq";
    if (wrong === undefined) {
      argument.arrived();
    } else {
      const fault = { code: FaultCode.INVALID_REQUEST, message: `bad stream: ${wrong}` };
      this.#end(arg as number, { kind: "refused", fault });
    }
    return true;
  }

  /** As `items` for the end of an argument. */
  ended(arg: unknown, error: unknown): boolean {
    if (this.#find(arg) === undefined) {
      return false;
    }
    const { code, message } = (error ?? {}) as {
      readonly code?: unknown;
      readonly message?: unknown;
    };
    const failed = typeof code === "number" && Number.isInteger(code);
    this.#end(
      arg as number,
      failed
        ? { kind: "refused", fault: { code, message: String(message) } }
        : { kind: "answered", result: null },
    );
    return true;
  }

  /** Nothing comes any more. */
  endAll(outcome: CallOutcome): void {
    for (const number of [...this.#byNumber.keys()]) {
      this.#end(number, outcome);
    }
  }

  #find(arg: unknown): Argument | undefined {
    return typeof arg === "number" ? this.#byNumber.get(arg) : undefined;
  }

  #end(number: number, outcome: CallOutcome): void {
    const argument = this.#byNumber.get(number);
    this.#byNumber.delete(number);
    argument?.done(outcome);
  }
}

function marked(value: unknown): value is { readonly [MARK]: number } {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.hasOwn(value, MARK) &&
    Object.keys(value).length === 1
  );
}
