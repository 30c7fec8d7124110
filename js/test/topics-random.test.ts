// Cuts, restarts, trims and publications at moments that a seed decides, while messages are under
// way. Each reader must see a run whose every offset is either an item or inside a gap, once, in order.

import type { Client, Event, Position, Subscription } from "everwire";
import { expect, it } from "vitest";
import { Harness } from "./support/harness.ts";
import { ModelServer } from "./support/model-server.ts";
import { seeded, turn } from "./support/virtual-time.ts";

const STEPS = 600;
const TOPIC = "news";

class Reading {
  readonly subscription: Subscription<unknown>;
  readonly seen: Event<unknown>[] = [];

  constructor(client: Client, since: Position | undefined) {
    this.subscription = client.subscribe(TOPIC, { since });
    this.subscription.onEvent((event) => this.seen.push(event));
  }

  /** Each event begins where the one before it ended, and is what was published there. */
  check(world: World, hint: string): void {
    let last: Position | undefined;
    for (const event of this.seen) {
      if (event.type === "item") {
        expect(event.data, hint).toBe(world.server.published(TOPIC, event.position));
      } else {
        expect(world.excused(event.reason), `${hint}: ${event.reason}`).toBe(true);
      }
      const from = event.type === "gap" ? event.from : before(event.position);
      if (last !== undefined) {
        expect(from, hint).toEqual(last);
      }
      last = event.type === "gap" ? event.to : event.position;
    }
  }
}

function before({ epoch, offset }: Position): Position {
  return { epoch, offset: offset - 1 };
}

class World {
  readonly harness = new Harness();
  readonly server: ModelServer;
  readonly client: Client;
  readonly readings: Reading[];
  restarts = 0;
  trims = 0;
  readonly #random: () => number;
  readonly #acts: readonly (readonly [number, () => void | Promise<void>])[];

  constructor(seed: number) {
    const random = seeded(seed);
    this.#random = random;
    this.server = new ModelServer(this.harness.net, 4);
    this.server.copies = () => [0, 1, 1, 1, 1, 1, 1, 2][Math.floor(random() * 8)] ?? 1;
    this.client = this.harness.client({
      random,
      reconnect: (failures) => random() * Math.min(2_000, 100 * 2 ** failures),
    });
    this.readings = [new Reading(this.client, undefined)];
    this.client.start();
    const link = () => this.harness.net.links.at(-1);
    this.#acts = [
      [0.25, () => this.#publish()],
      [0.6, () => link()?.deliverOne()],
      [0.015, () => link()?.cut()],
      [0.003, () => this.#restart()],
      [0.005, () => this.#trim()],
      [0.03, () => this.#join()],
      [0.017, () => this.#leave()],
      [0.08, () => this.harness.time.advance(random() * 300, turn)],
    ];
  }

  /** Whether there is a reason for a gap. */
  excused(reason: string): boolean {
    return reason === "epoch" ? this.restarts > 0 : reason === "trimmed" && this.trims > 0;
  }

  async act(): Promise<void> {
    let dice = this.#random();
    for (const [share, act] of this.#acts) {
      dice -= share;
      if (dice < 0) {
        await act();
        break;
      }
    }
    await turn();
  }

  #publish(): void {
    this.server.publish(TOPIC, this.#random());
  }

  #restart(): void {
    this.restarts++;
    this.server.restart();
    this.harness.net.links.at(-1)?.cut();
  }

  #trim(): void {
    this.trims++;
    this.server.keep(TOPIC, 3);
  }

  #join(): void {
    if (this.readings.length < 4) {
      const since = this.#random() < 0.5 ? undefined : this.readings[0]?.subscription.position;
      this.readings.push(new Reading(this.client, since));
    }
  }

  #leave(): void {
    if (this.readings.length > 1) {
      this.readings.pop()?.subscription.close();
    }
  }
}

it.each(Array.from({ length: 60 }, (_, i) => i + 1))("seed %i", async (seed) => {
  const hint = `seed ${seed}`;
  const world = new World(seed);
  for (let step = 0; step < STEPS; step++) {
    await world.act();
  }
  await world.harness.advance(60_000);
  world.server.copies = () => 1;
  const end = world.server.publish(TOPIC, "last");
  await world.harness.settle();
  for (const reading of world.readings) {
    reading.check(world, hint);
    expect(reading.subscription.position, hint).toEqual(end);
    expect(reading.seen.at(-1), hint).toMatchObject({ type: "item", data: "last" });
  }
  expect(world.server.subscribers(TOPIC), hint).toBe(1);
  await world.harness.close(world.client);
  expect(world.harness.time.pending, hint).toBe(0);
  expect(world.harness.errors, hint).toEqual([]);
});
