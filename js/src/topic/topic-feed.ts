// One topic as a client follows it: subscribed once however many read it, remembered while there is no
// connection, and taken up behind the last event after it. Decides and touches nothing: it is told
// what happens and asks through Wire.

import { type Fault, FaultCode } from "../protocol/fault.ts";
import { type Position, samePosition } from "../protocol/position.ts";
import type { History, Subscribed, WireGap } from "../protocol/wire.ts";
import { Reason, Run, type RunOut } from "./run.ts";
import { behind, type Ending, type Piece, type Reader } from "./types.ts";

/** Sends what the feed wants. Answers come back later, or never when the connection is lost. */
export interface Wire {
  /** Answered by `TopicFeed.subscribed` or `refused`. */
  subscribe(feed: TopicFeed, since: Position | undefined): void;

  history(feed: TopicFeed, since: Position, limit: number, fill: Fill): void;

  unsubscribe(feed: TopicFeed): void;

  /** Call `TopicFeed.retry` after a while, longer with each failure in a row. */
  retryLater(feed: TopicFeed, failures: number, fault: Fault): void;
}

/** Takes the answer to `Wire.history`. */
export interface Fill {
  filled(answer: History): void;
  failed(fault: Fault): void;
}

/** A reader, and a run of its own while it catches up from an earlier position. */
interface Attached {
  readonly reader: Reader;
  wanted: Position | undefined; // where to begin, until the feed has a position
  own: Run | undefined;
}

/** What another try may bring. */
const PASSING = new Set<number>([
  FaultCode.DEADLINE_PASSED,
  FaultCode.OVERLOADED,
  FaultCode.RATE_LIMITED,
  FaultCode.DRAINING,
]);

function saysNotToRetry(fault: Fault): boolean {
  const data = fault.data;
  return (
    typeof data === "object" && data !== null && "retryable" in data && data.retryable === false
  );
}

function passing(fault: Fault): boolean {
  return PASSING.has(fault.code) && !saysNotToRetry(fault);
}

export class TopicFeed {
  readonly topic: string;
  readonly #wire: Wire;
  #readers: Attached[] = [];
  /**
   * down: no connection. asking: subscribe was sent; what comes before its answer belongs to a former
   * subscription. resting: the server had no time for us; tried again soon.
   */
  #phase: "down" | "asking" | "resting" | "live" = "down";
  #run: Run | undefined; // until a position is known
  #failures = 0;

  constructor(topic: string, wire: Wire) {
    this.topic = topic;
    this.#wire = wire;
  }

  get unread(): boolean {
    return this.#readers.length === 0;
  }

  /**
   * @param since where to begin; undefined for where the feed stands, or with what is published next
   *     if this is the first reader
   */
  attach(reader: Reader, since: Position | undefined): void {
    const first = this.unread;
    const attached: Attached = { reader, wanted: since, own: undefined };
    this.#readers.push(attached);
    if (this.#run !== undefined) {
      this.#begin(attached, this.#run.last);
    } else if (first && since !== undefined) {
      this.#run = this.#newRun(since);
      this.#begin(attached, since);
    }
  }

  /** With the last reader the feed is over: what still comes for it is void. */
  detach(reader: Reader): void {
    const before = this.#readers.length;
    this.#readers = this.#readers.filter((attached) => attached.reader !== reader);
    if (before > 0 && this.unread) {
      if (this.#phase === "asking" || this.#phase === "live") {
        this.#wire.unsubscribe(this);
      }
      this.#phase = "down";
    }
  }

  /** There is a connection. */
  online(): void {
    if (this.#phase === "down") {
      this.#failures = 0;
      this.#ask();
    }
  }

  /** The connection is gone; answers to what was asked do not come any more. */
  offline(): void {
    this.#phase = "down";
    this.#run?.pause();
    this.#run?.rewind();
    for (const { own } of this.#readers) {
      own?.pause();
    }
  }

  /** The rest after `Wire.retryLater` is over. */
  retry(): void {
    if (this.#phase === "resting") {
      this.#ask();
    }
  }

  /** The answer to subscribe. */
  subscribed(answer: Subscribed): void {
    if (this.#phase !== "asking") {
      return;
    }
    if (this.#run === undefined) {
      this.#start(answer.position);
    } else if (!this.#recover(this.#run, answer)) {
      return;
    }
    this.#failures = 0;
    this.#phase = "live";
    this.#run?.resume();
    for (const { own } of this.#readers) {
      own?.resume();
    }
  }

