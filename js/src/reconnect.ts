// When a client dials again. Whether it may at all is not asked here: that is said by the close code
// or the HTTP status of the failure.

/**
 * How many milliseconds to wait before the next dial; undefined to give up.
 *
 * @param failures dials and connections that failed in a row, 1 or more; starts over after a
 *     connection that lasted 30 s
 * @param random gives a number from 0 to 1
 */
export type ReconnectPolicy = (failures: number, random: () => number) => number | undefined;

const LONGEST = 86_400_000;

/**
 * A random time between nothing and `base`, then twice `base`, four times …, never more than `cap`.
 * The full spread keeps a thousand clients of one server from coming back together.
 *
 * @param jitter the random part of each delay: with 0.2 a delay of 10 s lasts 8 to 10 s
 */
export function exponential(base = 1_000, cap = 60_000, jitter = 1): ReconnectPolicy {
  delay("base", base);
  delay("cap", cap);
  if (!(jitter >= 0 && jitter <= 1)) {
    throw new RangeError(`jitter: ${jitter} (expected: 0-1)`);
  }
  return (failures, random) => {
    const most = Math.min(cap, base * 2 ** Math.min(failures - 1, 62));
    return most * (1 - jitter + jitter * random());
  };
}

/** Always the same time. */
export function fixed(delayMs: number): ReconnectPolicy {
  delay("delayMs", delayMs);
  return () => delayMs;
}

/** No second dial: the first failure closes the client. */
export function never(): ReconnectPolicy {
  return () => undefined;
}

/** This policy for so many failures in a row; one more closes the client. */
export function atMost(failures: number, policy: ReconnectPolicy): ReconnectPolicy {
  if (!(failures >= 1)) {
    throw new RangeError(`failures: ${failures} (expected: >= 1)`);
  }
  return (failed, random) => (failed > failures ? undefined : policy(failed, random));
}

function delay(name: string, millis: number): void {
  if (!(millis > 0 && millis <= LONGEST)) {
    throw new RangeError(`${name}: ${millis} (expected: > 0, at most a day)`);
  }
}
