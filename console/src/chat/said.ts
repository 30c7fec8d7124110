// What travels on a room's topic. Anybody may publish there, so nothing is taken for granted.

export interface Said {
  readonly kind: "join" | "leave" | "message";
  readonly name: string;
  readonly at: number;
  readonly text: string;
  /** The sender's own name for a message, to know it again; empty without one. */
  readonly key: string;
}

/** Undefined if the data is nothing that a room says. */
export function readSaid(data: unknown): Said | undefined {
  if (typeof data !== "object" || data === null) {
    return undefined;
  }
  const { kind, name, at, text, key } = data as Record<string, unknown>;
  if (kind !== "join" && kind !== "leave" && kind !== "message") {
    return undefined;
  }
  if (typeof name !== "string" || typeof at !== "number") {
    return undefined;
  }
  return { kind, name, at, text: textOf(text), key: textOf(key) };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
