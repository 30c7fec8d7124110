// What one client's life is ruled by.

import type { Attempt } from "./attempt.ts";

export interface Rules {
  /** False to be a plain JSON-RPC client that never says hello. */
  readonly greets: boolean;
  /** Who we are: nobody, always the same, or asked before each dial, so that another may help. */
  readonly tokens: "none" | "fixed" | "renewed";
  /** Whether the upgrade request shows who we are, so that it may be refused for that. */
  readonly showsInUpgrade: boolean;
  /** How often in a row a refusal is answered with a new token. */
  readonly authRetries: number;
  /**
   * A hello that is not answered by then is taken for a dead connection; also how long the token
   * supplier may take.
   */
  readonly greetWithin: number;
  /** How long to wait after that many failures in a row; undefined to give up. */
  readonly delays: (failures: number) => number | undefined;
}

/** Whether another token may bring what this one did not. */
export function mayRenew(rules: Rules, refused: Attempt): boolean {
  return rules.tokens === "renewed" && refused.refusals < rules.authRetries;
}
