// Builds dist/ from src/ and the client in ../js: the same bytes from the same sources, always.
import { copyFile, mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));

await rm(`${here}dist`, { recursive: true, force: true });
await mkdir(`${here}dist`);
await build({
  absWorkingDir: here,
  entryPoints: [
    { in: "src/main.ts", out: "everwire" },
    { in: "src/everwire.css", out: "everwire" },
  ],
  outdir: "dist",
  alias: { everwire: `${here}../js/src/index.ts` },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  logLevel: "warning",
});
for (const file of ["index.html", "chat.html", "everwire.svg"]) {
  await copyFile(`${here}src/${file}`, `${here}dist/${file}`);
}
