// Calls a method and shows what came back, the newest first.

import type { Client } from "everwire";
import { byId, element, enterSubmits, field, make, onSubmit } from "../dom.ts";
import { failure } from "../format.ts";

const KEPT = 20;

export function callBox(client: Client): void {
  const method = field("call-method");
  const params = byId("call-params", HTMLTextAreaElement);
  enterSubmits(params);
  onSubmit("call", () => void call(client, method.value.trim(), params));
}

async function call(client: Client, method: string, input: HTMLTextAreaElement): Promise<void> {
  const params = read(input);
  if (method === "" || params === INVALID) {
    return;
  }
  const question = `${method} ${input.value.trim()}`.trim();
  const began = performance.now();
  let className = "answer";
  let text: string;
  try {
    text = JSON.stringify(await client.call(method, params), undefined, 2) ?? "null";
  } catch (error) {
    className = "answer bad";
    text = failure(error);
  }
  const millis = (performance.now() - began).toFixed(1);
  show(
    make(
      "li",
      className,
      make("p", "", make("code", "", question), ` ${millis} ms`),
      make("pre", "", text),
    ),
  );
}

const INVALID = Symbol("invalid");

/** An array, an object or nothing; anything else is said at the field. */
function read(input: HTMLTextAreaElement): unknown {
  input.setCustomValidity("");
  const text = input.value.trim();
  if (text === "") {
    return undefined;
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) {
      return parsed;
    }
  } catch {
    // Said below.
  }
  input.setCustomValidity("A JSON array such as [42, 23], a JSON object, or nothing");
  input.reportValidity();
  input.addEventListener("input", () => input.setCustomValidity(""), { once: true });
  return INVALID;
}

function show(answer: HTMLElement): void {
  const list = element("answers");
  list.prepend(answer);
  while (list.children.length > KEPT) {
    list.lastElementChild?.remove();
  }
}
