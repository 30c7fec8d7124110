// One room that we are in: joins again after every new connection, because the server lets a member
// go with its connection, and the topic goes on from where it was.

import {
  type Client,
  ConnectionLostError,
  FaultCode,
  FaultError,
  type Gap,
  type Position,
  type Subscription,
} from "everwire";
import { failure } from "../format.ts";
import type { Log } from "./log.ts";
import { Outbox } from "./outbox.ts";

export interface RoomStats {
  readonly members: number;
  readonly joins: number;
  readonly leaves: number;
  readonly messages: number;
}

export interface RoomView {
  readonly log: Log;
  members(names: readonly string[]): void;
  stats(stats: RoomStats): void;
  /** We could not come in, or were sent away. */
  refused(why: string): void;
}

const SETTLE = 150; // many come and go at once after a restart

export class Room {
  readonly name: string;
  readonly #client: Client;
  readonly #me: string;
  readonly #view: RoomView;
  readonly #outbox: Outbox;
  #subscription: Subscription<unknown> | undefined;
  #unwatch: () => void = () => undefined;
  #inside = false;
  #left = false;
  #settling: number | undefined;

  constructor(client: Client, name: string, me: string, view: RoomView) {
    this.#client = client;
    this.name = name;
    this.#me = me;
    this.#view = view;
    this.#outbox = new Outbox(client, name, ({ key, text }, error) => {
      view.log.waitsNoMore(key);
      view.log.note(`Not taken: “${text}”: ${error.message}`);
    });
  }

  /** Shows what was said before, follows, and joins. */
  async enter(): Promise<void> {
    const topic = `chat/${this.name}`;
    const since = await this.#earlier(topic);
    if (this.#left) {
      return;
    }
    this.#subscription = this.#client.subscribe(topic, { since });
    void this.#follow(this.#subscription);
    this.#unwatch = this.#client.onStatus(({ kind }) => {
      this.#inside = false;
      if (kind === "live") {
        void this.#join();
      }
    });
    if (this.#client.status.kind === "live") {
      await this.#join();
    }
  }

  say(text: string): void {
    this.#view.log.waits(this.#outbox.add(text));
    if (this.#inside) {
      void this.#outbox.flush();
    }
  }

  leave(): void {
    this.#left = true;
    this.#unwatch();
    clearTimeout(this.#settling);
    this.#subscription?.close();
    this.#client.call("chat.leave", { room: this.name }).catch(() => undefined); // left with the link
  }

  async #earlier(topic: string): Promise<Position | undefined> {
    try {
      const items = await this.#client.history(topic);
      for (const { data } of items) {
        this.#view.log.said(data);
      }
      return items.at(-1)?.position;
    } catch {
      return undefined; // then the talk begins here
    }
  }

  async #join(): Promise<void> {
    try {
      await this.#client.call("chat.join", { name: this.#me, room: this.name });
    } catch (error) {
      const draining = error instanceof FaultError && error.code === FaultCode.DRAINING;
      if (error instanceof FaultError && !draining && !this.#left) {
        this.#view.refused(failure(error));
      }
      return; // otherwise the next connection tries again
    }
    this.#inside = true;
    this.#settle();
    await this.#outbox.again();
  }

  /** One event after the other: what a gap leaves out is read before what follows it. */
  async #follow(subscription: Subscription<unknown>): Promise<void> {
    try {
      for await (const event of subscription) {
        if (event.type === "gap") {
          this.#view.log.gap(event);
          await this.#reread(subscription.topic, event);
        } else {
          this.#said(event.data);
        }
      }
    } catch (error) {
      if (!this.#left) {
        this.#view.refused(failure(error));
      }
    }
  }

  /** Others may have come back, and spoken, before us: the new life of the topic remembers it. */
  async #reread(topic: string, { from, to }: Gap): Promise<void> {
    while (from.epoch !== to.epoch && !this.#left) {
      try {
        for (const { data, position } of await this.#client.history(topic)) {
          if (position.epoch === to.epoch && position.offset <= to.offset) {
            this.#said(data);
          }
        }
        return;
      } catch (error) {
        if (!(error instanceof ConnectionLostError)) {
          return; // the gap was said
        }
        await this.#live();
      }
    }
  }

  /** The next connection. */
  #live(): Promise<void> {
    return new Promise((resolve) => {
      const unwatch = this.#client.onStatus(({ kind }) => {
        if (kind === "live" || kind === "closed") {
          unwatch();
          resolve();
        }
      });
    });
  }

  #said(data: unknown): void {
    const said = this.#view.log.said(data);
    if (said?.kind === "message" && this.#outbox.seen(said.key)) {
      this.#view.log.waitsNoMore(said.key);
    }
    this.#settle();
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.#refresh(), SETTLE);
  }

  async #refresh(): Promise<void> {
    try {
      const room = { room: this.name };
      const [{ members }, stats] = await Promise.all([
        this.#client.call<{ members: string[] }>("chat.members", room),
        this.#client.call<RoomStats>("chat.stats", room),
      ]);
      if (!this.#left) {
        this.#view.members(members);
        this.#view.stats(stats);
      }
    } catch {
      // Asked again with the next event or connection.
    }
  }
}
