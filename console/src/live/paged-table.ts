// A table that shows one page of a long list: refreshed in place, walked through by two buttons.

import type { Client } from "everwire";
import { byId, element, make, setText } from "../dom.ts";
import { type Page, page } from "./figures.ts";

const ROWS = 20;

export class PagedTable<T> {
  readonly #what: "connections" | "topics";
  readonly #cells: (row: T) => readonly string[];
  readonly #body: HTMLElement;
  readonly #first: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #pages: HTMLElement;
  readonly #empty: HTMLElement;
  #after: string | undefined;
  #behind: string | undefined;

  /** @param refresh shows the page that is wanted now */
  constructor(
    what: "connections" | "topics",
    cells: (row: T) => readonly string[],
    refresh: () => void,
  ) {
    this.#what = what;
    this.#cells = cells;
    this.#body = element(`${what}-rows`);
    this.#first = byId(`${what}-first`, HTMLButtonElement);
    this.#next = byId(`${what}-next`, HTMLButtonElement);
    this.#pages = element(`${what}-pages`);
    this.#empty = element(`${what}-empty`);
    this.#first.addEventListener("click", () => {
      this.#after = undefined;
      refresh();
    });
    this.#next.addEventListener("click", () => {
      this.#after = this.#behind;
      refresh();
    });
  }

  async refresh(client: Client): Promise<void> {
    const asked = this.#after;
    const shown = await page<T>(client, this.#what, asked, ROWS);
    if (asked === this.#after) {
      this.#show(shown);
    }
  }

  #show({ rows, next }: Page<T>): void {
    const there = [...this.#body.children];
    rows.forEach((row, i) => {
      this.#fill(there[i] ?? this.#body.appendChild(make("tr")), this.#cells(row));
    });
    for (const left of there.slice(rows.length)) {
      left.remove();
    }
    this.#behind = next;
    this.#empty.hidden = rows.length > 0;
    this.#pages.hidden = this.#after === undefined && next === undefined;
    this.#first.disabled = this.#after === undefined;
    this.#next.disabled = next === undefined;
  }

  #fill(row: Element, texts: readonly string[]): void {
    while (row.children.length < texts.length) {
      row.append(make("td"));
    }
    texts.forEach((text, i) => {
      const cell = row.children[i];
      if (cell !== undefined) {
        setText(cell, text);
      }
    });
  }
}
