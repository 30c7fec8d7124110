// Our calls, from their request to their end. Pure; times are milliseconds, told from outside.

import { withMeta } from "../protocol/call-meta.ts";
import { writeNotification, writeRequest } from "../protocol/codec.ts";
import { type Fault, FaultCode } from "../protocol/fault.ts";
import { encode, type Json } from "../protocol/json.ts";
import type { Params, RequestId } from "../protocol/message.ts";
import { HELLO_ID, Names } from "../protocol/names.ts";
import { type CallOutcome, CallTable, type Completion, type Pending } from "./call-table.ts";
import type { Effects } from "./effects.ts";
import type { Inflow } from "./inflow.ts";
import { type PeerProfile, PLAIN, tooLarge } from "./peer-profile.ts";

/** One call on its way out. */
export interface OutboundCall {
  readonly method: string;
  readonly params: Json | undefined;
  /** Milliseconds until it ends, sent along to a peer that understands. */
  readonly within: number;
  /** Is told how far it has come. */
  readonly progress?: ((value: unknown) => void) | undefined;
  /** Takes the items of its result as they come; they may come in one array instead. */
  readonly items?: { readonly inflow: Inflow; readonly arrived: () => void } | undefined;
  /** Is called exactly once, perhaps before the call that sends it returns. */
  readonly done: Completion;
}

const LOST: CallOutcome = { kind: "lost", maybeExecuted: false, reason: "closed" };

export class OutboundCalls {
  readonly #effects: Effects;
  readonly #calls: CallTable;
  #profile = PLAIN;
  #negotiated = false; // an Everwire session
  #lost = false;

  constructor(maxPending: number, effects: Effects) {
    this.#effects = effects;
    this.#calls = new CallTable(maxPending);
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Answers the id to `cancel` it by; undefined if it has ended already. */
  call(call: OutboundCall, deadline: number): number | undefined {
    if (this.#lost) {
      call.done(LOST);
      return undefined;
    }
    const id = this.#calls.register({ ...call, deadline });
    if (id === undefined) {
      call.done(overloaded("too many calls are pending"));
      return undefined;
    }
    const { method, params } = this.#addressed(id, call);
    const text = writeRequest(id, method, params);
    const fault = tooLarge(text, this.#profile);
    if (fault !== undefined) {
      this.#calls.end(id, { kind: "refused", fault });
      return undefined;
    }
    return this.#send(id, text) ? id : undefined;
  }

  /** Puts what the peer understands of it beside the parameters. */
  #addressed(id: number, { method, params, within, progress, items }: OutboundCall) {
    if (!this.#understands("meta") || method.startsWith("rpc.")) {
      return { method, params };
    }
    const stream = items !== undefined && this.#understands("stream");
    return withMeta(method, params, {
      timeoutMs: within === Number.POSITIVE_INFINITY ? undefined : Math.ceil(within),
      stream: stream || undefined,
      credits: stream ? items.inflow.window : undefined,
      progressToken: progress === undefined ? undefined : id,
    });
  }

  #understands(cap: string): boolean {
    return this.#profile.caps.includes(cap);
  }

  /** Sends `rpc.hello` under its own id, so that calls still begin at 1. */
  hello(params: Json, deadline: number, done: Completion): void {
    if (this.#lost) {
      done(LOST);
      return;
    }
    this.#calls.registerAs(HELLO_ID, { deadline, done });
    this.#send(HELLO_ID, writeRequest(HELLO_ID, Names.HELLO, params));
  }

  #send(id: RequestId, text: string): boolean {
    switch (this.#effects.offer(text)) {
      case "queued":
        return true;
      case "full":
        this.#calls.end(id, overloaded("the outbound queue is full"));
        return false;
      case "closed":
        this.#calls.end(id, LOST);
        return false;
    }
  }

  /** An answer came. False if nobody waits for it: late, repeated or foreign. */
  answered(id: RequestId, outcome: CallOutcome): boolean {
    return this.#calls.end(id, outcome);
  }

  /** Ends one of our calls and tells the peer that nobody waits for it. False if it had ended. */
  cancel(id: RequestId): boolean {
    const waited = this.#calls.end(id, { kind: "cancelled" });
    if (waited) {
      this.#tellCancelled(id);
    }
    return waited;
  }

  /** How far one of our calls has come. False if nobody wants to know. */
  progress(params: Params | undefined): boolean {
    const { token, value } = named(params);
    const progress = this.#find(token)?.progress;
    progress?.(value);
    return progress !== undefined;
  }

  /** Items of a result came. False if nobody waits for them. */
  items(params: Params | undefined): boolean {
    const { id, arg, seq, items } = named(params);
    const pending = this.#find(id);
    if (pending?.items === undefined || arg !== undefined) {
      return false;
    }
    const wrong =
      typeof seq === "number" && Array.isArray(items)
        ? pending.items.inflow.receive(seq, items)
        : "items: expected an array and its seq";
    if (wrong === undefined) {
      pending.items.arrived();
    } else {
      const fault: Fault = { code: FaultCode.INVALID_REQUEST, message: `bad stream: ${wrong}` };
      this.#calls.end(id as RequestId, { kind: "refused", fault });
      this.#tellCancelled(id as RequestId);
    }
    return true;
  }

  /** Lets the peer send more items of a result, if the call still goes on. */
  grant(id: number, credit: number): void {
    if (this.#find(id) !== undefined) {
      this.#effects.send(writeNotification(Names.CREDIT, encode({ id, n: credit })));
    }
  }

  #find(id: unknown): Pending | undefined {
    return typeof id === "number" ? this.#calls.find(id) : undefined;
  }

  /** Ends what is past its deadline. */
  expire(now: number): void {
    for (const late of this.#calls.expire(now)) {
      this.#tellCancelled(late);
    }
  }

  nextDeadline(): number {
    return this.#calls.nextDeadline();
  }

  #tellCancelled(id: RequestId): void {
    if (this.#negotiated && !this.#lost) {
      this.#effects.send(writeNotification(Names.CANCEL, encode({ id })));
    }
  }

  /** An Everwire session was agreed on. */
  negotiated(profile: PeerProfile): void {
    this.#profile = profile;
    this.#negotiated = true;
  }

  /** The link is gone: what was sent ends, and what comes later ends at once. */
  lost(reason: string): void {
    this.#lost = true;
    this.#calls.endAll({ kind: "lost", maybeExecuted: true, reason });
  }
}

function named(params: Params | undefined): Readonly<Record<string, unknown>> {
  return params === undefined || Array.isArray(params)
    ? {}
    : (params as Readonly<Record<string, unknown>>);
}

function overloaded(message: string): CallOutcome {
  return { kind: "refused", fault: { code: FaultCode.OVERLOADED, message } };
}
