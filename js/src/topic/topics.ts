// The topics that a client follows: a TopicFeed for each, and the calls that the feeds ask for.

import { type Fault, FaultCode, retryAfter } from "../protocol/fault.ts";
import { encode } from "../protocol/json.ts";
import type { Params } from "../protocol/message.ts";
import { Names } from "../protocol/names.ts";
import type { Position } from "../protocol/position.ts";
import {
  readGap,
  readHistory,
  readSubscribed,
  readTopicEvent,
  readUnsubscribed,
  WireError,
} from "../protocol/wire.ts";
import { exponential } from "../reconnect.ts";
import type { CallOutcome } from "../session/call-table.ts";
import type { Outgoing } from "../session/outgoing.ts";
import { DEFAULT_WITHIN } from "../session/remote-peer.ts";
import type { Scheduler } from "../transport/scheduler.ts";
import { type Fill, TopicFeed, type Wire } from "./topic-feed.ts";
import type { Ending, Reader } from "./types.ts";

const REST = exponential(1_000, 60_000);

export class Topics implements Wire {
  readonly #scheduler: Scheduler;
  readonly #random: () => number;
  readonly #onError: (error: unknown, what: string) => void;
  readonly #feeds = new Map<string, TopicFeed>();
  readonly #rests = new Set<() => void>(); // what cancels each retry that is due
  #connection: Outgoing | undefined; // while the client is live
  #ended: Ending | undefined;

  constructor(
    scheduler: Scheduler,
    random: () => number,
    onError: (error: unknown, what: string) => void,
  ) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#onError = onError;
  }

  attach(topic: string, reader: Reader, since: Position | undefined): void {
    if (this.#ended !== undefined) {
      reader.end(this.#ended);
      return;
    }
    let feed = this.#feeds.get(topic);
    if (feed === undefined) {
      feed = new TopicFeed(topic, this);
      this.#feeds.set(topic, feed);
    }
    feed.attach(reader, since);
    if (this.#connection !== undefined) {
      feed.online();
    }
  }

  detach(topic: string, reader: Reader): void {
    const feed = this.#feeds.get(topic);
    if (feed !== undefined) {
      feed.detach(reader);
      this.#forgetIfUnread(feed);
    }
  }

  online(connection: Outgoing): void {
    this.#connection = connection;
    for (const feed of [...this.#feeds.values()]) {
      feed.online();
    }
  }

  offline(): void {
    this.#connection = undefined;
    for (const cancel of this.#rests) {
      cancel();
    }
    this.#rests.clear();
    for (const feed of this.#feeds.values()) {
      feed.offline();
    }
  }

  end(why: Ending): void {
    this.#ended = why;
    for (const feed of this.#feeds.values()) {
      feed.end(why);
    }
    this.#feeds.clear();
  }

  // ---- what the server sends

  event(params: Params | undefined): void {
    this.#receive(Names.EVENT, () => {
      const { topic, offset, data } = readTopicEvent(params);
      this.#feeds.get(topic)?.event(offset, data);
    });
  }

  gap(params: Params | undefined): void {
    this.#receive(Names.GAP, () => {
      const gap = readGap(params);
      this.#feeds.get(gap.topic)?.gap(gap);
    });
  }

  unsubscribed(params: Params | undefined): void {
    this.#receive(Names.UNSUBSCRIBED, () => {
      const { topic, code, reason } = readUnsubscribed(params);
      const feed = this.#feeds.get(topic);
      if (feed !== undefined) {
        feed.unsubscribed({ code, message: reason });
        this.#forgetIfUnread(feed);
      }
    });
  }

  #receive(method: string, body: () => void): void {
    try {
      body();
    } catch (e) {
      if (!(e instanceof WireError)) {
        throw e;
      }
      // If an event is lost by this, the next one shows the hole.
      this.#onError(e, `${method} not understood`);
    }
  }

  // ---- what the feeds ask for

  subscribe(feed: TopicFeed, since: Position | undefined): void {
    this.#call(
      Names.SUBSCRIBE,
      { topic: feed.topic, since },
      readSubscribed,
      (answer) => {
        feed.subscribed(answer);
      },
      (fault) => {
        feed.refused(fault);
        this.#forgetIfUnread(feed);
      },
    );
  }

  history(feed: TopicFeed, since: Position, limit: number, fill: Fill): void {
    this.#call(
      Names.HISTORY,
      { topic: feed.topic, since, limit },
      readHistory,
      (answer) => fill.filled(answer),
      (fault) => fill.failed(fault),
    );
  }

  unsubscribe(feed: TopicFeed): void {
    const nothing = () => undefined;
    this.#call(Names.UNSUBSCRIBE, { topic: feed.topic }, nothing, nothing, nothing);
  }

  retryLater(feed: TopicFeed, failures: number, fault: Fault): void {
    const delay = REST(failures, this.#random) ?? 0;
    const cancel = this.#scheduler.schedule(Math.max(delay, retryAfter(fault)), () => {
      this.#rests.delete(cancel);
      feed.retry();
    });
    this.#rests.add(cancel);
  }

  #call<T>(
    method: string,
    params: object,
    read: (result: unknown) => T,
    answered: (answer: T) => void,
    refused: (fault: Fault) => void,
  ): void {
    const at = this.#connection; // without one it is asked again after the next connect
    at?.call({
      method,
      params: encode(params),
      within: DEFAULT_WITHIN,
      done: (outcome) => {
        if (at === this.#connection) {
          complete(method, outcome, read, answered, refused);
        }
      },
    });
  }

  #forgetIfUnread(feed: TopicFeed): void {
    if (feed.unread && this.#feeds.get(feed.topic) === feed) {
      this.#feeds.delete(feed.topic);
    }
  }
}

function complete<T>(
  method: string,
  outcome: CallOutcome,
  read: (result: unknown) => T,
  answered: (answer: T) => void,
  refused: (fault: Fault) => void,
): void {
  switch (outcome.kind) {
    case "answered": {
      let answer: T;
      try {
        answer = read(outcome.result);
      } catch (e) {
        const why = e instanceof Error ? e.message : String(e);
        refused({
          code: FaultCode.INTERNAL,
          message: `${method}: answer not understood: ${why}`,
        });
        return;
      }
      answered(answer);
      break;
    }
    case "refused":
      refused(outcome.fault);
      break;
    case "expired":
      refused({ code: FaultCode.DEADLINE_PASSED, message: `${method}: not answered` });
      break;
    case "cancelled":
    case "lost": // asked again after the next connect
      break;
  }
}
