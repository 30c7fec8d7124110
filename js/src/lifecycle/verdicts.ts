// What a number from the server says about coming back. Of close codes: protocol/close-code.ts.

import { CloseCode } from "../protocol/close-code.ts";
import { FaultCode } from "../protocol/fault.ts";

const PERMANENT = new Set([400, 401, 403, 404]);
const UNAUTHENTICATED = new Set([401, 403]);
const CLOSED_UNAUTHENTICATED = new Set<number>([CloseCode.UNAUTHENTICATED, CloseCode.FORBIDDEN]);
const FAULT_UNAUTHENTICATED = new Set<number>([
  FaultCode.UNAUTHENTICATED,
  FaultCode.FORBIDDEN,
  FaultCode.TOKEN_EXPIRED,
]);

/** What the server would say again. Everything else may pass. */
export function permanent(httpStatus: number): boolean {
  return PERMANENT.has(httpStatus);
}

/** What another token may change. */
export function unauthenticated(httpStatus: number): boolean {
  return UNAUTHENTICATED.has(httpStatus);
}

/** As `unauthenticated` of a close code that says to stop. */
export function closedUnauthenticated(code: number): boolean {
  return CLOSED_UNAUTHENTICATED.has(code);
}

/** As `unauthenticated` of the fault that answered hello. */
export function faultUnauthenticated(code: number): boolean {
  return FAULT_UNAUTHENTICATED.has(code);
}
