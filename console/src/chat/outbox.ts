// Messages that were typed and not yet seen on the topic. They are sent one after the other, and
// again after a new connection: each carries a key by which every reader shows it once.

import { type Client, FaultCode, FaultError } from "everwire";

/** No longer a member, or a server about to go: the next connection brings the message. */
const LATER: ReadonlySet<number> = new Set([
  FaultCode.FORBIDDEN,
  FaultCode.DRAINING,
  FaultCode.DEADLINE_PASSED,
]);

export interface Waiting {
  readonly key: string;
  readonly text: string;
}

export class Outbox {
  readonly #client: Client;
  readonly #room: string;
  readonly #refused: (message: Waiting, error: FaultError) => void;
  #waiting: Waiting[] = [];
  #next = 0; // of those waiting, the first not yet sent on this connection
  #sending = false;

  /** @param refused is told of a message that the server does not take; it is given up */
  constructor(
    client: Client,
    room: string,
    refused: (message: Waiting, error: FaultError) => void,
  ) {
    this.#client = client;
    this.#room = room;
    this.#refused = refused;
  }

  add(text: string): Waiting {
    const message = { key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, text };
    this.#waiting.push(message);
    return message;
  }

  /** It was seen on the topic; false if it is none of ours. */
  seen(key: string): boolean {
    return this.#remove(key);
  }

  /** A new connection: whatever was not seen is sent again. */
  again(): Promise<void> {
    this.#next = 0;
    return this.flush();
  }

  /** Sends what waits, as far as it goes. */
  async flush(): Promise<void> {
    if (this.#sending) {
      return;
    }
    this.#sending = true;
    try {
      for (let message = this.#take(); message !== undefined; message = this.#take()) {
        if (!(await this.#sent(message))) {
          return;
        }
      }
    } finally {
      this.#sending = false;
    }
  }

  #take(): Waiting | undefined {
    return this.#waiting[this.#next++] ?? this.#none();
  }

  #none(): undefined {
    this.#next = this.#waiting.length;
    return undefined;
  }

  /** False where a new connection has to come first. */
  async #sent({ key, text }: Waiting): Promise<boolean> {
    try {
      await this.#client.call("chat.say", { room: this.#room, text, key });
      return true;
    } catch (error) {
      if (error instanceof FaultError && !LATER.has(error.code)) {
        this.#remove(key);
        this.#refused({ key, text }, error);
        return true;
      }
      return false;
    }
  }

  #remove(key: string): boolean {
    const place = this.#waiting.findIndex((message) => message.key === key);
    if (place < 0) {
      return false;
    }
    this.#waiting.splice(place, 1);
    if (place < this.#next) {
      this.#next--;
    }
    return true;
  }
}
