// Decides everything about one conversation: what a message means, what is answered, what runs when,
// when a ping is due and when the peer is given up. Knows no clock and no socket: it is told the time
// in milliseconds and says what to do through Effects.
//
// A message goes through here like this: receive → a response ends one of OutboundCalls; a request or
// notification goes to InboundCalls, is routed, and either served inline or queued, until the order
// rules let Effects.run be called → the outcome comes back through answer or refuse, then returned.

import type { Offer } from "../peer.ts";
import { CloseCode } from "../protocol/close-code.ts";
import { writeFailure, writeNotification } from "../protocol/codec.ts";
import { type Fault, FaultCode } from "../protocol/fault.ts";
import type { Json } from "../protocol/json.ts";
import type { Frame, Malformed, Message, Params, RequestId } from "../protocol/message.ts";
import { Names } from "../protocol/names.ts";
import type { Heartbeat } from "../protocol/wire.ts";
import { BatchAnswer } from "./batch-answer.ts";
import type { CallOutcome, Completion } from "./call-table.ts";
import type { Effects, Router } from "./effects.ts";
import type { InboundCall } from "./inbound.ts";
import { InboundCalls } from "./inbound-calls.ts";
import type { SessionLimits } from "./limits.ts";
import { type OutboundCall, OutboundCalls } from "./outbound-calls.ts";
import type { Outflow } from "./outflow.ts";
import type { PeerProfile } from "./peer-profile.ts";
import { Pulse } from "./pulse.ts";

const BAD_ANSWER: Fault = {
  code: FaultCode.INVALID_REQUEST,
  message: "the peer's answer was malformed",
};

export class SessionEngine {
  readonly #effects: Effects;
  readonly #ours: OutboundCalls;
  readonly #theirs: InboundCalls;
  #pulse: Pulse | undefined; // of an Everwire session; WebSockets of browsers cannot ping
  #saturated = false;
  #backlogged = false; // too many notifications wait
  #lost = false;
  #ignored = 0;

  constructor(router: Router, limits: SessionLimits, effects: Effects) {
    this.#effects = effects;
    this.#ours = new OutboundCalls(limits.maxPendingCalls, effects);
    this.#theirs = new InboundCalls(router, limits, effects);
  }

  // ---- the peer's messages

  receive(frame: Frame, now: number): void {
    switch (frame.kind) {
      case "single":
        this.#receive(frame.message, undefined, now);
        break;
      case "batch":
        this.#receiveBatch(frame.messages, now);
        break;
      case "unreadable":
        this.#effects.send(writeFailure(null, frame.fault));
        break;
    }
    this.#proceed();
  }

