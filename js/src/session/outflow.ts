// What goes out of one stream: counts items and the credit that is left for them.

export class Outflow {
  #credit: number;
  #sent = 0;
  #ended = false;
  #waiting: (() => void) | undefined;

  constructor(credit: number) {
    this.#credit = credit;
  }

  /** The consumer takes so many more. */
  grant(credit: number): void {
    this.#credit = Math.min(this.#credit + credit, Number.MAX_SAFE_INTEGER);
    this.#wake();
  }

  /** Nobody takes anything any more. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Waits until an item may be sent. False if none will be taken any more. */
  async room(): Promise<boolean> {
    while (this.#credit === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    return !this.#ended;
  }

  /** The sequence number of the next item, which begins with 1. */
  get seq(): number {
    return this.#sent + 1;
  }

  /** One item was sent. */
  sent(): void {
    this.#credit--;
    this.#sent++;
  }

  #wake(): void {
    this.#waiting?.();
    this.#waiting = undefined;
  }
}
