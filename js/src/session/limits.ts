// The bounds of one conversation.

export interface SessionLimits {
  /** Most members of a batch. */
  readonly maxBatch: number;
  /** Inbound calls that run at once. */
  readonly maxConcurrentCalls: number;
  /** Inbound calls that run or wait; one more is refused with −32006. */
  readonly maxAdmittedCalls: number;
  /**
   * Inbound notifications that wait. At the bound reading pauses where the platform can; where it
   * cannot, ten times as many close the connection with 4002.
   */
  readonly maxQueuedNotifications: number;
  /** Own calls that wait for an answer; one more is refused with −32006. */
  readonly maxPendingCalls: number;
  /** Characters of one inbound message; one more closes the connection with 1009. */
  readonly maxMessageLength: number;
  /** Bytes that wait to be sent; one message is always admitted to an empty queue. */
  readonly maxQueuedBytes: number;
}

export const DEFAULT_LIMITS: SessionLimits = {
  maxBatch: 100,
  maxConcurrentCalls: 32,
  maxAdmittedCalls: 256,
  maxQueuedNotifications: 1_000,
  maxPendingCalls: 1_000,
  maxMessageLength: 16 * 1024 * 1024,
  maxQueuedBytes: 16 * 1024 * 1024,
};

/** The defaults where nothing else is given. Throws a `RangeError` for a bound that is none. */
export function sessionLimits(given: Partial<SessionLimits>): SessionLimits {
  const limits = { ...DEFAULT_LIMITS };
  for (const name of Object.keys(DEFAULT_LIMITS) as (keyof SessionLimits)[]) {
    const value = given[name] ?? DEFAULT_LIMITS[name];
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`limits.${name}: ${value} (expected: an integer >= 1)`);
    }
    limits[name] = value;
  }
  return limits;
}
