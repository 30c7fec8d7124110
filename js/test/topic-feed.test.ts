// A feed with one reader: what it makes of its topic, over one connection and over several.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FaultCode } from "../src/protocol/fault.ts";
import { TopicFeed } from "../src/topic/topic-feed.ts";
import { answer, fresh, history, Log, page, recovered, WireLog } from "./support/feed-log.ts";

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

describe("one connection", () => {
  it("events follow the answer", () => {
    live(120);
    events(121, 122);
    log.expectGot("@k3:120", "121", "122");
  });

  it("duplicates are dropped", () => {
    live(120);
    events(120, 121, 121, 119, 122, 121);
    log.expectGot("@k3:120", "121", "122");
  });

  it("events before the answer belong to a former subscription", () => {
    feed.attach(log, undefined);
    feed.online();
    events(119, 120);
    wire.expectAsked("subscribe new");
    feed.subscribed(fresh(120));
    log.expectGot("@k3:120");
  });

  it("a hole is asked for and filled in order", () => {
    live(120);
    events(121, 124);
    wire.expectAsked("history k3:121 +2");
    events(125);
    wire.fill.filled(history(125, 122, 123));
    log.expectGot("@k3:120", "121", "122", "123", "124", "125");
  });

  it("a hole that closes by itself needs no answer", () => {
    live(120);
    events(122, 121);
    wire.expectAsked("history k3:120 +1");
    wire.fill.filled(history(122, 121));
    log.expectGot("@k3:120", "121", "122");
  });

  it("two holes are filled one after the other", () => {
    live(120);
    events(122, 124);
    wire.expectAsked("history k3:120 +1");
    wire.fill.filled(history(124, 121));
    wire.expectAsked("history k3:122 +1");
    wire.fill.filled(history(124, 123));
    log.expectGot("@k3:120", "121", "122", "123", "124");
  });

  it("history in pages is asked for until the hole is closed", () => {
    live(120);
    events(124);
    wire.expectAsked("history k3:120 +3");
    wire.fill.filled(history(124, 121, 122));
    wire.expectAsked("history k3:122 +1");
    wire.fill.filled(history(124, 123));
    log.expectGot("@k3:120", "121", "122", "123", "124");
  });

  it("a hole that history does not reach back to is a gap", () => {
    live(120);
    events(124);
    wire.expectAsked("history k3:120 +3");
    wire.fill.filled(history(124, 123));
    log.expectGot("@k3:120", "[k3:120-k3:122 trimmed]", "123", "124");
  });

  it("what is held is not part of the gap in front of it", () => {
    live(120);
    events(122, 126);
    wire.expectAsked("history k3:120 +1");
    wire.fill.filled(history(126, 125));
    log.expectGot(
      "@k3:120",
      "[k3:120-k3:121 trimmed]",
      "122",
      "[k3:122-k3:124 trimmed]",
      "125",
      "126",
    );
  });

  it("a hole that history does not know is a gap", () => {
    live(120);
    events(123);
    wire.expectAsked("history k3:120 +2");
    wire.fill.filled(history(123));
    log.expectGot("@k3:120", "[k3:120-k3:122 missing]", "123");
  });

  it.each([
    [FaultCode.POSITION_LOST, "trimmed"],
    [FaultCode.FORBIDDEN, "missing"],
  ])("a hole that cannot be asked for (%i) is a gap, and the stream goes on", (code, reason) => {
    live(120);
    events(123);
    wire.expectAsked("history k3:120 +2");
    wire.fill.failed({ code, message: "" });
    events(124);
    log.expectGot("@k3:120", `[k3:120-k3:122 ${reason}]`, "123", "124");
  });

  it("history of another epoch is a gap to its top", () => {
    live(120);
    events(123);
    wire.expectAsked("history k3:120 +2");
    wire.fill.filled({ ...history(0), position: { epoch: "k4", offset: 7 } });
    log.expectGot("@k3:120", "[k3:120-k4:7 epoch]");
  });

  it("what does not fit while a hole is filled is asked for afterwards", () => {
    live(0);
    const many = Array.from({ length: 1_100 }, (_, i) => i + 2);
    events(...many);
    wire.expectAsked("history k3:0 +1");
    wire.fill.filled(history(1_101, 1));
    wire.expectAsked("history k3:1001 +100");
    wire.fill.filled(history(1_101, ...many.slice(1_000)));
    expect(log.lines).toEqual(["@k3:0", "1", ...many.map(String)]);
  });

  it("a gap that the server announces is passed on", () => {
    live(120);
    feed.gap({ topic: "prices", from: 121, to: 123, reason: "lag", epoch: undefined });
    events(124);
    log.expectGot("@k3:120", "[k3:120-k3:123 lag]", "124");
  });

  it("a gap behind a hole waits for its turn", () => {
    live(120);
    feed.gap({ topic: "prices", from: 122, to: 123, reason: "lag", epoch: undefined });
    wire.expectAsked("history k3:120 +1");
    wire.fill.filled(history(123, 121));
    log.expectGot("@k3:120", "121", "[k3:121-k3:123 lag]");
  });

  it("a gap that names an epoch is the stream's new life", () => {
    live(120);
    feed.gap({ topic: "prices", from: 0, to: 0, reason: "epoch", epoch: "k4" });
    events(1, 2);
    log.expectGot("@k3:120", "[k3:120-k4:0 epoch]", "1", "2");
  });
});

