// The page's one connection, and the line that says how it is.

import { Client, exponential, type Status } from "everwire";
import { element, setText } from "./dom.ts";
import { clock } from "./format.ts";

const TICK = 100;
const SHORT_OUTAGE = 1_000;

/** Dials the server that the page came from, for as long as the page is open. */
export function openLink(name: string): Client {
  const client = new Client("/ws", {
    name,
    reconnect: exponential(250, 5_000), // somebody is watching
    onStatus: (status) => line.show(status),
  });
  const line = new StatusLine(element("status"));
  return client;
}

/** Says what the connection does, and for how long it was gone. */
class StatusLine {
  readonly #target: HTMLElement;
  #lostAt: number | undefined;
  #everLive = false;
  #countdown: number | undefined;

  constructor(target: HTMLElement) {
    this.#target = target;
  }

  show(status: Status): void {
    clearInterval(this.#countdown);
    this.#target.dataset.kind = status.kind;
    switch (status.kind) {
      case "connecting":
        this.#say(
          status.attempt === 1 && !this.#everLive
            ? "Connecting …"
            : `Connecting again, attempt ${status.attempt} …`,
        );
        break;
      case "live":
        this.#live();
        break;
      case "waiting":
        this.#waiting(performance.now() + status.delayMs);
        break;
      case "closed":
        this.#say(`Closed: ${status.why} Reload the page to try again.`);
        break;
    }
  }

  #live(): void {
    const gone = this.#lostAt === undefined ? 0 : performance.now() - this.#lostAt;
    this.#lostAt = undefined;
    if (!this.#everLive) {
      this.#say("Live");
    } else {
      const seconds = gone < SHORT_OUTAGE ? "a moment" : `${(gone / 1000).toFixed(1)} s`;
      this.#say(`Live again since ${clock(new Date())}, after ${seconds}`);
    }
    this.#everLive = true;
  }

  #waiting(until: number): void {
    this.#lostAt ??= performance.now();
    const tell = (): void => {
      const left = Math.max(0, until - performance.now()) / 1000;
      this.#say(`The server is gone. Trying again in ${left.toFixed(1)} s`);
    };
    tell();
    this.#countdown = setInterval(tell, TICK);
  }

  #say(text: string): void {
    setText(this.#target, text);
  }
}
