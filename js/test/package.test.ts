// What users read agrees with what is here.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { VERSION } from "../src/options.ts";

const text = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");

it("the example of the README is the one that is compiled here", () => {
  const [, example] = /```ts\n(.*?)```/s.exec(text("../README.md")) ?? [];
  expect(example).toBe(text("readme-example.ts"));
});

it("the version that is sent is the package's", () => {
  expect(JSON.parse(text("../package.json"))).toMatchObject({ version: VERSION });
});

it("the lock file names no registry", () => {
  expect(text("../package-lock.json")).not.toContain('"resolved"');
});
