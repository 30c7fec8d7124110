// The room's talk on the screen. Stays at the newest line unless somebody scrolled up to read.

import type { Gap } from "everwire";
import { element, make } from "../dom.ts";
import { clock, json } from "../format.ts";
import type { Waiting } from "./outbox.ts";
import { readSaid, type Said } from "./said.ts";

const KEPT = 500;
const NEAR = 40; // pixels from the end

export class Log {
  readonly #lines = element("talk");
  readonly #unsent = element("unsent");
  readonly #keys = new Set<string>(); // of messages shown, oldest first
  #me = "";

  /** Begins anew for somebody. */
  clear(me: string): void {
    this.#me = me;
    this.#keys.clear();
    this.#lines.replaceChildren();
    this.#unsent.replaceChildren();
  }

  /** Shows what was said; what that was, undefined if it had been shown or says nothing. */
  said(data: unknown): Said | undefined {
    const said = readSaid(data);
    if (said === undefined) {
      this.#add("note", make("code", "", json(data)));
      return undefined;
    }
    if (said.key !== "" && !this.#first(said.key)) {
      return undefined;
    }
    const time = make("time", "", clock(said.at));
    if (said.kind === "message") {
      const own = said.name === this.#me ? "message own" : "message";
      this.#add(own, time, make("b", "", said.name), make("span", "", said.text));
    } else {
      const what = said.kind === "join" ? "came in" : "left";
      this.#add("note", time, make("span", "", `${said.name} ${what}`));
    }
    return said;
  }

  gap({ from, to, reason }: Gap): void {
    this.note(
      from.epoch === to.epoch
        ? `${to.offset - from.offset} messages are missing here (${reason})`
        : "The server began anew: it remembers nothing that was said before",
    );
  }

  note(text: string): void {
    this.#add("note", make("time", "", clock(new Date())), make("span", "", text));
  }

  /** Shows a message that is on its way. */
  waits({ key, text }: Waiting): void {
    const line = make("li", "", make("span", "", text), make("i", "", "on its way"));
    line.dataset.key = key;
    this.#unsent.append(line);
    this.#toEnd();
  }

  waitsNoMore(key: string): void {
    for (const line of this.#unsent.children) {
      if (line instanceof HTMLElement && line.dataset.key === key) {
        line.remove();
        return;
      }
    }
  }

  #first(key: string): boolean {
    if (this.#keys.has(key)) {
      return false;
    }
    this.#keys.add(key);
    for (const oldest of this.#keys) {
      if (this.#keys.size <= KEPT) {
        break;
      }
      this.#keys.delete(oldest);
    }
    return true;
  }

  #add(className: string, ...content: Node[]): void {
    const box = this.#box();
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    this.#lines.append(make("li", className, ...content));
    while (this.#lines.children.length > KEPT) {
      this.#lines.firstElementChild?.remove();
    }
    if (atEnd) {
      this.#toEnd();
    }
  }

  #toEnd(): void {
    const box = this.#box();
    box.scrollTop = box.scrollHeight;
  }

  #box(): HTMLElement {
    return element("log");
  }
}
