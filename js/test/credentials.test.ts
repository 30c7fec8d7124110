// Asking for a token: one question at a time, and answers only to who still waits.

import { expect, it } from "vitest";
import { Credentials } from "../src/credentials.ts";
import { turn } from "./support/virtual-time.ts";

class Gate {
  readonly asked: boolean[] = [];
  readonly heard: string[] = [];
  readonly #answers: ((token: string) => void)[] = [];
  readonly credentials = new Credentials((renew) => {
    this.asked.push(renew);
    return new Promise((resolve) => this.#answers.push(resolve));
  });

  fetch(name: string, renew = false): void {
    this.credentials.fetch(
      renew,
      (token) => this.heard.push(`${name} ${token}`),
      (why) => this.heard.push(`${name} failed: ${why}`),
    );
  }

  async answer(token: string): Promise<void> {
    await turn();
    this.#answers.shift()?.(token);
    await turn();
  }
}

it("the answer goes to who asked, and never inside of the question", async () => {
  const gate = new Gate();
  gate.fetch("a", true);
  expect(gate.asked).toEqual([]);
  await gate.answer("T1");
  gate.fetch("b");
  await gate.answer("T2");
  expect(gate.asked).toEqual([true, false]);
  expect(gate.heard).toEqual(["a T1", "b T2"]);
});

it("an answer that is not waited for any more is not heard", async () => {
  const gate = new Gate();
  gate.fetch("a");
  await turn();
  gate.credentials.forget();
  await gate.answer("T1");
  expect(gate.heard).toEqual([]);
  gate.fetch("b");
  gate.credentials.forget();
  await turn();
  expect(gate.asked).toHaveLength(1); // nobody waited for the second when it was its turn
});

it("who asks while the function is at work is told so, and hears nothing of what was meant before", async () => {
  const gate = new Gate();
  gate.fetch("a");
  await turn();
  gate.fetch("b");
  await turn();
  await gate.answer("T1");
  expect(gate.heard).toEqual(["b failed: none was given when it was asked for before"]);
  gate.fetch("c");
  await gate.answer("T2");
  expect(gate.heard.at(-1)).toBe("c T2");
});
