// One server, called and listened to over a connection that comes back by itself. While there is no
// connection, calls end at once with ConnectionLostError; subscriptions wait, and go on where they
// were.

import { FaultError } from "./errors.ts";
import type { Item } from "./event.ts";
import type { ItemStream } from "./item-stream.ts";
import { Keeper } from "./keeper.ts";
import { type ClientOptions, type Settings, settings } from "./options.ts";
import type { CallOptions, Handler, Offer, Peer, StreamOptions } from "./peer.ts";
import { FaultCode } from "./protocol/fault.ts";
import { methodName, Names } from "./protocol/names.ts";
import { checkedPosition, type Position } from "./protocol/position.ts";
import { topicName } from "./protocol/topic-name.ts";
import { type Alert, readHistory, readPublished } from "./protocol/wire.ts";
import { RemotePeer } from "./session/remote-peer.ts";
import type { AuthenticationFailed, Status, StatusListener } from "./status.ts";
import { Subscription } from "./subscription.ts";

/** Where to begin following a topic. */
export interface SubscribeOptions {
  /**
   * Behind this position, for instance one stored before this program was started; what cannot be
   * recovered is told as a gap. Without it the subscription begins with what is published next.
   */
  readonly since?: Position | undefined;
}

export interface HistoryOptions {
  /** Undefined for the oldest kept. */
  readonly since?: Position | undefined;
  /** Most events wanted; the server may give fewer, so ask again behind the last until none comes. */
  readonly limit?: number | undefined;
}

/**
 * Starts a client and waits for its first live connection, through failed dials if need be. Rejects
 * with `ConnectFailedError` when the server refused for good, or the time was over.
 */
export async function connect(url: string | URL, options: ClientOptions = {}): Promise<Client> {
  const client = new Client(url, options);
  await client.connect();
  return client;
}

export class Client implements Peer {
  readonly #settings: Settings;
  readonly #keeper: Keeper;
  readonly #peer: RemotePeer;

  /** @param url `ws` or `wss`, for instance `wss://example.org/ws`; in a page it may be relative */
  constructor(url: string | URL, options: ClientOptions = {}) {
    this.#settings = settings(url, options);
    this.#keeper = new Keeper(this.#settings);
    this.#peer = new RemotePeer(this.#keeper);
    const { onStatus, onAuthenticationFailed, onAlert } = options;
    if (onStatus !== undefined) {
      this.onStatus(onStatus);
    }
    if (onAuthenticationFailed !== undefined) {
      this.onAuthenticationFailed(onAuthenticationFailed);
    }
    if (onAlert !== undefined) {
      this.onAlert(onAlert);
    }
  }

  /** Starts to dial and returns at once. Idempotent. */
  start(): this {
    this.#keeper.start();
    return this;
  }

  /** @internal See the function `connect`. */
  connect(): Promise<void> {
    return this.#keeper.connect(this.#settings.connectWithin);
  }

  // ---- calls

  call<T = unknown>(method: string, params?: unknown, options?: CallOptions): Promise<T> {
    return this.#peer.call<T>(method, params, options);
  }

  stream<T = unknown>(method: string, params?: unknown, options?: StreamOptions): ItemStream<T> {
    return this.#peer.stream<T>(method, params, options);
  }

  notify(method: string, params?: unknown): Offer {
    return this.#peer.notify(method, params);
  }

  /** Serves a method that the server may call. Throws if the name is reserved or taken. */
  method(name: string, handler: Handler): this {
    if (this.#settings.methods.has(methodName(name))) {
      throw new TypeError(`method: "${name}" (expected: not given before)`);
    }
    this.#settings.methods.set(name, handler);
    return this;
  }

  // ---- topics

  /** Follows a topic. Returns at once, connected or not. */
  subscribe<T = unknown>(topic: string, options: SubscribeOptions = {}): Subscription<T> {
    const name = topicName(topic);
    const since = options.since === undefined ? undefined : checkedPosition("since", options.since);
    const { topics } = this.#keeper;
    return new Subscription<T>(
      name,
      this.#settings.maxWaitingEvents,
      (reader) => topics.attach(name, reader, since),
      (reader) => topics.detach(name, reader),
      this.#settings.onError,
    );
  }

  /** Publishes; done when the server has it. */
  async publish(topic: string, data: unknown, options?: CallOptions): Promise<Position> {
    const params = { topic: topicName(topic), data: data === undefined ? null : data };
    const result = await this.#peer.call(Names.PUBLISH, params, options);
    return understood(Names.PUBLISH, () => readPublished(result));
  }

  /** What a topic still remembers, oldest first. */
  async history<T = unknown>(topic: string, options: HistoryOptions = {}): Promise<Item<T>[]> {
    const { since, limit } = options;
    if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 1)) {
      throw new RangeError(`limit: ${limit} (expected: an integer >= 1)`);
    }
    const result = await this.#peer.call(Names.HISTORY, {
      topic: topicName(topic),
      since: since === undefined ? undefined : checkedPosition("since", since),
      limit,
    });
    const { position, events } = understood(Names.HISTORY, () => readHistory(result));
    return events.map(({ offset, data }) => ({
      type: "item",
      data: data as T,
      position: { epoch: position.epoch, offset },
    }));
  }

  // ---- life

  /** Where the client stands now. */
  get status(): Status {
    return this.#keeper.status;
  }

  /** Tells every status from now on. Answers what takes the listener away again. */
  onStatus(listener: StatusListener): () => void {
    return this.#keeper.statuses.add(listener);
  }

  /** The session's public name; undefined while there is none, and with a plain JSON-RPC server. */
  get sessionId(): string | undefined {
    return this.#keeper.sessionId;
  }

  /**
   * Who the server takes the client for; undefined for nobody in particular, and while there is no
   * session.
   */
  get user(): string | undefined {
    return this.#keeper.user;
  }

  /**
   * Asks the token function for another token now and shows it to the server on the living connection:
   * for who signs in later. Not more often than every 5 s; does nothing without a connection, or where
   * the token is always the same. What comes of it: `user`, `tokenExpiresIn`, `onAuthenticationFailed`.
   */
  authenticate(): void {
    this.#keeper.authenticate();
  }

  /** Milliseconds until the token ends; undefined if the server has not said when. */
  get tokenExpiresIn(): number | undefined {
    return this.#keeper.tokenExpiresIn;
  }

  /**
   * Tells whenever the server does not take the client for whom it says it is, and when no new token
   * could be had before one expires. Answers what takes the listener away again.
   */
  onAuthenticationFailed(listener: (failed: AuthenticationFailed) => void): () => void {
    return this.#keeper.refusals.add(listener);
  }

  /**
   * Tells what an administrator of the server has to say to people. Answers what takes the listener
   * away again.
   */
  onAlert(listener: (alert: Alert) => void): () => void {
    return this.#keeper.alerts.add(listener);
  }

  /**
   * Ends the client, whatever it is doing: everything that waits for it ends now, and the promise is
   * done when its connection is gone, within half a second. Idempotent.
   */
  close(): Promise<void> {
    this.#keeper.close("closed by this client");
    return this.#keeper.ended;
  }
}

function understood<T>(method: string, read: () => T): T {
  try {
    return read();
  } catch (e) {
    const why = e instanceof Error ? e.message : String(e);
    throw new FaultError(FaultCode.INTERNAL, `${method}: answer not understood: ${why}`);
  }
}
