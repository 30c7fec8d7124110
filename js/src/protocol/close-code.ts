// What the number in a Close frame means to a client (docs/protocol.md section 6).

export const CloseCode = {
  NORMAL: 1000,
  /** The connection ended without a Close frame. Never sent. */
  ABNORMAL: 1006,
  TOO_LARGE: 1009,
  HEARTBEAT_LOST: 4001,
  SLOW_CONSUMER: 4002,
  BAD_PROTOCOL: 4400,
  UNAUTHENTICATED: 4401,
  FORBIDDEN: 4403,
  HELLO_TIMEOUT: 4408,
} as const;

/** Connect again, ask for a new token first, wait as told before, or do not come back. */
export type Verdict = "reconnect" | "refresh" | "wait" | "stop";

const FINAL = new Set([1000, 1002, 1003, 1007, 1008, 1009, 1010]);

/** The rule of docs/protocol.md, section "Close codes". */
export function verdict(code: number): Verdict {
  if (FINAL.has(code)) {
    return "stop";
  }
  if (code < 4100 || code > 4999) {
    return "reconnect";
  }
  if (code < 4200) {
    return "refresh";
  }
  return code < 4300 ? "wait" : "stop";
}

/** Whether a WebSocket of a browser can be closed with this code. */
export function sendable(code: number): boolean {
  return code === 1000 || (code >= 3000 && code <= 4999);
}
