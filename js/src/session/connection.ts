// One connection: feeds a SessionEngine from a socket and carries out what it decides. Tells of its
// end exactly once, unless it is let go before.

import type { Caller, Handler, Offer, Peer } from "../peer.ts";
import { CloseCode } from "../protocol/close-code.ts";
import { read, writeNotification } from "../protocol/codec.ts";
import type { Json } from "../protocol/json.ts";
import type { Welcome } from "../protocol/wire.ts";
import type { Scheduler } from "../transport/scheduler.ts";
import type { Socket } from "../transport/socket.ts";
import type { Completion } from "./call-table.ts";
import type { Effects, Router } from "./effects.ts";
import type { InboundCall } from "./inbound.ts";
import type { SessionLimits } from "./limits.ts";
import type { OutboundCall } from "./outbound-calls.ts";
import { ENDED, type Outgoing, type Sent } from "./outgoing.ts";
import { RemotePeer } from "./remote-peer.ts";
import { Serving } from "./serving.ts";
import { SessionEngine } from "./session-engine.ts";

/** What all connections of one client share. */
export interface ConnectionSettings {
  readonly limits: SessionLimits;
  readonly scheduler: Scheduler;
  readonly random: () => number;
  readonly onError: (error: unknown, what: string) => void;
}

/** While the queue is full, in milliseconds. */
const LOOK_FOR_ROOM_EVERY = 20;

/** Is told once that the connection is over, unless it was released before: to be released then. */
export type Ended = (connection: Connection, code: number, reason: string) => void;

export class Connection implements Effects, Outgoing, Caller {
  readonly connectionId: string;
  readonly peer: Peer;
  readonly #socket: Socket;
  readonly #settings: ConnectionSettings;
  readonly #engine: SessionEngine;
  readonly #serving: Serving;
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
    const { scheduler, random, onError } = settings;
    const pause = () =>
      new Promise<void>((resolve) => {
        scheduler.schedule(LOOK_FOR_ROOM_EVERY, resolve);
      });
    const now = () => scheduler.now();
    this.#serving = new Serving(this.#engine, this, now, pause, random, onError);
    this.#lastReceivedAt = scheduler.now();
    this.peer = new RemotePeer(this);
  }

  get sessionId(): string {
    return this.#sessionId;
  }

  /** Makes this an Everwire session: hello was answered. */
  establish({ session, heartbeat, caps, maxBytes }: Welcome): void {
    const { random, scheduler } = this.#settings;
    this.#sessionId = session;
    this.#engine.establish(heartbeat, { caps, maxBytes }, random(), scheduler.now());
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

  call(call: OutboundCall): Sent {
    const id = this.#engine.call(this.#guarded(call), this.#settings.scheduler.now());
    if (id === undefined) {
      return ENDED;
    }
    this.#wakeBy(this.#settings.scheduler.now() + call.within);
    return {
      cancel: () => this.#engine.cancel(id),
      grant: (credit) => this.#engine.grant(id, credit),
    };
  }

  /** What a listener throws is its owner's to know, and stops nothing here. */
  #guarded(call: OutboundCall): OutboundCall {
    const { progress } = call;
    if (progress === undefined) {
      return call;
    }
    const guarded = (value: unknown) => {
      try {
        progress(value);
      } catch (e) {
        this.#settings.onError(e, `progress listener failed method=${call.method}`);
      }
    };
    return { ...call, progress: guarded };
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
    this.#engine.receive(read(text, limits.maxBatch), this.#lastReceivedAt);
    this.#wakeBy(this.#engine.inboundDeadline);
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
    void this.#serving.run(call, handler);
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
    if (this.#over || at === Number.POSITIVE_INFINITY || (this.#wake?.at ?? at + 1) <= at) {
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
