// Follows topics and publishes to them. Events that come faster than the screen are drawn together.

import type { Client, Event, Position, Subscription } from "everwire";
import { byId, element, enterSubmits, field, make, onSubmit, setText } from "../dom.ts";
import { clock, count, failure, json } from "../format.ts";

const KEPT = 200;

export class TopicBox {
  readonly #client: Client;
  readonly #events = element("events");
  readonly #following = new Map<string, Subscription<unknown>>();
  #waiting: HTMLElement[] = [];
  #seen = 0;

  constructor(client: Client) {
    this.#client = client;
    const topic = field("subscribe-topic");
    onSubmit("subscribe", () => void this.#follow(topic.value.trim()));
    const data = byId("publish-data", HTMLTextAreaElement);
    enterSubmits(data);
    onSubmit("publish", () => void this.#publish(field("publish-topic").value.trim(), data.value));
  }

  async #follow(topic: string): Promise<void> {
    if (topic === "" || this.#following.has(topic)) {
      return;
    }
    try {
      const since = field("subscribe-kept").checked ? await this.#kept(topic) : undefined;
      if (this.#following.has(topic)) {
        return;
      }
      const subscription = this.#client.subscribe(topic, { since });
      this.#following.set(topic, subscription);
      subscription.onEvent(
        (event) => this.#event(topic, event),
        (error) => this.#ended(topic, error),
      );
      this.#list();
    } catch (error) {
      this.#log("bad", topic, failure(error));
    }
  }

  /** Shows what the topic still remembers; the position behind it. */
  async #kept(topic: string): Promise<Position | undefined> {
    const items = await this.#client.history(topic);
    for (const item of items) {
      this.#event(topic, item);
    }
    return items.at(-1)?.position;
  }

  #event(topic: string, event: Event<unknown>): void {
    if (event.type === "item") {
      this.#seen++;
      this.#log("", `${topic} ${event.position.offset}`, json(event.data));
      return;
    }
    const { from, to, reason } = event;
    const missing =
      from.epoch === to.epoch
        ? `${to.offset - from.offset} events behind ${from.offset} are missing`
        : "the topic began anew; what came between is unknown";
    this.#log("gap", topic, `Gap (${reason}): ${missing}`);
  }

  #ended(topic: string, error: Error | undefined): void {
    this.#following.delete(topic);
    this.#list();
    if (error !== undefined) {
      this.#log("bad", topic, failure(error));
    }
  }

  async #publish(topic: string, text: string): Promise<void> {
    const target = element("published");
    try {
      const { epoch, offset } = await this.#client.publish(topic, value(text));
      setText(target, `Published as ${epoch}:${offset}`);
    } catch (error) {
      setText(target, failure(error));
    }
  }

  #list(): void {
    const chips = [...this.#following].map(([topic, subscription]) => {
      const stop = make("button", "chip", topic, make("span", "", "×"));
      stop.setAttribute("aria-label", `Stop following ${topic}`);
      stop.addEventListener("click", () => {
        subscription.close();
        this.#ended(topic, undefined);
        field("subscribe-topic").focus();
      });
      return stop;
    });
    element("following").replaceChildren(...chips);
  }

  #log(className: string, head: string, text: string): void {
    const time = make("time", "", clock(new Date()));
    this.#waiting.push(make("li", className, time, make("b", "", head), make("code", "", text)));
    if (this.#waiting.length > KEPT) {
      this.#waiting.shift();
    }
    if (this.#waiting.length === 1) {
      setTimeout(() => this.#draw(), 50);
    }
  }

  #draw(): void {
    this.#events.prepend(...this.#waiting.reverse());
    this.#waiting = [];
    while (this.#events.children.length > KEPT) {
      this.#events.lastElementChild?.remove();
    }
    setText(element("seen"), this.#seen === 1 ? "1 event" : `${count(this.#seen)} events`);
  }
}

/** JSON where it is JSON, else the text itself. */
function value(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
