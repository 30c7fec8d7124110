// What a promise of this library can be rejected with.

import { type Fault, FaultCode } from "./protocol/fault.ts";

/** The peer refused or failed, or a deadline passed. Thrown by a handler, it says so on purpose. */
export class FaultError extends Error {
  override readonly name = "FaultError";
  /** One of `FaultCode`, or an application's own. */
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    if (!Number.isInteger(code) || code !== (code | 0)) {
      throw new TypeError(`code: ${code} (expected: an integer of 32 bits)`);
    }
    this.code = code;
    this.data = data;
  }

  static of({ code, message, data }: Fault): FaultError {
    return new FaultError(code, message, data);
  }
}

/** The link went away before the answer came, or there was none. */
export class ConnectionLostError extends Error {
  override readonly name = "ConnectionLostError";
  readonly code: number = FaultCode.CONNECTION_LOST;
  /** Whether the call had been sent, so that it may have had its effect. */
  readonly maybeExecuted: boolean;

  constructor(maybeExecuted: boolean, reason: string) {
    super(reason);
    this.maybeExecuted = maybeExecuted;
  }
}

/** The first connection did not come about, and the client is closed. */
export class ConnectFailedError extends Error {
  override readonly name = "ConnectFailedError";
  /** The answer to the upgrade where the platform tells it, else 0. */
  readonly httpStatus: number;

  constructor(message: string, httpStatus: number) {
    super(message);
    this.httpStatus = httpStatus;
  }
}
