// Decides when to ping and when a link is dead. Pure: it is told the time and when something last
// came in, in milliseconds. With interval 25 s and timeout 10 s: silent since 0 → ping at 25 → dead
// at 35. A message at 34 clears it, and the next ping is due at 59.

import type { Heartbeat } from "../protocol/wire.ts";

export type Beat = "nothing" | "ping" | "dead";

export class Pulse {
  readonly #interval: number;
  readonly #timeout: number;
  #silence: number; // that calls for a ping; shorter for the first one
  #pingedAt: number | undefined;
  #next: number;
  #excused = false; // we were late ourselves, so we asked once more

  /**
   * @param phase 0…1, how far into the interval the first ping may come, so that many links opened at
   *     once are not pinged at once
   */
  constructor(heartbeat: Heartbeat, phase: number, now: number) {
    this.#interval = heartbeat.interval;
    this.#timeout = heartbeat.timeout;
    this.#silence = Math.max(1, this.#interval * phase);
    this.#next = now + this.#silence;
  }

  /** When `beat` has something to decide. */
  get next(): number {
    return this.#next;
  }

  /** Decides; to be called when `next` has come, harmless before. */
  beat(now: number, lastReceivedAt: number): Beat {
    if (now < this.#next) {
      return "nothing";
    }
    const overslept = now - this.#next >= this.#timeout;
    if (this.#pingedAt !== undefined && lastReceivedAt < this.#pingedAt) {
      if (now - this.#pingedAt < this.#timeout) {
        this.#next = this.#pingedAt + this.#timeout;
        return "nothing";
      }
      // A page that was frozen has not read: what came meanwhile is still to be told to us. Once: the
      // timers of a page in the background are late each time.
      if (!overslept || this.#excused) {
        return "dead";
      }
      this.#excused = true;
      return this.#ping(now);
    }
    this.#excused = false;
    this.#pingedAt = undefined;
    if (now - lastReceivedAt >= this.#silence) {
      return this.#ping(now);
    }
    this.#silence = this.#interval;
    this.#next = lastReceivedAt + this.#interval;
    return "nothing";
  }

  /** While we ourselves do not read, silence says nothing about the peer: starts over from now. */
  excuse(now: number): void {
    this.#pingedAt = undefined;
    this.#next = now + this.#interval;
  }

  /** Something hints that the link may be gone: the next ping is due now, unless one is out. */
  doubt(now: number, lastReceivedAt: number): void {
    if (this.#pingedAt === undefined || lastReceivedAt >= this.#pingedAt) {
      this.#pingedAt = undefined;
      this.#silence = 0;
      this.#next = now;
    }
  }

  #ping(now: number): Beat {
    this.#pingedAt = now;
    this.#next = now + this.#timeout;
    this.#silence = this.#interval;
    return "ping";
  }
}
