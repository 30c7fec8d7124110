// The peer's calls that run or wait, and the order in which they start:
// - notifications run one at a time, in the order they came;
// - a request starts once the notifications that came before it were handled, and as soon as fewer
//   than maxConcurrentCalls run; requests overtake each other freely after that.
// For n1 r1 n2 r2: n1 runs; when it ends, r1 and n2 run together; r2 starts when n2 ended, whether r1
// did or not. A request that waits for room never holds up a notification. Pure.

import { Fifo } from "../fifo.ts";
import type { Handler } from "../peer.ts";
import type { CallMeta } from "../protocol/call-meta.ts";
import type { Params, RequestId } from "../protocol/message.ts";
import { Arguments } from "./arguments.ts";
import type { BatchAnswer } from "./batch-answer.ts";
import type { SessionLimits } from "./limits.ts";
import type { Outflow } from "./outflow.ts";

/** A call or notification of the peer's, from its arrival to its answer. */
export class InboundCall {
  /** Undefined for a notification, which is never answered. */
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: Params | undefined;
  readonly batch: BatchAnswer | undefined;
  readonly meta: CallMeta;
  /** When its caller stops waiting; `Infinity` if it did not say. */
  readonly deadline: number;
  /** Streams among its parameters. */
  readonly args: Arguments;
  /** Set while its result is sent as items. */
  outflow: Outflow | undefined;
  /** Whether it was answered, cancelled or forgotten; everything later is void. */
  ended = false;
  /** Notifications received before it; it starts when as many were handled. */
  after = 0;
  handler: Handler | undefined;
  /** Stops the handler while it runs. */
  interrupt: () => void = () => undefined;

  constructor(
    id: RequestId | undefined,
    method: string,
    params: Params | undefined,
    batch: BatchAnswer | undefined,
    meta: CallMeta = {},
    deadline: number = Number.POSITIVE_INFINITY,
    args: Arguments = new Arguments(),
  ) {
    this.id = id;
    this.method = method;
    this.params = params;
    this.batch = batch;
    this.meta = meta;
    this.deadline = deadline;
    this.args = args;
  }

  get notification(): boolean {
    return this.id === undefined;
  }

  /** True for the first caller only. */
  end(): boolean {
    const first = !this.ended;
    this.ended = true;
    return first;
  }
}

/** How many more notifications than the bound may wait before a peer that cannot be paused is cut. */
const PATIENCE = 10;

export class Inbound {
  readonly #limits: SessionLimits;
  readonly #notifications = new Fifo<InboundCall>();
  readonly #requests = new Fifo<InboundCall>();
  readonly #byId = new Map<RequestId, InboundCall>();
  #received = 0;
  #handled = 0;
  #notificationRuns = false;
  #requestsRun = 0;

  constructor(limits: SessionLimits) {
    this.#limits = limits;
  }

  /** Takes a request in. False if too many run or wait already; it is not taken then. */
  admit(call: InboundCall, handler: Handler): boolean {
    if (this.#requestsRun + this.#requests.size >= this.#limits.maxAdmittedCalls) {
      return false;
    }
    call.handler = handler;
    call.after = this.#received;
    this.#requests.push(call);
    if (call.id !== undefined) {
      this.#byId.set(call.id, call);
    }
    return true;
  }

  /** Takes a notification in; look at `saturated` afterwards. */
  queue(call: InboundCall, handler: Handler): void {
    call.handler = handler;
    this.#received++;
    this.#notifications.push(call);
  }

  /** So many notifications wait that the peer has to be slowed down. */
  get saturated(): boolean {
    return this.#notifications.size >= this.#limits.maxQueuedNotifications;
  }

  /** A saturated queue has become half empty. */
  get relieved(): boolean {
    return this.#notifications.size <= this.#limits.maxQueuedNotifications / 2;
  }

  /** More came than can be kept, although we asked for nothing more. */
  get flooded(): boolean {
    return this.#notifications.size >= this.#limits.maxQueuedNotifications * PATIENCE;
  }

  /**
   * The next call that may start now, counted as running; undefined if none may. `waiting` is how many
   * calls of our own are out: handlers that wait for them take no room, and no request waits for a
   * notification that may be waiting for it, so calls nested across the wire do not dead-lock.
   */
  next(waiting: number): InboundCall | undefined {
    if (!this.#notificationRuns && this.#notifications.size > 0) {
      this.#notificationRuns = true;
      return this.#notifications.shift();
    }
    const request = this.#requests.peek();
    if (
      request !== undefined &&
      this.#requestsRun - waiting < this.#limits.maxConcurrentCalls &&
      (this.#handled >= request.after || (this.#notificationRuns && waiting > 0))
    ) {
      this.#requestsRun++;
      return this.#requests.shift();
    }
    return undefined;
  }

  /** A call that was started has come to its end. */
  finished(call: InboundCall): void {
    if (call.notification) {
      this.#notificationRuns = false;
      this.#handled++;
    } else {
      this.#requestsRun--;
      this.#forget(call);
    }
  }

  /**
   * Finds a request that can be cancelled. If it still waits it is taken out of the queue and will
   * never start.
   */
  cancel(id: RequestId): InboundCall | undefined {
    const call = this.#byId.get(id);
    if (call !== undefined && this.#requests.remove(call)) {
      this.#forget(call);
    }
    return call;
  }

  /** Whether a request of this id waits for its answer. */
  inUse(id: RequestId): boolean {
    const call = this.#byId.get(id);
    return call !== undefined && !call.ended;
  }

  /** A request that runs or waits. */
  find(id: RequestId): InboundCall | undefined {
    return this.#byId.get(id);
  }

  running(): InboundCall[] {
    return [...this.#byId.values()];
  }

  /** Those past their deadline that were not answered; what waits is taken out of the queue. */
  late(now: number): InboundCall[] {
    const late = [...this.#byId.values()].filter((call) => call.deadline <= now && !call.ended);
    for (const call of late) {
      if (this.#requests.remove(call)) {
        this.#forget(call);
      }
    }
    return late;
  }

  /** The first deadline, `Infinity` if nothing has one. */
  nextDeadline(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const call of this.#byId.values()) {
      if (!call.ended) {
        least = Math.min(least, call.deadline);
      }
    }
    return least;
  }

  /** Forgets requests that wait: nobody is there to answer. Notifications still run. */
  dropWaitingRequests(): void {
    for (const call of this.#requests) {
      call.end();
      this.#forget(call);
    }
    this.#requests.clear();
  }

  /** Calls and notifications that run or wait. */
  get size(): number {
    const running = this.#requestsRun + (this.#notificationRuns ? 1 : 0);
    return running + this.#requests.size + this.#notifications.size;
  }

  #forget(call: InboundCall): void {
    if (call.id !== undefined && this.#byId.get(call.id) === call) {
      this.#byId.delete(call.id);
    }
  }
}
