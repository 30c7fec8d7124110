// The real server: bin/everwire, or what EVERWIRE_BIN names. Builds it if need be.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const BIN =
  process.env.EVERWIRE_BIN ?? fileURLToPath(new URL("../../../bin/everwire", import.meta.url));
const BUILD_WITHIN = 600_000;
export const START_WITHIN = 60_000;

/** Why the server cannot run here; undefined if it can. */
function obstacle(): string | undefined {
  const { status, stderr, error } = spawnSync(BIN, ["--version"], {
    encoding: "utf8",
    timeout: BUILD_WITHIN,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return status === 0 ? undefined : `${BIN} --version: ${error?.message ?? stderr.slice(-2_000)}`;
}

/** Undefined if there is a server to test with. */
export const why = obstacle();
if (why !== undefined) {
  if (process.env.CI === "true") {
    throw new Error(why);
  }
  console.warn(`skipped, because there is no server: ${why}`);
}

export interface Running {
  readonly process: ChildProcess;
  readonly port: number;
}

/** Starts a server and waits for the line that names its port. */
export async function serve(port: number, ...options: string[]): Promise<Running> {
  const child = spawn(BIN, ["serve", "--demo", "--port", String(port), ...options], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /^http:\/\/.*:(\d+)$/.exec(line)?.[1];
    if (found !== undefined) {
      child.stdout.resume();
      return { process: child, port: Number(found) };
    }
  }
  throw new Error(`the server ended with ${child.exitCode}`);
}

export async function kill({ process: child }: Running): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }
}
