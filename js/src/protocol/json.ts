// Values on their way out, as JSON text. Encoding happens where the value is given, so that a value
// that is no JSON fails at its owner and never in the middle of a send.

/** Text that is one JSON value. */
export type Json = string & { readonly [json]: true };

declare const json: unique symbol;

/**
 * As `JSON.stringify`, except that `undefined` is `null`.
 *
 * @throws TypeError if the value is no JSON: a function, a symbol, a bigint, a cycle
 */
export function encode(value: unknown): Json {
  const text = JSON.stringify(value === undefined ? null : value);
  if (text === undefined) {
    throw new TypeError(`value: a ${typeof value} (expected: JSON)`);
  }
  return text as Json;
}

/** Encodes parameters: an array, an object, or nothing at all. */
export function encodeParams(params: unknown): Json | undefined {
  if (params === undefined || params === null) {
    return undefined;
  }
  const text = encode(params);
  if (!text.startsWith("{") && !text.startsWith("[")) {
    throw new TypeError(`params: a ${typeof params} (expected: an object, an array or nothing)`);
  }
  return text;
}
