// What rpc.admin.* answers, and what follows from two answers in a row.

import type { Client } from "everwire";

export interface Stats {
  readonly node: string;
  readonly uptimeMs: number;
  readonly timeMs: number;
  readonly connections: number;
  readonly sessions: number;
  readonly topics: number;
  readonly subscriptions: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly publications: number;
}

export interface ConnectionRow {
  readonly id: string;
  readonly session: string | null;
  readonly remote: string;
  readonly connectedMs: number;
  readonly subscriptions: number;
  readonly queuedBytes: number;
  readonly inbound: number;
}

export interface TopicRow {
  readonly topic: string;
  readonly subscribers: number;
  readonly epoch: string | null;
  readonly offset: number;
}

export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | undefined;
}

/** Per second, between two answers of one life of the server. */
export interface Rates {
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly publications: number;
}

const WITHIN = 5_000;

export function stats(client: Client): Promise<Stats> {
  return client.call<Stats>("rpc.admin.stats", undefined, { within: WITHIN });
}

export async function page<T>(
  client: Client,
  what: "connections" | "topics",
  after: string | undefined,
  limit: number,
): Promise<Page<T>> {
  const answer = await client.call<Record<string, unknown>>(
    `rpc.admin.${what}`,
    after === undefined ? { limit } : { after, limit },
    { within: WITHIN },
  );
  return { rows: answer[what] as T[], next: (answer.next as string | null) ?? undefined };
}

/** Undefined where the two cannot be compared: the server began anew between them. */
export function rates(before: Stats | undefined, now: Stats): Rates | undefined {
  const seconds = before === undefined ? 0 : (now.uptimeMs - before.uptimeMs) / 1000;
  if (before === undefined || before.node !== now.node || seconds <= 0) {
    return undefined;
  }
  const rate = (of: "messagesIn" | "messagesOut" | "publications"): number =>
    Math.max(0, now[of] - before[of]) / seconds;
  return {
    messagesIn: rate("messagesIn"),
    messagesOut: rate("messagesOut"),
    publications: rate("publications"),
  };
}
