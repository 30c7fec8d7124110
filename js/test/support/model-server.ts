// A small server that keeps the protocol's promises about topics: enough to test a client against
// cuts and restarts, in memory.

import type { FakeNet, Link } from "./fake-net.ts";

interface Stream {
  epoch: string;
  log: unknown[]; // log[0] has offset 1
  first: number; // oldest offset still held
  subscribers: Set<Link>;
}

interface Since {
  readonly epoch: string;
  readonly offset: number;
}

interface Params {
  readonly topic: string;
  readonly since?: Since;
  readonly limit?: number;
  readonly data?: unknown;
}

export class ModelServer {
  readonly #streams = new Map<string, Stream>();
  readonly #former = new Map<string, unknown[]>(); // logs of former lives
  readonly #page: number;
  #life = 1;
  /** How often each live event is sent: 1 unless a test wants losses and doubles. */
  copies: () => number = () => 1;

  constructor(net: FakeNet, page = 256) {
    this.#page = page;
    net.accept = (link) => {
      link.onText = (text) => this.#receive(link, JSON.parse(text));
      link.onClosed = () => this.#forget(link);
    };
  }

  publish(topic: string, data: unknown): Since {
    const stream = this.#stream(topic);
    const offset = stream.log.push(data);
    for (const link of stream.subscribers) {
      for (let copies = this.copies(); copies > 0; copies--) {
        link.say({ jsonrpc: "2.0", method: "rpc.event", params: { topic, offset, data } });
      }
    }
    return { epoch: stream.epoch, offset };
  }

  /** Keeps only so many events of history. */
  keep(topic: string, events: number): void {
    const stream = this.#stream(topic);
    stream.first = Math.max(stream.first, stream.log.length - events + 1);
  }

  /** Forgets every stream, as a server does that was killed. */
  restart(): void {
    for (const [topic, { epoch, log }] of this.#streams) {
      this.#former.set(`${topic} ${epoch}`, log);
    }
    this.#life++;
    this.#streams.clear();
  }

  /** What was published there, in whatever life. */
  published(topic: string, { epoch, offset }: Since): unknown {
    const stream = this.#streams.get(topic);
    const log = stream?.epoch === epoch ? stream.log : this.#former.get(`${topic} ${epoch}`);
    return log?.[offset - 1];
  }

  subscribers(topic: string): number {
    return this.#stream(topic).subscribers.size;
  }

  #stream(topic: string): Stream {
    let stream = this.#streams.get(topic);
    if (stream === undefined) {
      stream = { epoch: `k${this.#life}`, log: [], first: 1, subscribers: new Set() };
      this.#streams.set(topic, stream);
    }
    return stream;
  }

  #forget(link: Link): void {
    for (const stream of this.#streams.values()) {
      stream.subscribers.delete(link);
    }
  }

  #receive(link: Link, message: { id?: unknown; method?: string; params?: Params }): void {
    if (message.id === undefined || message.method === undefined) {
      if (message.method === "$/ping") {
        link.say({ jsonrpc: "2.0", method: "$/pong" });
      }
      return;
    }
    const params = message.params ?? { topic: "" };
    const answer = this.#answer(link, message.method, params);
    link.say({ jsonrpc: "2.0", id: message.id, ...answer });
  }

  #answer(link: Link, method: string, params: Params): object {
    switch (method) {
      case "rpc.hello":
        return { result: { session: `S${this.#life}`, resumeToken: "secret", resumed: false } };
      case "rpc.subscribe":
        return { result: this.#subscribe(link, params) };
      case "rpc.unsubscribe":
        this.#stream(params.topic).subscribers.delete(link);
        return { result: true };
      case "rpc.publish":
        return { result: { ...this.publish(params.topic, params.data), duplicate: false } };
      case "rpc.history":
        return this.#history(params);
      case "echo":
        return { result: params };
      default:
        return { error: { code: -32601, message: "Method not found" } };
    }
  }

  #subscribe(link: Link, { topic, since }: Params): object {
    const stream = this.#stream(topic);
    const top = stream.log.length;
    const { epoch } = stream;
    if (since === undefined) {
      stream.subscribers.add(link);
      return { topic, epoch, offset: top };
    }
    if (since.epoch !== epoch || since.offset + 1 < stream.first) {
      stream.subscribers.add(link);
      const reason = since.epoch === epoch ? "trimmed" : "epoch";
      return { topic, epoch, offset: top, recovered: false, reason, first: stream.first };
    }
    const end = Math.min(top, since.offset + this.#page);
    const events = this.#events(stream, since.offset, end);
    if (end < top) {
      stream.subscribers.delete(link);
      return { topic, epoch, offset: end, recovered: true, events, more: true };
    }
    stream.subscribers.add(link);
    return { topic, epoch, offset: top, recovered: true, events };
  }

  #history({ topic, since, limit = this.#page }: Params): object {
    const stream = this.#stream(topic);
    const from = since?.offset ?? stream.first - 1;
    if ((since !== undefined && since.epoch !== stream.epoch) || from + 1 < stream.first) {
      return { error: { code: -32010, message: "position lost" } };
    }
    const end = Math.min(stream.log.length, from + Math.min(limit, this.#page));
    const events = this.#events(stream, from, end);
    return { result: { topic, epoch: stream.epoch, offset: stream.log.length, events } };
  }

  #events(stream: Stream, behind: number, end: number): object[] {
    return stream.log
      .slice(behind, end)
      .map((data, index) => ({ offset: behind + index + 1, data }));
  }
}
