// The peer's calls and notifications, from their arrival to their answers: routes them, runs what
// Inbound lets start, answers each request once. Pure; times are milliseconds, told from outside.

import type { Offer } from "../peer.ts";
import { takeMeta } from "../protocol/call-meta.ts";
import { writeBatch, writeFailure, writeNotification, writeSuccess } from "../protocol/codec.ts";
import { type Fault, FaultCode } from "../protocol/fault.ts";
import type { Json } from "../protocol/json.ts";
import { encode } from "../protocol/json.ts";
import type { Malformed, Params, RequestId } from "../protocol/message.ts";
import { Names } from "../protocol/names.ts";
import { WireError } from "../protocol/wire.ts";
import { Arguments } from "./arguments.ts";
import type { BatchAnswer } from "./batch-answer.ts";
import type { Effects, Router } from "./effects.ts";
import { Inbound, InboundCall } from "./inbound.ts";
import type { SessionLimits } from "./limits.ts";
import { Outflow } from "./outflow.ts";
import { type PeerProfile, PLAIN, tooLarge } from "./peer-profile.ts";

const LATE: Fault = {
  code: FaultCode.DEADLINE_PASSED,
  message: "no answer within the caller's deadline",
};

export class InboundCalls {
  readonly #router: Router;
  readonly #effects: Effects;
  readonly #inbound: Inbound;
  #profile = PLAIN;
  #lost = false;

  constructor(router: Router, limits: SessionLimits, effects: Effects) {
    this.#router = router;
    this.#effects = effects;
    this.#inbound = new Inbound(limits);
  }

  // ---- what comes in

  request(
    id: RequestId,
    sentMethod: string,
    sentParams: Params | undefined,
    batch: BatchAnswer | undefined,
    now: number,
  ): void {
    batch?.expect();
    const call = this.#read(id, sentMethod, sentParams, batch, now);
    if (call === undefined) {
      return;
    }
    const route = this.#router(call.method);
    if (this.#inbound.inUse(id)) {
      const message = "Invalid Request: the id is in use";
      this.refuse(call, { code: FaultCode.INVALID_REQUEST, message });
    } else if (call.deadline <= now) {
      this.refuse(call, LATE);
    } else if (route === undefined) {
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

  /** Undefined if the call was refused. */
  #read(
    id: RequestId,
    sentMethod: string,
    sentParams: Params | undefined,
    batch: BatchAnswer | undefined,
    now: number,
  ): InboundCall | undefined {
    try {
      const { method, params, meta } = takeMeta(sentMethod, sentParams);
      const deadline = now + (meta.timeoutMs ?? Number.POSITIVE_INFINITY);
      const args = new Arguments();
      const opened = args.open(params, (arg, n) => this.#grant(id, arg, n));
      return new InboundCall(id, method, opened, batch, meta, deadline, args);
    } catch (e) {
      if (!(e instanceof WireError)) {
        throw e;
      }
      const message = `Invalid params: ${e.message}`;
      const call = new InboundCall(id, sentMethod, undefined, batch);
      this.refuse(call, { code: FaultCode.INVALID_PARAMS, message });
      return undefined;
    }
  }

  /** False if nobody serves it. */
  notification(sentMethod: string, sentParams: Params | undefined): boolean {
    let call: InboundCall;
    try {
      const { method, params, meta } = takeMeta(sentMethod, sentParams);
      call = new InboundCall(undefined, method, params, undefined, meta);
    } catch {
      return false; // a notification is not answered, whatever is wrong with it
    }
    const route = this.#router(call.method);
    if (route === undefined) {
      return false;
    }
    if (route.kind === "inline") {
      route.handle(call.params);
    } else {
      this.#inbound.queue(call, route.handler);
    }
    return true;
  }

  /** A request that was none, to be answered with its fault. */
  malformed(message: Malformed, batch: BatchAnswer | undefined): void {
    const failure = writeFailure(message.id, message.fault);
    if (batch === undefined) {
      this.#effects.send(failure);
    } else {
      batch.expect();
      batch.add(failure);
    }
  }

  /** The batch was read to its end. */
  read(batch: BatchAnswer): void {
    if (batch.read()) {
      this.#finish(batch);
    }
  }

  /** The peer no longer waits for a call. False if it names none that runs or waits. */
  cancel(params: Params | undefined): boolean {
    const id: unknown = params !== undefined && "id" in params ? params.id : undefined;
    const known = typeof id === "string" || typeof id === "number" || id === null;
    const call = known ? this.#inbound.cancel(id) : undefined;
    if (call === undefined) {
      return false;
    }
    this.#giveUp(call, { code: FaultCode.CANCELLED, message: "cancelled" });
    return true;
  }

  /** Items of an argument came. False if it names none that still goes on. */
  items(params: Params | undefined): boolean {
    const { id, arg, seq, items } = (params ?? {}) as Readonly<Record<string, unknown>>;
    return this.#inbound.find(id as RequestId)?.args.items(arg, seq, items) ?? false;
  }

  /** As `items` for the end of an argument. */
  argumentEnded(params: Params | undefined): boolean {
    const { id, arg, error } = (params ?? {}) as Readonly<Record<string, unknown>>;
    return this.#inbound.find(id as RequestId)?.args.ended(arg, error) ?? false;
  }

  #grant(id: RequestId, arg: number, n: number): void {
    if (this.#inbound.inUse(id) && !this.#lost) {
      this.#effects.send(writeNotification(Names.CREDIT, encode({ id, arg, n })));
    }
  }

  /** The peer takes more items of a result. False if it names no call that sends any. */
  credit(params: Params | undefined): boolean {
    const { id, arg, n } = (params ?? {}) as Readonly<Record<string, unknown>>;
    const known = typeof id === "string" || typeof id === "number" || id === null;
    if (!known || arg !== undefined) {
      return false; // an argument's credit: we send none
    }
    const outflow = this.#inbound.find(id)?.outflow;
    if (outflow === undefined || typeof n !== "number" || !Number.isSafeInteger(n) || n < 1) {
      return false;
    }
    outflow.grant(n);
    return true;
  }

  // ---- what goes out

  /** A call has its result. What was cancelled meanwhile is not answered again. */
  answer(call: InboundCall, result: Json): void {
    this.#answered(call, writeSuccess(call.id ?? null, result));
  }

  /** As `answer` with a fault. */
  refuse(call: InboundCall, fault: Fault): void {
    this.#answered(call, writeFailure(call.id ?? null, fault));
  }

  /** One item of a streamed result, for which there is credit; closed if nobody takes it any more. */
  item(call: InboundCall, item: Json): Offer {
    const { outflow } = call;
    if (call.ended || outflow === undefined || this.#lost) {
      return "closed";
    }
    const head = `{"id":${JSON.stringify(call.id)},"seq":${outflow.seq}`;
    const text = writeNotification(Names.ITEM, `${head},"items":[${item}]}` as Json);
    const fault = tooLarge(text, this.#profile);
    if (fault !== undefined) {
      this.refuse(call, fault);
      return "closed";
    }
    const offer = this.#effects.offer(text);
    if (offer === "queued") {
      outflow.sent();
    }
    return offer;
  }

  /** From now on a call is answered by items; if it has ended already, so have they. */
  open(call: InboundCall): Outflow {
    const outflow = new Outflow(call.meta.credits ?? 0);
    if (call.ended || this.#lost) {
      outflow.end();
    }
    call.outflow = outflow;
    return outflow;
  }

  /** Tells how far a call has come, if its caller wants to know. */
  progress(call: InboundCall, value: Json): void {
    const token = call.meta.progressToken;
    if (token !== undefined && !call.ended && !this.#lost) {
      const params = `{"token":${encode(token)},"value":${value}}` as Json;
      this.#effects.offer(writeNotification(Names.PROGRESS, params));
    }
  }

  #answered(call: InboundCall, response: string): void {
    const first = call.end();
    call.args.endAll({ kind: "cancelled" });
    if (!first || call.notification || this.#lost) {
      return;
    }
    const fault = tooLarge(response, this.#profile);
    if (fault !== undefined) {
      this.#respond(call, writeFailure(call.id ?? null, fault));
    } else {
      this.#respond(call, response);
    }
  }

  #respond(call: InboundCall, response: string): void {
    if (call.batch === undefined) {
      this.#effects.send(response);
    } else if (call.batch.add(response)) {
      this.#finish(call.batch);
    }
  }

  #finish(batch: BatchAnswer): void {
    if (batch.responses.length > 0) {
      this.#effects.send(writeBatch(batch.responses));
    }
  }

