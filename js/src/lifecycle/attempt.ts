// One try to get through.

export interface Attempt {
  /** Grows with each try and starts over at 1 after a stable connection. */
  readonly number: number;
  /** How often the server has refused who we are since the last stable connection. */
  readonly refusals: number;
  /** Whether the token that was given out last is no good any more. */
  readonly renew: boolean;
}

export const FIRST: Attempt = { number: 1, refusals: 0, renew: false };

export function next({ number, refusals, renew }: Attempt): Attempt {
  return { number: number + 1, refusals, renew };
}

export function refused({ number, refusals }: Attempt): Attempt {
  return { number: number + 1, refusals: refusals + 1, renew: true };
}

/** With another token than the last. */
export function renewing({ number, refusals }: Attempt): Attempt {
  return { number, refusals, renew: true };
}

/** It came through, so its token is good; how long that lasts is to be seen. */
export function welcomed({ number, refusals }: Attempt): Attempt {
  return { number, refusals, renew: false };
}
