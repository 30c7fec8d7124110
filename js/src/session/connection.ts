// One connection: feeds a SessionEngine from a socket and carries out what it decides. Tells of its
// end exactly once, unless it is let go before.

import { FaultError } from "../errors.ts";
import type { Call, Caller, Handler, Offer, Peer } from "../peer.ts";
import { CloseCode } from "../protocol/close-code.ts";
import { read, writeNotification } from "../protocol/codec.ts";
import { FaultCode } from "../protocol/fault.ts";
import { encode, type Json } from "../protocol/json.ts";
import type { Heartbeat } from "../protocol/wire.ts";
import type { Scheduler } from "../transport/scheduler.ts";
import type { Socket } from "../transport/socket.ts";
import type { Completion } from "./call-table.ts";
import type { InboundCall } from "./inbound.ts";
import type { SessionLimits } from "./limits.ts";
import { type Outgoing, RemotePeer } from "./remote-peer.ts";
import { type Effects, type Router, SessionEngine } from "./session-engine.ts";

/** What all connections of one client share. */
export interface ConnectionSettings {
  readonly limits: SessionLimits;
  readonly scheduler: Scheduler;
  readonly random: () => number;
  readonly onError: (error: unknown, what: string) => void;
}

/** Is told once that the connection is over, unless it was released before: to be released then. */
export type Ended = (connection: Connection, code: number, reason: string) => void;

export class Connection implements Effects, Outgoing, Caller {
  readonly connectionId: string;
  readonly peer: Peer;
  readonly #socket: Socket;
  readonly #settings: ConnectionSettings;
  readonly #engine: SessionEngine;
  readonly #ended: Ended;
  #sessionId: string;
  #lastReceivedAt: number;
  #over = false;
  #wake: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(
    id: string,
    socket: Socket,
    settings: ConnectionSettings,
    router: Router,
    ended: Ended,
  ) {
    this.connectionId = id;
    this.#sessionId = id;
    this.#socket = socket;
    this.#settings = settings;
    this.#ended = ended;
    this.#engine = new SessionEngine(router, settings.limits, this);
    this.#lastReceivedAt = settings.scheduler.now();
    this.peer = new RemotePeer(this);
  }

  get sessionId(): string {
    return this.#sessionId;
  }

  /** Makes this an Everwire session: hello was answered. */
  establish(session: string, heartbeat: Heartbeat): void {
    const { random, scheduler } = this.#settings;
    this.#sessionId = session;
    this.#engine.establish(heartbeat, random(), scheduler.now());
    this.#rearm();
  }

  /** Pings now rather than at the end of the interval. */
  doubt(): void {
    this.#engine.doubt(this.#settings.scheduler.now(), this.#lastReceivedAt);
    this.#rearm();
  }

  /** Lets go: everything that waits here ends, nothing is told any more. */
  release(code: number, reason: string, gone: () => void): void {
    this.#end(reason);
    this.#socket.release(code, reason, gone);
  }

  /** Ends what `release` left, without a farewell. */
  abort(): void {
    this.#socket.abort();
  }

  // ---- sending

  /** Sends `rpc.hello`; the completion is called exactly once. */
  hello(params: Json, within: number, done: Completion): void {
    this.#engine.hello(params, this.#settings.scheduler.now() + within, done);
    this.#rearm();
  }

  call(method: string, params: Json | undefined, within: number, done: Completion): () => void {
    const deadline = this.#settings.scheduler.now() + within;
    const id = this.#engine.call(method, params, deadline, done);
    if (id === undefined) {
      return () => undefined;
    }
    this.#wakeBy(deadline);
    return () => this.#engine.cancel(id);
  }

  notify(method: string, params: Json | undefined): Offer {
    return this.offer(writeNotification(method, params));
  }

  offer(text: string): Offer {
    return this.#over ? "closed" : this.#socket.send(text);
  }

  send(text: string): void {
    if (this.offer(text) === "full") {
      this.close(CloseCode.SLOW_CONSUMER, "outbound queue full");
    }
  }

  reading(on: boolean): void {
    if (!this.#over) {
      this.#socket.reading(on);
    }
  }

  /** Gives the connection up. It is over at once: a link that is dead would not answer. */
  close(code: number, reason: string): void {
    this.closed(code, reason);
  }

  // ---- what the socket tells

  text(text: string): void {
    const { limits, scheduler } = this.#settings;
    this.#lastReceivedAt = scheduler.now();
    if (text.length > limits.maxMessageLength) {
      this.close(CloseCode.TOO_LARGE, "message too large");
      return;
    }
    this.#engine.receive(read(text, limits.maxBatch));
  }

  binary(): void {
    this.close(CloseCode.BAD_PROTOCOL, "binary messages are not spoken here");
  }

  closed(code: number, reason: string): void {
    if (!this.#over) {
      this.#end(reason === "" ? `closed with ${code}` : reason);
      this.#ended(this, code, reason);
    }
  }

  #end(reason: string): void {
    this.#over = true;
    this.#cancelWake();
    this.#engine.lost(reason);
  }

  // ---- running the peer's calls

  run(call: InboundCall, handler: Handler): void {
    const stop = new AbortController();
    call.interrupt = () => stop.abort();
    const seen: Call = {
      method: call.method,
      params: call.params,
      caller: this,
      signal: stop.signal,
    };
    void this.#serve(call, async () => {
      await undefined; // never inside of what called us
      return call.ended ? null : handler(seen);
    });
  }

  async #serve(call: InboundCall, body: () => Promise<unknown>): Promise<void> {
    try {
      const result = await body();
      this.#engine.answer(call, call.notification ? encode(null) : encode(result));
    } catch (e) {
      this.#failed(call, e);
    } finally {
      this.#engine.returned(call);
    }
  }

  /** Only a FaultError crosses the wire; of anything else, a number. */
  #failed(call: InboundCall, error: unknown): void {
    if (call.ended) {
      return; // what a cancelled handler throws is no news
    }
    if (error instanceof FaultError) {
      this.#engine.refuse(call, error);
      return;
    }
    const incident = Math.floor(this.#settings.random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
    this.#engine.refuse(call, {
      code: FaultCode.INTERNAL,
      message: `Internal error: incident ${incident}`,
    });
    this.#settings.onError(error, `handler failed incident=${incident} method=${call.method}`);
  }

  // ---- time

  #rearm(): void {
    const at = this.#engine.nextTick();
    if (at === Number.POSITIVE_INFINITY || this.#over) {
      this.#cancelWake();
    } else {
      this.#wakeBy(at);
    }
  }

  #wakeBy(at: number): void {
    if (this.#wake !== undefined && this.#wake.at <= at) {
      return;
    }
    this.#cancelWake();
    const { scheduler } = this.#settings;
    const cancel = scheduler.schedule(Math.max(0, at - scheduler.now()), () => {
      this.#wake = undefined;
      this.#engine.tick(scheduler.now(), this.#lastReceivedAt);
      this.#rearm();
    });
    this.#wake = { at, cancel };
  }

  #cancelWake(): void {
    this.#wake?.cancel();
    this.#wake = undefined;
  }
}
