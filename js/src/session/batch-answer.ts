// Collects the answers to one batch until the last is there (JSON-RPC 2.0 section 6).

export class BatchAnswer {
  /** Empty for a batch of notifications, which is not answered at all. */
  readonly responses: string[] = [];
  #open = 1; // one for the reader itself, so that it cannot complete while being read

  /** One more answer is to come. */
  expect(): void {
    this.#open++;
  }

  /** True if that was the last one. */
  add(response: string): boolean {
    this.responses.push(response);
    return --this.#open === 0;
  }

  /** The batch was read to its end. True if every answer is there already. */
  read(): boolean {
    return --this.#open === 0;
  }
}