describe("over connections", () => {
  it("subscribing while away is sent once connected", () => {
    feed.attach(log, undefined);
    wire.expectAsked();
    feed.online();
    wire.expectAsked("subscribe new");
  });

  it("after a reconnect it goes on behind the last event", () => {
    live(120);
    events(121);
    reconnect();
    wire.expectAsked("subscribe k3:121");
    feed.subscribed(recovered(123, 122, 123));
    events(124);
    log.expectGot("@k3:120", "121", "122", "123", "124");
  });

  it("a long recovery comes in pages, and nothing is live between them", () => {
    live(120);
    reconnect();
    wire.expectAsked("subscribe k3:120");
    feed.subscribed(page(122, 121, 122));
    wire.expectAsked("subscribe k3:122");
    events(126);
    feed.subscribed(page(124, 123, 124));
    wire.expectAsked("subscribe k3:124");
    feed.subscribed(recovered(125, 125));
    events(126);
    log.expectGot("@k3:120", "121", "122", "123", "124", "125", "126");
  });

  it("a page without progress is not asked for at once", () => {
    live(120);
    reconnect();
    feed.subscribed(page(120));
    wire.expectAsked("subscribe k3:120", "later 1");
    feed.retry();
    wire.expectAsked("subscribe k3:120");
  });

  it("a connection lost between pages loses nothing", () => {
    live(120);
    reconnect();
    feed.subscribed(page(122, 121, 122));
    reconnect();
    feed.subscribed(recovered(123, 123));
    wire.expectAsked("subscribe k3:120", "subscribe k3:122", "subscribe k3:122");
    log.expectGot("@k3:120", "121", "122", "123");
  });

  it("an impossible recovery is a gap", () => {
    live(120);
    reconnect();
    wire.expectAsked("subscribe k3:120");
    feed.subscribed(answer({ epoch: "k4", offset: 7 }, { recovered: false, reason: "epoch" }));
    events(8);
    log.expectGot("@k3:120", "[k3:120-k4:7 epoch]", "8");
  });

  it("another epoch is a gap whatever the server calls it", () => {
    live(120);
    reconnect();
    wire.expectAsked("subscribe k3:120");
    feed.subscribed(answer({ epoch: "k4", offset: 0 }));
    events(1);
    log.expectGot("@k3:120", "[k3:120-k4:0 epoch]", "1");
  });

  it("a server that recovers nothing is asked for history", () => {
    live(120);
    reconnect();
    feed.subscribed(fresh(122));
    wire.expectAsked("subscribe k3:120", "history k3:120 +2");
    wire.fill.filled(history(122, 121, 122));
    log.expectGot("@k3:120", "121", "122");
  });

  it("a hole is forgotten with the connection and recovered with the next", () => {
    live(120);
    events(122);
    wire.expectAsked("history k3:120 +1");
    reconnect();
    wire.expectAsked("subscribe k3:120");
    wire.fill.filled(history(122, 121));
    feed.subscribed(recovered(122, 121, 122));
    log.expectGot("@k3:120", "121", "122");
  });

  it("a late answer while away is void", () => {
    feed.attach(log, undefined);
    feed.online();
    wire.expectAsked("subscribe new");
    feed.offline();
    feed.subscribed(fresh(3));
    feed.refused({ code: FaultCode.FORBIDDEN, message: "" });
    log.expectGot();
  });

  it("a refusal ends every reader", () => {
    feed.attach(log, undefined);
    feed.online();
    feed.refused({ code: FaultCode.FORBIDDEN, message: "no" });
    wire.expectAsked("subscribe new");
    log.expectGot("refused");
    expect(feed.unread).toBe(true);
  });

  it("a subscription that the server ends is over and not asked for again", () => {
    live(120);
    events(121);
    feed.unsubscribed({ code: FaultCode.FORBIDDEN, message: "not allowed" });
    events(122);
    log.expectGot("@k3:120", "121", "refused");
    expect(feed.unread).toBe(true);
  });

  it("a subscription that the server ends for now is taken up behind the last event", () => {
    live(120);
    events(121);
    feed.unsubscribed({ code: FaultCode.OVERLOADED, message: "" });
    feed.retry();
    wire.expectAsked("later 1", "subscribe k3:121");
    log.expectGot("@k3:120", "121");
  });

  it.each([
    FaultCode.OVERLOADED,
    FaultCode.RATE_LIMITED,
    FaultCode.DRAINING,
    FaultCode.DEADLINE_PASSED,
  ])("what may pass (%i) is tried again later", (code) => {
    feed.attach(log, undefined);
    feed.online();
    feed.refused({ code, message: "" });
    feed.retry();
    feed.refused({ code, message: "" });
    wire.expectAsked("subscribe new", "later 1", "subscribe new", "later 2");
    log.expectGot();
  });
});
