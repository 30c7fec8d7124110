// The connection a client has at the moment, if any: dials it, says hello on it, lets go of it. Tells
// what comes of that as Inputs, always of the present connection only.

import { HELLO_WITHIN } from "./lifecycle/lifecycle.ts";
import type { Input } from "./lifecycle/types.ts";
import type { Settings } from "./options.ts";
import { CloseCode } from "./protocol/close-code.ts";
import { FaultCode, retryAfter } from "./protocol/fault.ts";
import { encode } from "./protocol/json.ts";
import { readWelcome, type Welcome } from "./protocol/wire.ts";
import type { CallOutcome } from "./session/call-table.ts";
import { Connection } from "./session/connection.ts";
import type { Router } from "./session/effects.ts";
import { Socket } from "./transport/socket.ts";

/** Is told what happens. */
export interface LineListener {
  happened(input: Input): void;

  /** A connection that was let go is gone. */
  released(): void;
}

/** The peer's Close frame is waited for so long after ours, in milliseconds. */
const FAREWELL = 500;

const CAPS = ["batch", "server-calls", "meta", "stream"];

export class Line {
  readonly #settings: Settings;
  readonly #router: Router;
  readonly #listener: LineListener;
  #leaving = 0; // let go, not yet gone
  #dial: { readonly socket: Socket; readonly limit: () => void } | undefined;
  #connection: Connection | undefined;
  #sessionId: string | undefined;
  #connections = 0;

  constructor(settings: Settings, router: Router, listener: LineListener) {
    this.#settings = settings;
    this.#router = router;
    this.#listener = listener;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Of the present connection, once hello was answered. */
  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  /** Nothing is left of former connections. */
  get released(): boolean {
    return this.#leaving === 0;
  }

  dial(): void {
    const { webSocket, url, limits, scheduler, dialTimeout } = this.#settings;
    let socket: Socket;
    try {
      socket = new Socket(webSocket, url, limits.maxQueuedBytes, {
        opened: () => this.#opened(socket),
        failed: (message, httpStatus) => {
          this.#endDial();
          this.#listener.happened({ kind: "dialFailed", httpStatus, message });
        },
        text: (text) => this.#connection?.text(text),
        binary: () => this.#connection?.binary(),
        closed: (code, reason) => this.#connection?.closed(code, reason),
      });
    } catch (e) {
      const message = e instanceof Error ? e.message : String(e);
      this.#listener.happened({ kind: "dialFailed", httpStatus: 0, message });
      return;
    }
    const limit = scheduler.schedule(dialTimeout, () => {
      this.cancelDial();
      const message = `no answer within ${dialTimeout} ms`;
      this.#listener.happened({ kind: "dialFailed", httpStatus: 0, message });
    });
    this.#dial = { socket, limit };
  }

  cancelDial(): void {
    const dial = this.#dial;
    if (dial !== undefined) {
      this.#endDial();
      this.#leave((gone) => dial.socket.release(CloseCode.NORMAL, "cancelled", gone), dial.socket);
    }
  }

  greet(): void {
    const connection = this.#connection;
    if (connection !== undefined) {
      const { name, version, limits } = this.#settings;
      const frame = limits.maxMessageLength; // so many bytes are never more characters
      const hello = encode({ v: 1, client: { name, version }, caps: CAPS, limits: { frame } });
      // The lifecycle gives up first.
      connection.hello(hello, HELLO_WITHIN * 2, (outcome) => this.#greeted(connection, outcome));
    }
  }

  hangup(code: number, reason: string): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#sessionId = undefined;
    if (connection !== undefined) {
      this.#leave((gone) => connection.release(code, reason, gone), connection);
    }
  }

  #leave(release: (gone: () => void) => void, left: { abort(): void }): void {
    this.#leaving++;
    const tooLate = this.#settings.scheduler.schedule(FAREWELL, () => left.abort());
    release(() => {
      tooLate();
      this.#leaving--;
      this.#listener.released();
    });
  }

  #endDial(): void {
    this.#dial?.limit();
    this.#dial = undefined;
  }

  #opened(socket: Socket): void {
    this.#endDial();
    this.#connections++;
    this.#connection = new Connection(
      `c${this.#connections}`,
      socket,
      this.#settings,
      this.#router,
      (connection, code, reason) => this.#gone(connection, code, reason),
    );
    this.#listener.happened({ kind: "opened" });
  }

  #gone(connection: Connection, code: number, reason: string): void {
    if (connection === this.#connection) {
      this.hangup(code, reason);
      this.#listener.happened({ kind: "lost", code, reason });
    }
  }

  #greeted(connection: Connection, outcome: CallOutcome): void {
    if (connection !== this.#connection) {
      return;
    }
    switch (outcome.kind) {
      case "answered":
        this.#welcome(connection, outcome.result);
        break;
      case "refused": {
        const { code, message } = outcome.fault;
        this.#listener.happened(
          code === FaultCode.METHOD_NOT_FOUND
            ? { kind: "noHello" }
            : {
                kind: "unwelcome",
                faultCode: code,
                message,
                retryAfterMs: retryAfter(outcome.fault),
              },
        );
        break;
      }
      case "expired": // the lifecycle's own timer came first
      case "cancelled":
      case "lost": // follows as the end of the connection
        break;
    }
  }

  #welcome(connection: Connection, result: unknown): void {
    let welcome: Welcome;
    try {
      welcome = readWelcome(result);
    } catch (e) {
      const message = `answer not understood: ${e instanceof Error ? e.message : String(e)}`;
      const faultCode = FaultCode.INTERNAL;
      this.#listener.happened({ kind: "unwelcome", faultCode, message, retryAfterMs: 0 });
      return;
    }
    connection.establish(welcome);
    this.#sessionId = welcome.session;
    this.#listener.happened({ kind: "welcomed", resumed: welcome.resumed });
  }
}
