// Decides everything about one conversation: what a message means, what is answered, what runs when,
// when a ping is due and when the peer is given up. Knows no clock and no socket: it is told the time
// in milliseconds and says what to do through Effects.
//
// A message goes through here like this: receive → a response ends one of the CallTable; a request or
// notification is routed, and either served inline or queued in Inbound, whose order rules say when
// Effects.run is called → the outcome comes back through answer or refuse, then returned.

import type { Handler, Offer } from "../peer.ts";
import { CloseCode } from "../protocol/close-code.ts";
import {
  writeBatch,
  writeFailure,
  writeNotification,
  writeRequest,
  writeSuccess,
} from "../protocol/codec.ts";
import { type Fault, FaultCode } from "../protocol/fault.ts";
import { encode, type Json } from "../protocol/json.ts";
import type { Frame, Malformed, Message, Params, RequestId } from "../protocol/message.ts";
import { HELLO_ID, Names } from "../protocol/names.ts";
import type { Heartbeat } from "../protocol/wire.ts";
import { BatchAnswer } from "./batch-answer.ts";
import { type CallOutcome, CallTable, type Completion } from "./call-table.ts";
import { Inbound, InboundCall } from "./inbound.ts";
import type { SessionLimits } from "./limits.ts";
import { Pulse } from "./pulse.ts";

/** Serves a notification of Everwire's own right where it comes in. */
export type InlineHandler = (params: Params | undefined) => void;

/** Who serves a method. */
export type Route =
  | { readonly kind: "inline"; readonly handle: InlineHandler }
  | { readonly kind: "handler"; readonly handler: Handler };

export type Router = (method: string) => Route | undefined;

/** What the engine wants done, to be carried out at once and in order. */
export interface Effects {
  /** Queues a message that must not be lost; a peer that leaves no room for it is given up. */
  send(text: string): void;

  /** Queues a message if there is room. */
  offer(text: string): Offer;

  /** Runs a user's handler, later; its outcome comes back by the call. */
  run(call: InboundCall, handler: Handler): void;

  reading(on: boolean): void;

  close(code: number, reason: string): void;
}

const BAD_ANSWER: Fault = {
  code: FaultCode.INVALID_REQUEST,
  message: "the peer's answer was malformed",
};

export class SessionEngine {
  readonly #router: Router;
  readonly #effects: Effects;
  readonly #calls: CallTable;
  readonly #inbound: Inbound;
  #pulse: Pulse | undefined; // of an Everwire session; WebSockets of browsers cannot ping
  #saturated = false;
  #backlogged = false; // too many notifications wait
  #lost = false;
  #ignored = 0;

  constructor(router: Router, limits: SessionLimits, effects: Effects) {
    this.#router = router;
    this.#effects = effects;
    this.#calls = new CallTable(limits.maxPendingCalls);
    this.#inbound = new Inbound(limits);
  }

  // ---- the peer's messages

  receive(frame: Frame): void {
    switch (frame.kind) {
      case "single":
        this.#receive(frame.message, undefined);
        break;
      case "batch":
        this.#receiveBatch(frame.messages);
        break;
      case "unreadable":
        this.#effects.send(writeFailure(null, frame.fault));
        break;
    }
    this.#proceed();
  }

