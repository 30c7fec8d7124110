// Asks for the figures once a second while somebody looks, and shows them. Never a second question
// before the first is answered; none at all once the server has said that we may not ask.

import { type Client, FaultCode, FaultError } from "everwire";
import { element, setText } from "../dom.ts";
import { bytes, count, duration } from "../format.ts";
import type { SignIn } from "../sign-in.ts";
import { type ConnectionRow, rates, type Stats, stats, type TopicRow } from "./figures.ts";
import { Graph } from "./graph.ts";
import { PagedTable } from "./paged-table.ts";

const EVERY = 1_000;

export class Watch {
  readonly #client: Client;
  readonly #graph = new Graph();
  readonly #connections: PagedTable<ConnectionRow>;
  readonly #topics: PagedTable<TopicRow>;
  #before: Stats | undefined;
  #asking = false;
  #denied = false;

  constructor(client: Client, signIn: SignIn) {
    this.#client = client;
    const now = (): void => void this.#ask();
    this.#connections = new PagedTable(
      "connections",
      (row) => [
        row.id,
        row.remote,
        row.session === null ? "plain" : row.session,
        duration(row.connectedMs),
        count(row.subscriptions),
        count(row.inbound),
        bytes(row.queuedBytes),
      ],
      now,
    );
    this.#topics = new PagedTable(
      "topics",
      (row) => [row.topic, count(row.subscribers), row.epoch ?? "?", String(row.offset)],
      now,
    );
    client.onStatus((status) => {
      if (status.kind === "live") {
        this.#denied = false; // another server may think otherwise
        now();
      }
    });
    signIn.onUser(() => {
      this.#denied = false; // somebody else may be let
      now();
    });
    document.addEventListener("visibilitychange", now);
    setInterval(now, EVERY);
  }

  async #ask(): Promise<void> {
    if (document.visibilityState !== "visible") {
      return;
    }
    this.#graph.draw();
    if (this.#asking || this.#denied || this.#client.status.kind !== "live") {
      return;
    }
    this.#asking = true;
    try {
      const [now] = await Promise.all([
        stats(this.#client),
        this.#connections.refresh(this.#client),
        this.#topics.refresh(this.#client),
      ]);
      this.#allowed(true);
      this.#show(now);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#asking = false;
    }
  }

  #show(now: Stats): void {
    const rate = rates(this.#before, now);
    this.#before = now;
    setText(element("node"), now.node);
    setText(element("uptime"), duration(now.uptimeMs));
    for (const name of ["connections", "sessions", "topics", "subscriptions"] as const) {
      setText(element(`n-${name}`), count(now[name]));
    }
    if (rate !== undefined) {
      setText(element("rate-in"), count(rate.messagesIn));
      setText(element("rate-out"), count(rate.messagesOut));
      setText(element("rate-published"), count(rate.publications));
      this.#graph.add(rate);
      this.#graph.draw();
    }
  }

  /** A link that went away is said elsewhere; the next answer comes when it is back. */
  #failed(error: unknown): void {
    const code = error instanceof FaultError ? error.code : 0;
    if (code === FaultCode.FORBIDDEN || code === FaultCode.METHOD_NOT_FOUND) {
      this.#denied = true;
      this.#allowed(false);
    }
  }

  #allowed(yes: boolean): void {
    element("figures").hidden = !yes;
    element("denied").hidden = yes;
  }
}
