// What travels beside the parameters of a call: in `params._meta` where they are named, in `rpc.call`
// where they are positional (docs/protocol.md section 2). Only between peers that announced `meta`.

import { encode, type Json } from "./json.ts";
import type { Params } from "./message.ts";
import { Names } from "./names.ts";
import { WireError } from "./wire.ts";

/** A token that the caller chose for its progress reports. */
export type ProgressToken = string | number;

export interface CallMeta {
  /** How long the caller still waits, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** The caller takes a streamed result as items. */
  readonly stream?: boolean | undefined;
  /** How many items it takes before it grants more. */
  readonly credits?: number | undefined;
  readonly progressToken?: ProgressToken | undefined;
}

const NONE: CallMeta = {};

/** A call with its metadata taken apart. */
export interface Plain {
  readonly method: string;
  readonly params: Params | undefined;
  readonly meta: CallMeta;
}

/** Puts metadata beside encoded parameters. */
export function withMeta(
  method: string,
  params: Json | undefined,
  meta: CallMeta,
): { readonly method: string; readonly params: Json } {
  const written = encode(meta);
  if (params === undefined) {
    return { method, params: `{"${Names.META}":${written}}` as Json };
  }
  if (params.startsWith("[")) {
    const text = `{"method":${JSON.stringify(method)},"params":${params},"meta":${written}}`;
    return { method: Names.CALL, params: text as Json };
  }
  const rest = params === "{}" ? "}" : `,${params.slice(1)}`;
  return { method, params: `{"${Names.META}":${written}${rest}` as Json };
}

/**
 * Takes metadata away from parameters.
 *
 * @throws WireError naming the member that does not fit
 */
export function takeMeta(method: string, params: Params | undefined): Plain {
  if (method === Names.CALL) {
    return takeCall(params);
  }
  if (params === undefined || Array.isArray(params) || !Object.hasOwn(params, Names.META)) {
    return { method, params, meta: NONE };
  }
  const { [Names.META]: meta, ...rest } = params as Readonly<Record<string, unknown>>;
  return { method, params: rest, meta: readMeta(meta) };
}

function takeCall(params: Params | undefined): Plain {
  if (params === undefined || Array.isArray(params)) {
    throw new WireError("method: missing");
  }
  const { method, params: inner, meta } = params as Readonly<Record<string, unknown>>;
  if (typeof method !== "string" || method.length === 0) {
    throw new WireError("method: expected a string");
  }
  if (method.startsWith("rpc.") || method.startsWith("$/")) {
    throw new WireError("method: expected one of the application's");
  }
  if (inner !== undefined && inner !== null && typeof inner !== "object") {
    throw new WireError("params: expected an array or an object");
  }
  const plain = takeMeta(method, (inner ?? undefined) as Params | undefined);
  return meta === undefined || meta === null ? plain : { ...plain, meta: readMeta(meta) };
}

function readMeta(value: unknown): CallMeta {
  if (value === undefined || value === null) {
    return NONE;
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new WireError(`${Names.META}: expected an object`);
  }
  const { timeoutMs, stream, credits, progressToken } = value as Readonly<Record<string, unknown>>;
  return {
    timeoutMs: amount("timeoutMs", timeoutMs),
    stream: stream === true,
    credits: amount("credits", credits) ?? 0,
    progressToken: token(progressToken),
  };
}

function amount(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new WireError(`${name}: expected an integer >= 0`);
  }
  return value;
}

function token(value: unknown): ProgressToken | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== "string" && typeof value !== "number") {
    throw new WireError("progressToken: expected a string or a number");
  }
  return value;
}