  #receiveBatch(messages: readonly Message[], now: number): void {
    const batch = new BatchAnswer();
    for (const message of messages) {
      this.#receive(message, batch, now);
    }
    this.#theirs.read(batch);
  }

  #receive(message: Message, batch: BatchAnswer | undefined, now: number): void {
    switch (message.kind) {
      case "request":
        this.#theirs.request(message.id, message.method, message.params, batch, now);
        break;
      case "notification":
        this.#count(this.#notification(message.method, message.params));
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

  /** False if it means nothing here. */
  #notification(method: string, params: Params | undefined): boolean {
    switch (method) {
      case Names.PING:
        this.#effects.send(writeNotification(Names.PONG, undefined));
        return true;
      case Names.PONG: // its arrival was all it had to say
        return true;
      case Names.CANCEL:
        return this.#theirs.cancel(params);
      case Names.CREDIT:
        return this.#theirs.credit(params);
      case Names.PROGRESS:
        return this.#ours.progress(params);
      case Names.ITEM:
        return this.#ours.items(params) || this.#theirs.items(params);
      case Names.END:
        return this.#theirs.argumentEnded(params);
      default:
        return this.#theirs.notification(method, params);
    }
  }

  #malformed(message: Malformed, batch: BatchAnswer | undefined): void {
    const ended = { kind: "refused", fault: BAD_ANSWER } as const;
    if (message.response === true) {
      // not answered: answering answers could go on for ever
      this.#endCall(message.id, ended);
    } else if (message.response === false || !this.#ours.answered(message.id, ended)) {
      this.#theirs.malformed(message, batch);
    }
  }

  #endCall(id: RequestId, outcome: CallOutcome): void {
    this.#count(this.#ours.answered(id, outcome));
  }

  #count(known: boolean): void {
    if (!known) {
      this.#ignored++;
    }
  }

  // ---- our answers

  /** A call has its result. What was cancelled meanwhile is not answered again. */
  answer(call: InboundCall, result: Json): void {
    this.#theirs.answer(call, result);
  }

  /** As `answer` with a fault. */
  refuse(call: InboundCall, fault: Fault): void {
    this.#theirs.refuse(call, fault);
  }

  /** From now on a call is answered by items. */
  outflow(call: InboundCall): Outflow {
    return this.#theirs.open(call);
  }

  /** Sends one item, for which there is credit; closed if nobody takes it any more. */
  item(call: InboundCall, item: Json): Offer {
    return this.#theirs.item(call, item);
  }

  /** Tells how far a call has come, if its caller wants to know. */
  progress(call: InboundCall, value: Json): void {
    this.#theirs.progress(call, value);
  }

  /** What `Effects.run` started has come back, answered or not. Called exactly once for each. */
  returned(call: InboundCall, now: number): void {
    this.#theirs.returned(call);
    this.#theirs.expire(now); // what waited too long is not to start
    this.#proceed();
  }

  /** Starts what may start, then decides whether we read on. */
  #proceed(): void {
    this.#theirs.start(this.#ours.size);
    if (this.#theirs.flooded && !this.#lost) {
      this.#effects.close(CloseCode.SLOW_CONSUMER, "too many notifications wait");
    }
    this.#backlogged = this.#backlogged ? !this.#theirs.relieved : this.#theirs.saturated;
    // A handler that holds up the others may wait for an answer: that has to be read.
    const saturated = this.#backlogged && this.#ours.size === 0;
    if (saturated !== this.#saturated) {
      this.#saturated = saturated;
      this.#effects.reading(!saturated);
    }
  }

  // ---- our calls

  /**
   * Sends a call, which ends exactly once, perhaps before this returns. Answers the id to `cancel` it
   * by; undefined if it has ended already.
   */
  call(call: OutboundCall, now: number): number | undefined {
    const id = this.#ours.call(call, now + call.within);
    this.#proceed(); // a handler that waits makes room for another
    return id;
  }

  /** Sends `rpc.hello` under its own id, so that calls still begin at 1. */
  hello(params: Json, deadline: number, done: Completion): void {
    this.#ours.hello(params, deadline, done);
  }

  /** Ends one of our calls and tells the peer that nobody waits for it. */
  cancel(id: number): void {
    if (this.#ours.cancel(id)) {
      this.#proceed();
    }
  }

  /** Lets the peer send more items of a result. */
  grant(id: number, credit: number): void {
    this.#ours.grant(id, credit);
  }

  // ---- time and the link

  /** The peer answered hello: pings are messages from now on. */
  establish(heartbeat: Heartbeat, peer: PeerProfile, phase: number, now: number): void {
    this.#ours.negotiated(peer);
    this.#theirs.negotiated(peer);
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
    this.#ours.expire(now);
    this.#theirs.expire(now);
    this.#proceed();
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
      : Math.min(
          this.#ours.nextDeadline(),
          this.#theirs.nextDeadline(),
          this.#pulse?.next ?? Number.POSITIVE_INFINITY,
        );
  }

  /** When the first caller of the peer's stops waiting. */
  get inboundDeadline(): number {
    return this.#theirs.nextDeadline();
  }

  /** The connection is gone: our calls end, the peer's that have not begun are forgotten. */
  lost(reason: string): void {
    this.#lost = true;
    this.#theirs.lost();
    this.#ours.lost(reason);
  }

  /** Our calls that wait for an answer. */
  get pendingCalls(): number {
    return this.#ours.size;
  }

  /** Calls and notifications of the peer that run or wait. */
  get inboundCalls(): number {
    return this.#theirs.size;
  }

  /** Messages that meant nothing here: late answers, unknown notifications. */
  get ignored(): number {
    return this.#ignored;
  }
}
