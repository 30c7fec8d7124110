// Why a call was answered with an error, and the codes reserved for it (docs/protocol.md section 5).

/** Code, message, data: what crosses the wire when a call fails. */
export interface Fault {
  readonly code: number;
  /** One short sentence for a developer; never an exception's text. */
  readonly message: string;
  /** Anything more. */
  readonly data?: unknown;
}

/** Reserved codes. Applications use codes outside −32768…−32000. */
export const FaultCode = {
  PARSE_ERROR: -32700,
  INVALID_REQUEST: -32600,
  METHOD_NOT_FOUND: -32601,
  INVALID_PARAMS: -32602,
  /** The method failed by itself; the message carries an incident number and nothing else. */
  INTERNAL: -32603,
  /** Default of an application that does not choose a code. */
  APPLICATION: -32000,
  UNAUTHENTICATED: -32001,
  HELLO_REQUIRED: -32002,
  FORBIDDEN: -32003,
  NOT_FOUND: -32004,
  RATE_LIMITED: -32005,
  OVERLOADED: -32006,
  DEADLINE_PASSED: -32007,
  TOO_LARGE: -32008,
  CONFLICT: -32009,
  POSITION_LOST: -32010,
  /** The connection went away while the call was outstanding; made locally, never sent. */
  CONNECTION_LOST: -32011,
  DRAINING: -32012,
  TOKEN_EXPIRED: -32013,
  CANCELLED: -32800,
} as const;

const LONGEST_WAIT = 86_400_000;

/** For how many milliseconds a fault asks us to stay away; 0 if it does not. */
export function retryAfter(fault: Fault): number {
  const data: unknown = fault.data;
  if (typeof data !== "object" || data === null || !Object.hasOwn(data, "retryAfterMs")) {
    return 0;
  }
  const millis: unknown = (data as { retryAfterMs: unknown }).retryAfterMs;
  return typeof millis === "number" && millis > 0 ? Math.min(millis, LONGEST_WAIT) : 0;
}
