// Messages per second over the last two minutes, as SVG lines. Where nothing is known the lines stop.

import { element, setText } from "../dom.ts";
import { count } from "../format.ts";
import type { Rates } from "./figures.ts";

const SPAN = 120_000;
const WIDTH = 600;
const HEIGHT = 120;
const SILENCE = 5_000; // longer between two samples is a hole, not a line
const DESCRIBE_EVERY = 10_000; // for screen readers

interface Sample {
  readonly at: number;
  readonly rates: Rates;
}

export class Graph {
  readonly #svg = document.querySelector("#graph svg") as SVGSVGElement;
  readonly #top = element("graph-top");
  readonly #half = element("graph-half");
  #samples: Sample[] = [];
  #describedAt = Number.NEGATIVE_INFINITY;

  add(rates: Rates): void {
    this.#samples.push({ at: performance.now(), rates });
  }

  draw(): void {
    const now = performance.now();
    this.#samples = this.#samples.filter(({ at }) => now - at <= SPAN + SILENCE);
    const top = ceiling(
      Math.max(1, ...this.#samples.flatMap(({ rates }) => [rates.messagesIn, rates.messagesOut])),
    );
    setText(this.#top, count(top));
    setText(this.#half, count(top / 2));
    this.#line("in", now, top, ({ messagesIn }) => messagesIn);
    this.#line("out", now, top, ({ messagesOut }) => messagesOut);
    this.#describe(now);
  }

  #line(name: string, now: number, top: number, value: (rates: Rates) => number): void {
    let path = "";
    let before = Number.NEGATIVE_INFINITY;
    for (const { at, rates } of this.#samples) {
      const x = (WIDTH * (1 - (now - at) / SPAN)).toFixed(1);
      const y = (HEIGHT * (1 - value(rates) / top)).toFixed(1);
      path += `${at - before > SILENCE ? "M" : "L"}${x} ${y}`;
      before = at;
    }
    this.#svg.querySelector(`.${name}`)?.setAttribute("d", path);
  }

  #describe(now: number): void {
    const last = this.#samples.at(-1)?.rates;
    if (last !== undefined && now - this.#describedAt > DESCRIBE_EVERY) {
      this.#describedAt = now;
      this.#svg.setAttribute(
        "aria-label",
        `Messages per second over two minutes; now ${count(last.messagesIn)} in and ${count(last.messagesOut)} out`,
      );
    }
  }
}

/** The next of 1, 2, 4, 6, 8, 10, 20, 40 … that is not below. */
function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 6, 8].find((step) => step * power >= value) ?? 10) * power;
}
