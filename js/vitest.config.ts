import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// "everwire" is what users import; in tests it is the sources.
export default defineConfig({
  resolve: { alias: { everwire: fileURLToPath(new URL("./src/index.ts", import.meta.url)) } },
  test: { include: ["test/**/*.test.ts"], maxWorkers: 2, testTimeout: 20_000 },
});
