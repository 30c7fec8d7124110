// The page's one connection, and the line that says how it is.

import { Client, exponential, type Status } from "everwire";
import { showAlerts } from "./alerts.ts";
import { element, setText } from "./dom.ts";
import { clock } from "./format.ts";
import { SignIn } from "./sign-in.ts";

const TICK = 100;
const SHORT_OUTAGE = 1_000;

export interface Link {
  readonly client: Client;
  readonly signIn: SignIn;
}

/** Dials the server that the page came from, for as long as the page is open. */
export function openLink(name: string): Link {
  const network = new EventTarget();
  const hurry = (): void => void network.dispatchEvent(new Event("online"));
  addEventListener("online", hurry);
  const signIn = new SignIn(hurry);
  const line = new StatusLine(element("status"), signIn);
  const client = new Client("/ws", {
    name,
    token: (renew) => signIn.supply(renew),
    authRetries: 100, // somebody types them
    reconnect: exponential(250, 5_000), // somebody is watching
    network,
    onStatus: (status) => line.show(status),
  });
  signIn.follow(client);
  showAlerts(client);
  return { client, signIn };
}

/** Says what the connection does, and for how long it was gone. */
class StatusLine {
  readonly #target: HTMLElement;
  readonly #signIn: SignIn;
  #lostAt: number | undefined;
  #everLive = false;
  #countdown: number | undefined;

  constructor(target: HTMLElement, signIn: SignIn) {
    this.#target = target;
    this.#signIn = signIn;
  }

  show(status: Status): void {
    clearInterval(this.#countdown);
    this.#target.dataset.kind = status.kind;
    if (status.kind === "waiting") {
      this.#lostAt ??= performance.now();
    }
    if (status.kind !== "live" && status.kind !== "closed" && this.#signIn.holdsUp) {
      this.#say("Not signed in");
      return;
    }
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
