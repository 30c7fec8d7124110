// The parts of a topic's stream on their way from the feed to a reader.

import type { Event } from "../event.ts";
import type { Fault } from "../protocol/fault.ts";
import type { Position } from "../protocol/position.ts";

/** A part of a topic's stream, in order. */
export type Piece = Event<unknown>;

/** Why a subscription brings no more. */
export type Ending =
  /** This end wanted it. */
  | { readonly kind: "closed" }
  /** The server does not let us subscribe, or not any more. */
  | { readonly kind: "refused"; readonly fault: Fault }
  /** The client is not going to be connected again. */
  | { readonly kind: "lost"; readonly why: string };

/** Is told one topic's stream. Must not call back. */
export interface Reader {
  /** Where the stream begins; once, before everything else. */
  begin(position: Position): void;

  piece(piece: Piece): void;

  /** Nothing follows. */
  end(ending: Ending): void;
}

/** Where the stream stands behind a piece. */
export function behind(piece: Piece): Position {
  return piece.type === "item" ? piece.position : piece.to;
}