  /** Subscribe was refused, or not answered in time. */
  refused(fault: Fault): void {
    if (this.#phase !== "asking") {
      return;
    }
    if (passing(fault)) {
      this.#rest(fault);
    } else {
      this.#phase = "down";
      this.end({ kind: "refused", fault });
    }
  }

  /** The server has ended the subscription. */
  unsubscribed(fault: Fault): void {
    if (this.#phase !== "live") {
      return; // about a former one; what was asked meanwhile is answered by itself
    }
    this.offline();
    if (passing(fault)) {
      this.#rest(fault);
    } else {
      this.end({ kind: "refused", fault });
    }
  }

  event(offset: number, data: unknown): void {
    if (this.#phase === "live") {
      this.#run?.event(offset, data);
    }
  }

  gap({ from, to, reason, epoch }: WireGap): void {
    if (this.#phase !== "live") {
      return;
    }
    if (epoch === undefined) {
      this.#run?.gap(from, to, reason);
    } else {
      this.#run?.jump(reason, { epoch, offset: to });
    }
  }

  /** Nothing follows, for any reader. */
  end(ending: Ending): void {
    const readers = this.#readers;
    this.#readers = [];
    for (const { reader } of readers) {
      reader.end(ending);
    }
  }

  // ---- subscribing

  #ask(): void {
    this.#phase = "asking";
    this.#wire.subscribe(this, this.#run?.last);
  }

  #rest(fault: Fault): void {
    this.#phase = "resting";
    this.#failures++;
    this.#wire.retryLater(this, this.#failures, fault);
  }

  #start(position: Position): void {
    this.#run = this.#newRun(position);
    for (const attached of this.#readers) {
      this.#begin(attached, position);
    }
  }

  /** Answers whether the subscription is live now. */
  #recover(run: Run, answer: Subscribed): boolean {
    const top = answer.position;
    if (answer.recovered === false) {
      run.jump(answer.reason ?? Reason.MISSING, top);
      return true;
    }
    if (top.epoch !== run.last.epoch) {
      run.jump(Reason.EPOCH, top);
      return true;
    }
    const before = run.last;
    for (const { offset, data } of answer.events) {
      run.event(offset, data);
    }
    if (answer.more) {
      if (samePosition(run.last, before)) {
        this.#rest({ code: FaultCode.INTERNAL, message: "a page without progress" });
      } else {
        this.#ask();
      }
      return false;
    }
    run.reach(top.offset);
    return true;
  }

  // ---- readers

  #begin(attached: Attached, present: Position): void {
    const { reader, wanted } = attached;
    attached.wanted = undefined;
    if (wanted === undefined || samePosition(wanted, present)) {
      reader.begin(present);
      return;
    }
    reader.begin(wanted);
    if (wanted.epoch !== present.epoch) {
      reader.piece({ type: "gap", reason: Reason.EPOCH, from: wanted, to: present });
      return;
    }
    const own: Run = new Run(wanted, {
      piece: (piece) => reader.piece(piece),
      missing: (since, count) => this.#fill(own, since, count),
    });
    attached.own = own;
    own.reach(present.offset);
    if (this.#phase === "live") {
      own.resume();
    }
  }

  #deliver(piece: Piece): void {
    for (const attached of this.#readers) {
      const { own, reader } = attached;
      if (own === undefined) {
        reader.piece(piece);
      } else {
        advance(own, piece);
        if (samePosition(own.last, behind(piece))) {
          attached.own = undefined; // has caught up
        }
      }
    }
  }

  /** What comes out of the feed's run goes to everybody. */
  #newRun(start: Position): Run {
    const out: RunOut = {
      piece: (piece) => this.#deliver(piece),
      missing: (since, count) => this.#fill(run, since, count),
    };
    const run: Run = new Run(start, out);
    return run;
  }

  #fill(run: Run, since: Position, count: number): void {
    this.#wire.history(this, since, count, {
      filled: (answer) => run.filled(since, answer),
      failed: ({ code }) =>
        run.unfillable(since, code === FaultCode.POSITION_LOST ? Reason.TRIMMED : Reason.MISSING),
    });
  }
}

function advance(own: Run, piece: Piece): void {
  if (piece.type === "item") {
    own.event(piece.position.offset, piece.data);
  } else if (piece.to.epoch === own.last.epoch) {
    own.gap(piece.from.offset + 1, piece.to.offset, piece.reason);
  } else {
    own.jump(piece.reason, piece.to);
  }
}