  #receiveBatch(messages: readonly Message[]): void {
    const batch = new BatchAnswer();
    for (const message of messages) {
      this.#receive(message, batch);
    }
    if (batch.read()) {
      this.#finishBatch(batch);
    }
  }

  #receive(message: Message, batch: BatchAnswer | undefined): void {
    switch (message.kind) {
      case "request":
        batch?.expect();
        this.#request(new InboundCall(message.id, message.method, message.params, batch));
        break;
      case "notification":
        this.#notification(message.method, message.params);
        break;
      case "success":
        this.#endCall(message.id, { kind: "answered", result: message.result });
        break;
      case "failure":
        this.#endCall(message.id, { kind: "refused", fault: message.fault });
        break;
      case "malformed":
        this.#malformed(message, batch);
        break;
    }
  }

  #request(call: InboundCall): void {
    const route = this.#router(call.method);
    if (route === undefined) {
      this.refuse(call, { code: FaultCode.METHOD_NOT_FOUND, message: "Method not found" });
    } else if (route.kind === "inline") {
      this.refuse(call, {
        code: FaultCode.INVALID_REQUEST,
        message: "Invalid Request: expected no id",
      });
    } else if (!this.#inbound.admit(call, route.handler)) {
      const data = { retryable: true, retryAfterMs: 1_000 };
      this.refuse(call, { code: FaultCode.OVERLOADED, message: "too many calls at once", data });
    }
  }

  #notification(method: string, params: Params | undefined): void {
    switch (method) {
      case Names.PING:
        this.#effects.send(writeNotification(Names.PONG, undefined));
        break;
      case Names.PONG: // its arrival was all it had to say
        break;
      case Names.CANCEL:
        this.#cancelInbound(params);
        break;
      default:
        this.#dispatch(method, params);
    }
  }

  #dispatch(method: string, params: Params | undefined): void {
    const route = this.#router(method);
    if (route === undefined) {
      this.#ignored++;
    } else if (route.kind === "inline") {
      route.handle(params);
    } else {
      this.#inbound.queue(new InboundCall(undefined, method, params, undefined), route.handler);
      if (this.#inbound.flooded && !this.#lost) {
        this.#effects.close(CloseCode.SLOW_CONSUMER, "too many notifications wait");
      }
    }
  }

  #malformed(message: Malformed, batch: BatchAnswer | undefined): void {
    if (message.response) {
      // not answered: answering answers could go on for ever
      this.#endCall(message.id, { kind: "refused", fault: BAD_ANSWER });
      return;
    }
    const failure = writeFailure(message.id, message.fault);
    if (batch === undefined) {
      this.#effects.send(failure);
    } else {
      batch.expect();
      batch.add(failure);
    }
  }

  #cancelInbound(params: Params | undefined): void {
    const id: unknown = params !== undefined && "id" in params ? params.id : undefined;
    const known = typeof id === "string" || typeof id === "number" || id === null;
    const call = known ? this.#inbound.cancel(id) : undefined;
    if (call === undefined) {
      this.#ignored++;
      return;
    }
    this.refuse(call, { code: FaultCode.CANCELLED, message: "cancelled" });
    call.interrupt();
  }

  #endCall(id: RequestId, outcome: CallOutcome): void {
    if (!this.#calls.end(id, outcome)) {
      this.#ignored++;
    }
  }

  // ---- our answers

  /** A call has its result. What was cancelled meanwhile is not answered again. */
  answer(call: InboundCall, result: Json): void {
    this.#answered(call, writeSuccess(call.id ?? null, result));
  }

  /** As `answer` with a fault. */
  refuse(call: InboundCall, fault: Fault): void {
    this.#answered(call, writeFailure(call.id ?? null, fault));
  }

  /** What `Effects.run` started has come back, answered or not. Called exactly once for each. */
  returned(call: InboundCall): void {
    this.#inbound.finished(call);
    this.#proceed();
  }

  #answered(call: InboundCall, response: string): void {
    if (!call.end() || call.notification || this.#lost) {
      return;
    }
    if (call.batch === undefined) {
      this.#effects.send(response);
    } else if (call.batch.add(response)) {
      this.#finishBatch(call.batch);
    }
  }

  #finishBatch(batch: BatchAnswer): void {
    if (batch.responses.length > 0) {
      this.#effects.send(writeBatch(batch.responses));
    }
  }

  /** Starts what may start, then decides whether we read on. */
  #proceed(): void {
    const next = () => this.#inbound.next(this.#calls.size);
    for (let call = next(); call !== undefined; call = next()) {
      if (call.handler !== undefined) {
        this.#effects.run(call, call.handler);
      }
    }
    this.#backlogged = this.#backlogged ? !this.#inbound.relieved : this.#inbound.saturated;
    // A handler that holds up the others may wait for an answer: that has to be read.
    const saturated = this.#backlogged && this.#calls.size === 0;
    if (saturated !== this.#saturated) {
      this.#saturated = saturated;
      this.#effects.reading(!saturated);
    }
  }

  // ---- our calls

  /**
   * Sends a call. The completion is called exactly once, perhaps before this returns. Answers the id
   * to `cancel` it by; undefined if it has ended already.
   */
  call(
    method: string,
    params: Json | undefined,
    deadline: number,
    done: Completion,
  ): number | undefined {
    if (this.#lost) {
      done({ kind: "lost", maybeExecuted: false, reason: "closed" });
      return undefined;
    }
    const id = this.#calls.register(deadline, done);
    if (id === undefined) {
      done(overloaded("too many calls are pending"));
      return undefined;
    }
    const sent = this.#sendCall(id, writeRequest(id, method, params));
    this.#proceed(); // a handler that waits makes room for another
    return sent ? id : undefined;
  }

  /** Sends `rpc.hello` under its own id, so that calls still begin at 1. */
  hello(params: Json, deadline: number, done: Completion): void {
    if (this.#lost) {
      done({ kind: "lost", maybeExecuted: false, reason: "closed" });
      return;
    }
    this.#calls.registerAs(HELLO_ID, deadline, done);
    this.#sendCall(HELLO_ID, writeRequest(HELLO_ID, Names.HELLO, params));
  }

  /** Ends one of our calls and tells the peer that nobody waits for it. */
  cancel(id: number): void {
    if (this.#calls.end(id, { kind: "cancelled" })) {
      this.#tellCancelled(id);
      this.#proceed();
    }
  }

  #sendCall(id: RequestId, text: string): boolean {
    switch (this.#effects.offer(text)) {
      case "queued":
        return true;
      case "full":
        this.#calls.end(id, overloaded("the outbound queue is full"));
        return false;
      case "closed":
        this.#calls.end(id, { kind: "lost", maybeExecuted: false, reason: "closed" });
        return false;
    }
  }

  #tellCancelled(id: RequestId): void {
    if (this.established && !this.#lost) {
      this.#effects.send(writeNotification(Names.CANCEL, encode({ id })));
    }
  }

  // ---- time and the link

  /** The peer answered hello: pings are messages from now on. */
  establish(heartbeat: Heartbeat, phase: number, now: number): void {
    this.#pulse = new Pulse(heartbeat, phase, now);
  }

  get established(): boolean {
    return this.#pulse !== undefined;
  }

  /** Something hints that the link may be gone: asks now rather than at the end of the interval. */
  doubt(now: number, lastReceivedAt: number): void {
    this.#pulse?.doubt(now, lastReceivedAt);
  }

  /** Does what is due; harmless when nothing is. */
  tick(now: number, lastReceivedAt: number): void {
    if (this.#lost) {
      return;
    }
    for (const late of this.#calls.expire(now)) {
      this.#tellCancelled(late);
    }
    if (this.#saturated) {
      this.#pulse?.excuse(now);
      return;
    }
    switch (this.#pulse?.beat(now, lastReceivedAt)) {
      case "ping":
        this.#effects.send(writeNotification(Names.PING, undefined));
        break;
      case "dead":
        this.#effects.close(CloseCode.HEARTBEAT_LOST, "heartbeat lost");
        break;
      default:
    }
  }

  /** When `tick` has something to do, `Infinity` if never. */
  nextTick(): number {
    return this.#lost
      ? Number.POSITIVE_INFINITY
      : Math.min(this.#calls.nextDeadline(), this.#pulse?.next ?? Number.POSITIVE_INFINITY);
  }

  /** The connection is gone: our calls end, the peer's that have not begun are forgotten. */
  lost(reason: string): void {
    this.#lost = true;
    this.#inbound.dropWaitingRequests();
    this.#calls.endAll({ kind: "lost", maybeExecuted: true, reason });
  }

  /** Our calls that wait for an answer. */
  get pendingCalls(): number {
    return this.#calls.size;
  }

  /** Calls and notifications of the peer that run or wait. */
  get inboundCalls(): number {
    return this.#inbound.size;
  }

  /** Messages that meant nothing here: late answers, unknown notifications. */
  get ignored(): number {
    return this.#ignored;
  }
}

function overloaded(message: string): CallOutcome {
  return { kind: "refused", fault: { code: FaultCode.OVERLOADED, message } };
}
