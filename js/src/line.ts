// The connection a client has at the moment, if any: dials it, says hello on it, lets go of it. Tells
// what comes of that as Inputs, always of the present connection only.

import { greet, renewed } from "./greeting.ts";
import type { Input } from "./lifecycle/types.ts";
import type { Settings } from "./options.ts";
import { CloseCode } from "./protocol/close-code.ts";
import { encode } from "./protocol/json.ts";
import { Names } from "./protocol/names.ts";
import type { Identity } from "./protocol/wire.ts";
import type { Renewed } from "./renewal.ts";
import { Connection } from "./session/connection.ts";
import type { Router } from "./session/effects.ts";
import { bearer } from "./token-supplier.ts";
import { Socket } from "./transport/socket.ts";

/** Is told what happens. */
export interface LineListener {
  happened(input: Input): void;

  /** A connection that was let go is gone. */
  released(): void;
}

/** The peer's Close frame is waited for so long after ours, in milliseconds. */
const FAREWELL = 500;

export class Line {
  readonly #settings: Settings;
  readonly #router: Router;
  readonly #listener: LineListener;
  #leaving = 0; // let go, not yet gone
  #dial: { readonly socket: Socket; readonly limit: () => void } | undefined;
  #connection: Connection | undefined;
  #token: string | undefined; // of the dial under way, if hello is to tell it
  #sessionId: string | undefined;
  #user: string | undefined;
  #expiresAt: number | undefined; // the token
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

  /** Who the server takes us for, as it said last on the present connection. */
  get user(): string | undefined {
    return this.#user;
  }

  /** In milliseconds; undefined if the server has not said. */
  get tokenExpiresIn(): number | undefined {
    const { scheduler } = this.#settings;
    return this.#expiresAt === undefined
      ? undefined
      : Math.max(0, this.#expiresAt - scheduler.now());
  }

  /** The token ends in so many milliseconds. */
  expiring(inMs: number | undefined): void {
    this.#expiresAt = inMs === undefined ? undefined : this.#settings.scheduler.now() + inMs;
  }

  /** Nothing is left of former connections. */
  get released(): boolean {
    return this.#leaving === 0;
  }

  dial(token: string | undefined): void {
    const { webSocket, url, limits, scheduler, dialTimeout, tokenPlace } = this.#settings;
    const showing = tokenPlace === "subprotocol" ? token : undefined;
    this.#token = tokenPlace === "message" ? token : undefined;
    let socket: Socket;
    try {
      socket = new Socket(webSocket, url, this.#offered(showing), limits.maxQueuedBytes, {
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
      const text = e instanceof Error ? e.message : String(e);
      const message = showing === undefined ? text : "could not be dialled"; // it may quote the token
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

  /** A token is never selected, so another one has to stand beside it. */
  #offered(token: string | undefined): string[] {
    const spoken = this.#settings.plain ? "jsonrpc2.0" : "everwire.v1.json";
    return token === undefined ? [] : [spoken, bearer(token)];
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
    const token = this.#token;
    this.#token = undefined;
    if (connection !== undefined) {
      greet(connection, this.#settings, token, (input, welcome) => {
        if (connection === this.#connection) {
          if (welcome !== undefined) {
            connection.establish(welcome);
            this.#sessionId = welcome.session;
            this.#known(welcome.identity);
          }
          this.#listener.happened(input);
        }
      });
    }
  }

  /** Sends a new token on the present connection. */
  renew(token: string, done: (outcome: Renewed) => void): void {
    const connection = this.#connection;
    if (connection === undefined || this.#sessionId === undefined) {
      done({ kind: "unknown" });
      return;
    }
    connection.call({
      method: Names.AUTH,
      params: encode({ token }),
      within: this.#settings.authTimeout,
      done: (answer) => {
        const [outcome, user = this.#user] = renewed(answer);
        if (outcome.kind === "accepted") {
          this.#known({ user, expiresIn: outcome.expiresIn });
        }
        done(outcome);
      },
    });
  }

  hangup(code: number, reason: string): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#sessionId = undefined;
    this.#known({ user: undefined, expiresIn: undefined });
    if (connection !== undefined) {
      this.#leave((gone) => connection.release(code, reason, gone), connection);
    }
  }

  #known({ user, expiresIn }: Identity): void {
    this.#user = user;
    this.expiring(expiresIn);
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
}
