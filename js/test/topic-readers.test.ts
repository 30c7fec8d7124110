// A feed with several readers, some of which have to catch up.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FaultCode } from "../src/protocol/fault.ts";
import { TopicFeed } from "../src/topic/topic-feed.ts";
import { at, fresh, history, Log, page, recovered, WireLog } from "./support/feed-log.ts";

let wire: WireLog;
let feed: TopicFeed;
let log: Log;

beforeEach(() => {
  wire = new WireLog();
  feed = new TopicFeed("prices", wire);
  log = new Log();
});

afterEach(() => {
  expect(wire.asked).toEqual([]);
});

function events(...offsets: number[]): void {
  for (const offset of offsets) {
    feed.event(offset, offset);
  }
}

function live(offset: number): void {
  feed.attach(log, undefined);
  feed.online();
  feed.subscribed(fresh(offset));
  wire.expectAsked("subscribe new");
}

function reconnect(): void {
  feed.offline();
  feed.online();
}

describe("several readers", () => {
  it("share one subscription, and the last one ends it", () => {
    live(120);
    const second = new Log();
    feed.attach(second, undefined);
    events(121);
    feed.detach(log);
    events(122);
    feed.detach(second);
    wire.expectAsked("unsubscribe");
    log.expectGot("@k3:120", "121");
    second.expectGot("@k3:120", "121", "122");
  });

  it("the last one that leaves while away has nothing to unsubscribe", () => {
    live(120);
    feed.offline();
    feed.detach(log);
  });

  it("nothing is subscribed any more once the last has left", () => {
    feed.attach(log, at(3));
    feed.online();
    feed.detach(log);
    wire.expectAsked("subscribe k3:3", "unsubscribe");
    feed.subscribed(page(5, 4, 5));
    feed.retry();
    wire.expectAsked();
  });

  it("nothing is tried again once the last has left", () => {
    feed.attach(log, undefined);
    feed.online();
    feed.refused({ code: FaultCode.OVERLOADED, message: "" });
    wire.expectAsked("subscribe new", "later 1");
    feed.detach(log);
    feed.retry();
    wire.expectAsked();
  });

  it("a position to begin from is sent", () => {
    feed.attach(log, at(100));
    feed.online();
    wire.expectAsked("subscribe k3:100");
    feed.subscribed(recovered(101, 101));
    log.expectGot("@k3:100", "101");
  });

  it("one that wants earlier events catches up from history", () => {
    live(120);
    const second = new Log();
    feed.attach(second, at(118));
    wire.expectAsked("history k3:118 +2");
    events(121);
    wire.fill.filled(history(121, 119, 120));
    events(122);
    log.expectGot("@k3:120", "121", "122");
    second.expectGot("@k3:118", "119", "120", "121", "122");
  });

  it("catching up begins again with the next connection", () => {
    live(120);
    const second = new Log();
    feed.attach(second, at(118));
    wire.expectAsked("history k3:118 +2");
    reconnect();
    wire.expectAsked("subscribe k3:120");
    feed.subscribed(recovered(121, 121));
    wire.expectAsked("history k3:118 +2");
    wire.fills.at(-1)?.filled(history(121, 119, 120));
    second.expectGot("@k3:118", "119", "120", "121");
  });

  it("one ahead of the feed gets nothing twice", () => {
    live(120);
    const second = new Log();
    feed.attach(second, at(122));
    events(121, 122, 123);
    second.expectGot("@k3:122", "123");
  });

  it("one from another epoch is told so", () => {
    live(120);
    const second = new Log();
    feed.attach(second, { epoch: "k2", offset: 9 });
    events(121);
    second.expectGot("@k2:9", "[k2:9-k3:120 epoch]", "121");
  });

  it("one with a position that joins before the answer catches up after it", () => {
    feed.attach(log, undefined);
    const second = new Log();
    feed.attach(second, at(118));
    feed.online();
    feed.subscribed(fresh(120));
    wire.expectAsked("subscribe new", "history k3:118 +2");
    wire.fill.filled(history(120, 119, 120));
    log.expectGot("@k3:120");
    second.expectGot("@k3:118", "119", "120");
  });

  it("one that catches up hears of the stream's new life", () => {
    live(120);
    const second = new Log();
    feed.attach(second, at(118));
    wire.expectAsked("history k3:118 +2");
    feed.gap({ topic: "prices", from: 0, to: 0, reason: "epoch", epoch: "k4" });
    wire.fill.filled(history(120, 119, 120));
    events(1);
    second.expectGot("@k3:118", "[k3:118-k4:0 epoch]", "1");
  });
});
