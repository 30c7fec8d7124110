// When to ping and when a link is dead, with time given.

import { expect, it } from "vitest";
import { Pulse } from "../src/session/pulse.ts";

const HEARTBEAT = { interval: 25_000, timeout: 10_000 };

it("silence is pinged, and silence after that is death", () => {
  const pulse = new Pulse(HEARTBEAT, 1, 0);
  expect(pulse.next).toBe(25_000);
  expect(pulse.beat(24_999, 0)).toBe("nothing");
  expect(pulse.beat(25_000, 0)).toBe("ping");
  expect(pulse.next).toBe(35_000);
  expect(pulse.beat(34_999, 0)).toBe("nothing");
  expect(pulse.beat(35_000, 0)).toBe("dead");
});

it("any message counts as an answer, and the next ping is due an interval after it", () => {
  const pulse = new Pulse(HEARTBEAT, 1, 0);
  expect(pulse.beat(25_000, 0)).toBe("ping");
  expect(pulse.beat(35_000, 34_000)).toBe("nothing");
  expect(pulse.next).toBe(59_000);
  expect(pulse.beat(59_000, 34_000)).toBe("ping");
});

it("a peer that talks is not pinged", () => {
  const pulse = new Pulse(HEARTBEAT, 1, 0);
  expect(pulse.beat(25_000, 20_000)).toBe("nothing");
  expect(pulse.next).toBe(45_000);
});

it("the first ping falls at a random phase of the interval", () => {
  expect(new Pulse(HEARTBEAT, 0.1, 1_000).next).toBe(3_500);
  expect(new Pulse(HEARTBEAT, 0, 1_000).next).toBe(1_001);
  const pulse = new Pulse(HEARTBEAT, 0.1, 0);
  expect(pulse.beat(2_500, 0)).toBe("ping");
  expect(pulse.beat(12_500, 3_000)).toBe("nothing");
  expect(pulse.next).toBe(28_000);
});

it("who was frozen asks once more before it blames the other", () => {
  const pulse = new Pulse(HEARTBEAT, 1, 0);
  expect(pulse.beat(25_000, 0)).toBe("ping");
  expect(pulse.beat(500_000, 0)).toBe("ping");
  expect(pulse.next).toBe(510_000);
  expect(pulse.beat(900_000, 0)).toBe("dead");
});

it("an answer after having been frozen clears it", () => {
  const pulse = new Pulse(HEARTBEAT, 1, 0);
  pulse.beat(25_000, 0);
  pulse.beat(500_000, 0);
  expect(pulse.beat(510_000, 500_001)).toBe("nothing");
  expect(pulse.next).toBe(525_001);
});

it("who does not read does not blame the other", () => {
  const pulse = new Pulse(HEARTBEAT, 1, 0);
  pulse.beat(25_000, 0);
  pulse.excuse(34_000);
  expect(pulse.beat(35_000, 0)).toBe("nothing");
  expect(pulse.next).toBe(59_000);
});

it("a doubt is settled by a ping now, unless one is out", () => {
  const pulse = new Pulse(HEARTBEAT, 1, 0);
  pulse.doubt(3_000, 2_999);
  expect(pulse.beat(3_000, 2_999)).toBe("ping");
  pulse.doubt(4_000, 2_999);
  expect(pulse.next).toBe(13_000);
  expect(pulse.beat(13_000, 2_999)).toBe("dead");
});
