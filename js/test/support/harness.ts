// A client on a network and a clock that the test moves.

import { Client, type ClientOptions, type Status } from "everwire";
import { FakeNet, type Link } from "./fake-net.ts";
import { seeded, VirtualTime } from "./virtual-time.ts";

export const WELCOME = {
  jsonrpc: "2.0",
  id: "h",
  result: {
    v: 1,
    session: "S1",
    resumeToken: "R1",
    resumed: false,
    generation: 1,
    node: "n",
    caps: [],
    heartbeat: { interval: 25_000, timeout: 10_000 },
  },
};

export class Harness {
  readonly net = new FakeNet();
  readonly time = new VirtualTime();
  readonly statuses: string[] = [];
  readonly errors: string[] = [];
  readonly network = new EventTarget();

  options(more: ClientOptions = {}): ClientOptions {
    return {
      webSocket: this.net.webSocket,
      scheduler: this.time,
      random: seeded(7),
      reconnect: () => 1_000,
      onStatus: (status) => this.statuses.push(describe(status)),
      onError: (error, what) => this.errors.push(`${what}: ${error}`),
      network: this.network,
      ...more,
    };
  }

  client(more: ClientOptions = {}): Client {
    return new Client("ws://server/ws", this.options(more));
  }

  /** A client whose hello was answered. */
  async live(more: ClientOptions = {}): Promise<Client> {
    const client = this.client(more).start();
    await this.welcome();
    return client;
  }

  /** Answers the hello of the last connection. */
  async welcome(more: object = {}): Promise<Link> {
    await this.settle();
    const link = this.net.last;
    const hello = link.hear();
    if (hello.method !== "rpc.hello" || hello.id !== "h") {
      throw new Error(`no hello: ${JSON.stringify(hello)}`);
    }
    link.say({ ...WELCOME, result: { ...WELCOME.result, ...more } });
    await this.settle();
    return link;
  }

  /** Closes a client, and lets its farewell arrive. */
  async close(client: Client): Promise<void> {
    const closed = client.close();
    await this.settle();
    await closed;
  }

  settle(): Promise<void> {
    return this.net.settle();
  }

  advance(millis: number): Promise<void> {
    return this.time.advance(millis, () => this.net.settle());
  }

  /** The statuses since the last look. */
  get news(): string[] {
    return this.statuses.splice(0);
  }
}

function describe(status: Status): string {
  switch (status.kind) {
    case "connecting":
      return `connecting ${status.attempt}`;
    case "live":
      return status.resumed ? "resumed" : "live";
    case "waiting":
      return `waiting ${Math.round(status.delayMs)}`;
    case "closed":
      return `closed: ${status.why}`;
  }
}

/** What became of a promise so far. */
export function fate(promise: Promise<unknown>): { text: string } {
  const seen = { text: "pending" };
  promise.then(
    (value) => {
      seen.text = `= ${JSON.stringify(value)}`;
    },
    (error: unknown) => {
      const { name, message, code, maybeExecuted } = error as Record<string, unknown>;
      const rest = maybeExecuted === undefined ? (code ?? "") : `maybe=${maybeExecuted}`;
      seen.text = `${name} ${rest} ${message}`;
    },
  );
  return seen;
}
