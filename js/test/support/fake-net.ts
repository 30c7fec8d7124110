// WebSockets in memory. Nothing arrives before the test says so, and any link can be cut or go silent.

import type { WebSocketConstructor, WebSocketLike } from "everwire";
import { turn } from "./virtual-time.ts";

type Handler = ((event: Record<string, unknown>) => void) | null;

/** One connection as the server sees it. */
export class Link {
  readonly heard: string[] = [];
  readonly closes: number[] = [];
  onText: ((text: string) => void) | undefined;
  onClosed: (() => void) | undefined;
  /** Nothing arrives in either direction, and no Close frame is answered. */
  silent = false;
  reading = true;
  readonly socket: FakeSocket;
  #events: (() => void)[] = [];

  constructor(socket: FakeSocket) {
    this.socket = socket;
  }

  say(message: object | string): void {
    const data = typeof message === "string" ? message : JSON.stringify(message);
    this.queue(() => this.socket.deliver(data));
  }

  sayBinary(): void {
    this.queue(() => this.socket.deliver(new ArrayBuffer(1)));
  }

  /** The next message, parsed. */
  hear(): Record<string, unknown> {
    const text = this.heard.shift();
    if (text === undefined) {
      throw new Error("nothing was said");
    }
    return JSON.parse(text);
  }

  /** What was sent before still arrives, then it is over. */
  close(code: number, reason = ""): void {
    this.queue(() => this.socket.ended(code, reason));
  }

  /** Over at once; what was under way is lost. */
  cut(): void {
    this.#events = [];
    this.socket.ended(1006, "");
  }

  queue(event: () => void): void {
    this.#events.push(event);
  }

  get busy(): boolean {
    return !this.silent && this.#events.length > 0;
  }

  deliverOne(): void {
    if (this.busy) {
      this.#events.shift()?.();
    }
  }
}

class FakeSocket implements WebSocketLike {
  bufferedAmount = 0;
  binaryType = "blob";
  readyState = 0;
  onopen: Handler = null;
  onmessage: Handler = null;
  onerror: Handler = null;
  onclose: Handler = null;
  link: Link | undefined;
  readonly url: string;
  readonly protocols: readonly string[];

  constructor(url: string, protocols: readonly string[] = []) {
    this.url = url;
    this.protocols = protocols;
  }

  send(data: string): void {
    if (this.readyState !== 1) {
      throw new Error("not open");
    }
    const { link } = this;
    link?.queue(() => {
      link.heard.push(data);
      link.onText?.(data);
    });
  }

  close(code = 1005, reason = ""): void {
    if (code !== 1005 && code !== 1000 && (code < 3000 || code > 4999)) {
      throw new Error(`code ${code}`); // as browsers do
    }
    if (this.readyState > 1) {
      return;
    }
    this.readyState = 2;
    const { link } = this;
    link?.closes.push(code);
    link?.queue(() => this.ended(code, reason));
  }

  pause(): void {
    if (this.link) this.link.reading = false;
  }

  resume(): void {
    if (this.link) this.link.reading = true;
  }

  opened(): void {
    this.readyState = 1;
    this.onopen?.({});
  }

  failed(message: string): void {
    this.readyState = 3;
    this.onerror?.({ message });
    this.onclose?.({ code: 1006, reason: "" });
  }

  deliver(data: unknown): void {
    if (this.readyState === 1) {
      this.onmessage?.({ data });
    }
  }

  ended(code: number, reason: string): void {
    if (this.readyState !== 3) {
      this.readyState = 3;
      this.link?.onClosed?.();
      this.onclose?.({ code, reason });
    }
  }
}

export class FakeNet {
  /** Every connection there was, oldest first. */
  readonly links: Link[] = [];
  /** How dials end: connected, failed with this message, not at all, or before they begin. */
  dials: "accept" | "hang" | "throw" | { readonly fail: string } = "accept";
  dialed = 0;
  /** Every address that was dialled. */
  readonly urls: string[] = [];
  accept: (link: Link) => void = () => undefined;
  readonly webSocket: WebSocketConstructor;

  constructor() {
    const net = this;
    this.webSocket = class extends FakeSocket {
      constructor(url: string, protocols?: string[]) {
        super(url, protocols);
        net.#dial(this);
      }
    };
  }

  get last(): Link {
    const link = this.links.at(-1);
    if (link === undefined) {
      throw new Error("nobody has connected");
    }
    return link;
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    await turn();
    while (this.links.some((link) => link.busy)) {
      for (const link of this.links) {
        while (link.busy) {
          link.deliverOne();
        }
      }
      await turn();
    }
  }

  #dial(socket: FakeSocket): void {
    this.dialed++;
    this.urls.push(socket.url);
    const how = this.dials;
    if (how === "hang") {
      return;
    }
    if (how === "throw") {
      throw new SyntaxError(`invalid: ${socket.url} ${socket.protocols}`); // as browsers do
    }
    queueMicrotask(() => {
      if (socket.readyState !== 0) {
        socket.ended(1006, "");
      } else if (how !== "accept") {
        socket.failed(how.fail);
      } else {
        const link = new Link(socket);
        socket.link = link;
        this.links.push(link);
        socket.opened();
        this.accept(link);
      }
    });
  }
}
