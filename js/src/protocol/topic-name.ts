// Which names of topics are well formed (docs/protocol.md R4.1).

const NAME = /^[A-Za-z0-9:._-]+(?:\/[A-Za-z0-9:._-]+)*$/;
const MAX_LENGTH = 200;

/** 1–200 characters of `[A-Za-z0-9/:._-]` in segments separated by `/`, none of them empty. */
export function validTopicName(name: string): boolean {
  return name.length <= MAX_LENGTH && NAME.test(name);
}

/** Answers the name, or throws a `TypeError` that says what is expected. */
export function topicName(name: string): string {
  if (typeof name !== "string" || !validTopicName(name)) {
    throw new TypeError(
      `topic: ${JSON.stringify(name)} (expected: 1-200 characters of A-Z a-z 0-9 / : . _ - with no empty segment)`,
    );
  }
  return name;
}
