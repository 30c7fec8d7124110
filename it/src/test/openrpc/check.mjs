// Reads an OpenRPC document as other people's tools do: checks it against the official meta schema of its version,
// resolves its references, and checks calls by it.
// Usage: node check.mjs DOCUMENT [CALLS]     CALLS: [{"method", "params": [...], "fits": bool}, …]
// Ends with status 0 if all is as it should be.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import openrpc from "@open-rpc/schema-utils-js";
import Ajv from "ajv";

const text = readFileSync(process.argv[2], "utf8");
const document = JSON.parse(text);
assert.equal(document.openrpc, "1.3.2");
await openrpc.parseOpenRPCDocument(text, { validate: true, dereference: false });
if (!document.components) {
  // A type that holds itself would be unrolled until the memory is full.
  await openrpc.parseOpenRPCDocument(text, { validate: true, dereference: true });
}

const names = document.methods.map((method) => method.name);
assert.equal(new Set(names).size, names.length);
for (const method of document.methods) {
  for (const example of method.examples ?? []) {
    assert.ok(example.params.length <= method.params.length, `${method.name}: ${example.name}`);
  }
}

const ajv = new Ajv({ unknownFormats: "ignore", logger: false });
const all = (schema) => ({ ...schema, components: document.components ?? {} });
for (const method of document.methods) {
  for (const { schema } of [...method.params, ...(method.result ? [method.result] : [])]) {
    ajv.compile(all(schema)); // every reference leads somewhere
  }
}
const calls = process.argv[3] ? JSON.parse(readFileSync(process.argv[3], "utf8")) : [];
for (const { method: name, params, fits } of calls) {
  const declared = document.methods.find((method) => method.name === name).params;
  const wrong = declared.filter(({ schema, required }, i) =>
    i < params.length ? !ajv.validate(all(schema), params[i]) : required,
  );
  assert.equal(wrong.length === 0, fits, `${name} ${JSON.stringify(params)}: ${ajv.errorsText()}`);
}
console.log(`ok: ${names.length} methods, ${calls.length} calls`);
