// Asks the user's token supplier, one question at a time: one that does not come back is not asked
// again before it does.

import { type TokenSupplier, usable } from "./token-supplier.ts";

/** Of one fetch, while its answer is waited for. */
interface Question {
  readonly ready: (token: string | undefined) => void;
  readonly failed: (why: string) => void;
}

const LONGEST_WORDS = 200;

export class Credentials {
  readonly #supplier: TokenSupplier;
  #question: Question | undefined;
  #asking = false; // the supplier is at work

  constructor(supplier: TokenSupplier) {
    this.#supplier = supplier;
  }

  /** One of both is called, later, unless `forget` or another fetch comes first. */
  fetch(
    renew: boolean,
    ready: (token: string | undefined) => void,
    failed: (why: string) => void,
  ): void {
    const question = { ready, failed };
    this.#question = question;
    queueMicrotask(() => void this.#ask(renew, question));
  }

  /** The answer is not waited for any more. */
  forget(): void {
    this.#question = undefined;
  }

  async #ask(renew: boolean, question: Question): Promise<void> {
    if (this.#question !== question) {
      return;
    }
    if (this.#asking) {
      this.#hear(question, () => question.failed("none was given when it was asked for before"));
      return;
    }
    this.#asking = true;
    let answer: () => void;
    try {
      const token = await this.#supplier(renew);
      answer =
        token === undefined || usable(token)
          ? () => question.ready(token)
          : () => question.failed("none that can be sent was given");
    } catch (e) {
      const why = brief(e);
      answer = () => question.failed(why);
    }
    this.#asking = false;
    this.#hear(question, answer);
  }

  #hear(question: Question, answer: () => void): void {
    if (this.#question === question) {
      this.#question = undefined;
      answer();
    }
  }
}

/** What the user's own code threw, in one line. */
function brief(error: unknown): string {
  let text: string;
  try {
    text = String(error instanceof Error ? error.message : error);
  } catch {
    text = "the supplier failed";
  }
  return text.replaceAll(/\s+/g, " ").slice(0, LONGEST_WORDS);
}
