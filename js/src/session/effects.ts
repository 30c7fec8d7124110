// What a SessionEngine wants done, to be carried out at once and in order; and who serves what.

import type { Handler, Offer } from "../peer.ts";
import type { Params } from "../protocol/message.ts";
import type { InboundCall } from "./inbound.ts";

export interface Effects {
  /** Queues a message that must not be lost; a peer that leaves no room for it is given up. */
  send(text: string): void;

  /** Queues a message if there is room. */
  offer(text: string): Offer;

  /** Runs a user's handler, later; its outcome comes back by the call. */
  run(call: InboundCall, handler: Handler): void;

  reading(on: boolean): void;

  close(code: number, reason: string): void;
}

/** Serves a notification of Everwire's own right where it comes in. */
export type InlineHandler = (params: Params | undefined) => void;

/** Who serves a method. */
export type Route =
  | { readonly kind: "inline"; readonly handle: InlineHandler }
  | { readonly kind: "handler"; readonly handler: Handler };

export type Router = (method: string) => Route | undefined;
