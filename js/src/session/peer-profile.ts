// What the peer told of itself in its answer to hello.

import type { Fault } from "../protocol/fault.ts";
import { FaultCode } from "../protocol/fault.ts";

export interface PeerProfile {
  /** What it understands. */
  readonly caps: readonly string[];
  /** The largest message it reads. */
  readonly maxBytes: number;
}

/** Of a peer that said no hello. */
export const PLAIN: PeerProfile = { caps: [], maxBytes: Number.POSITIVE_INFINITY };

const MOST_BYTES_OF_ONE = 3; // UTF-8, for each UTF-16 unit

/** Why a message cannot be sent; undefined if it can. */
export function tooLarge(text: string, { maxBytes }: PeerProfile): Fault | undefined {
  if (text.length * MOST_BYTES_OF_ONE <= maxBytes) {
    return undefined;
  }
  const size = new TextEncoder().encode(text).length;
  return size <= maxBytes
    ? undefined
    : {
        code: FaultCode.TOO_LARGE,
        message: "larger than the peer takes",
        data: { size, limit: maxBytes },
      };
}
