// A place in a topic's stream. Offsets grow by one within an epoch and mean nothing outside it:
// k3:120 is not "before" k4:7, it cannot be reached from there.

export interface Position {
  /** Short random name of the stream's present life, 1–64 characters. */
  readonly epoch: string;
  /** Of the last event seen, 0 before the first. */
  readonly offset: number;
}

export function samePosition(a: Position, b: Position): boolean {
  return a.offset === b.offset && a.epoch === b.epoch;
}

/** Answers a copy of the position, or throws a `TypeError` that says what is expected. */
export function checkedPosition(name: string, position: Position): Position {
  const { epoch, offset } = position;
  if (typeof epoch !== "string" || epoch.length === 0 || epoch.length > 64) {
    throw new TypeError(`${name}.epoch: ${JSON.stringify(epoch)} (expected: 1-64 characters)`);
  }
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw new TypeError(`${name}.offset: ${offset} (expected: an integer from 0 to 2^53-1)`);
  }
  return { epoch, offset };
}