  // ---- what runs

  /** Starts what may start; `waiting` is how many calls of our own are out, see `Inbound.next`. */
  start(waiting: number): void {
    const next = () => this.#inbound.next(waiting);
    for (let call = next(); call !== undefined; call = next()) {
      if (call.handler !== undefined) {
        this.#effects.run(call, call.handler);
      }
    }
  }

  /** What `Effects.run` started has come back, answered or not. */
  returned(call: InboundCall): void {
    this.#inbound.finished(call);
  }

  /** Refuses what is past its caller's deadline; what has not begun never will. */
  expire(now: number): void {
    for (const call of this.#inbound.late(now)) {
      this.#giveUp(call, LATE);
    }
  }

  #giveUp(call: InboundCall, fault: Fault): void {
    this.refuse(call, fault);
    call.outflow?.end();
    call.interrupt();
  }

  nextDeadline(): number {
    return this.#inbound.nextDeadline();
  }

  get saturated(): boolean {
    return this.#inbound.saturated;
  }

  get relieved(): boolean {
    return this.#inbound.relieved;
  }

  get flooded(): boolean {
    return this.#inbound.flooded;
  }

  get size(): number {
    return this.#inbound.size;
  }

  /** Nobody is there to answer: requests that have not begun are forgotten, streams end. */
  lost(): void {
    this.#lost = true;
    this.#inbound.dropWaitingRequests();
    for (const call of this.#inbound.running()) {
      call.outflow?.end();
      call.args.endAll({ kind: "lost", maybeExecuted: true, reason: "the connection is gone" });
      call.interrupt();
    }
  }

  /** An Everwire session was agreed on. */
  negotiated(profile: PeerProfile): void {
    this.#profile = profile;
  }
}
