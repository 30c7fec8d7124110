// JSON-RPC 2.0 as text, on top of JSON.parse. What a reader of JSON.parse cannot tell (a member that
// stands twice, the digits of a number, the depth) is left to the server, which can. Fault messages
// begin with the standard's words and never repeat what the peer sent.

import { type Fault, FaultCode } from "./fault.ts";
import type { Json } from "./json.ts";
import type { Frame, Malformed, Message, Params, RequestId } from "./message.ts";

const MAX_ID = 256;
const MAX_METHOD = 256;

type Members = Readonly<Record<string, unknown>>;

/** Reads one text message. Never throws. */
export function read(text: string, maxBatch: number): Frame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable(FaultCode.PARSE_ERROR, "Parse error: expected one JSON value");
  }
  if (Array.isArray(value)) {
    return readBatch(value, maxBatch);
  }
  if (!isObject(value)) {
    return unreadable(FaultCode.INVALID_REQUEST, "Invalid Request: expected an object or an array");
  }
  return { kind: "single", message: readMessage(value) };
}

export function writeRequest(id: RequestId, method: string, params: Json | undefined): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":${call(method, params)}`;
}

export function writeNotification(method: string, params: Json | undefined): string {
  return `{"jsonrpc":"2.0","method":${call(method, params)}`;
}

export function writeSuccess(id: RequestId, result: Json): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`;
}

/** Data that is no JSON is left out. */
export function writeFailure(id: RequestId, { code, message, data }: Fault): string {
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":{"code":${code},"message":${JSON.stringify(message)}`;
  let text: string | undefined;
  try {
    text = JSON.stringify(data);
  } catch {
    text = undefined;
  }
  return text === undefined ? `${head}}}` : `${head},"data":${text}}}`;
}

export function writeBatch(messages: readonly string[]): string {
  return `[${messages.join(",")}]`;
}

function call(method: string, params: Json | undefined): string {
  const name = JSON.stringify(method);
  return params === undefined ? `${name}}` : `${name},"params":${params}}`;
}

function readBatch(values: readonly unknown[], maxBatch: number): Frame {
  if (values.length === 0) {
    return unreadable(FaultCode.INVALID_REQUEST, "Invalid Request: empty batch");
  }
  if (values.length > maxBatch) {
    return unreadable(FaultCode.INVALID_REQUEST, `Invalid Request: batch of more than ${maxBatch}`);
  }
  const messages = values.map((value) =>
    isObject(value) ? readMessage(value) : malformed(null, "expected an object", false),
  );
  return { kind: "batch", messages };
}

function readMessage(members: Members): Message {
  const response = !has(members, "method") && (has(members, "result") || has(members, "error"));
  let id: RequestId = null;
  if (has(members, "id")) {
    const given = members.id;
    if (!isId(given)) {
      return malformed(
        null,
        "id: expected null, a number or a string, at most 256 characters",
        response,
      );
    }
    id = given;
  }
  if (!has(members, "jsonrpc") || members.jsonrpc !== "2.0") {
    return malformed(id, 'jsonrpc: expected "2.0"', response);
  }
  return response ? readResponse(id, members) : readCall(id, members);
}

function readCall(id: RequestId, members: Members): Message {
  if (!has(members, "method")) {
    return malformed(id, "method: missing", "perhaps");
  }
  const method = members.method;
  if (typeof method !== "string" || method.length === 0 || method.length > MAX_METHOD) {
    return malformed(id, "method: expected a string of 1-256 characters", false);
  }
  if (has(members, "result") || has(members, "error")) {
    return malformed(id, "expected no result or error beside a method", false);
  }
  let params: Params | undefined;
  if (has(members, "params") && members.params !== null) {
    const given = members.params;
    if (typeof given !== "object") {
      return malformed(id, "params: expected an array or an object", false);
    }
    params = given as Params;
  }
  return has(members, "id")
    ? { kind: "request", id, method, params }
    : { kind: "notification", method, params };
}

function readResponse(id: RequestId, members: Members): Message {
  if (!has(members, "id")) {
    return malformed(id, "id: missing", true);
  }
  if (has(members, "result") && has(members, "error")) {
    return malformed(id, "expected either result or error", true);
  }
  return has(members, "result")
    ? { kind: "success", id, result: members.result }
    : readFailure(id, members.error);
}

function readFailure(id: RequestId, error: unknown): Message {
  if (!isObject(error)) {
    return malformed(id, "error: expected an object", true);
  }
  const { code, message } = error;
  if (typeof code !== "number" || !Number.isInteger(code) || code !== (code | 0)) {
    return malformed(id, "error: code: expected an integer of 32 bits", true);
  }
  if (typeof message !== "string") {
    return malformed(id, "error: message: expected a string", true);
  }
  const data = error.data;
  const fault = data === undefined || data === null ? { code, message } : { code, message, data };
  return { kind: "failure", id, fault };
}

function isId(value: unknown): value is RequestId {
  return (
    value === null ||
    typeof value === "number" ||
    (typeof value === "string" && JSON.stringify(value).length <= MAX_ID)
  );
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function has(members: Members, name: string): boolean {
  return Object.hasOwn(members, name);
}

function malformed(id: RequestId, detail: string, response: boolean | "perhaps"): Malformed {
  const fault = { code: FaultCode.INVALID_REQUEST, message: `Invalid Request: ${detail}` };
  return { kind: "malformed", id, fault, response };
}

function unreadable(code: number, message: string): Frame {
  return { kind: "unreadable", fault: { code, message } };
}
