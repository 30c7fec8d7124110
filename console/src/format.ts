// Numbers, times and faults as people read them.

import { ConnectionLostError, FaultError } from "everwire";

const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const FINE = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** 1234 is 1,234; small ones keep one digit behind the point. */
export function count(value: number): string {
  return (value < 10 ? FINE : WHOLE).format(value);
}

export function bytes(value: number): string {
  if (value < 1024) {
    return `${value} B`;
  }
  const kib = value / 1024;
  return kib < 1024 ? `${count(kib)} KiB` : `${count(kib / 1024)} MiB`;
}

/** 75 s is "1 min 15 s". */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) {
    return `${days} d ${hours % 24} h`;
  }
  if (hours > 0) {
    return `${hours} h ${minutes % 60} min`;
  }
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

export function clock(time: number | Date): string {
  return CLOCK.format(time);
}

/** What went wrong with a call, in one line. */
export function failure(error: unknown): string {
  if (error instanceof FaultError) {
    const data = error.data === undefined ? "" : ` ${JSON.stringify(error.data)}`;
    return `${error.code} ${error.message}${data}`;
  }
  if (error instanceof ConnectionLostError) {
    return error.maybeExecuted
      ? "The connection was lost; it may have been executed."
      : "There is no connection; it was not sent.";
  }
  return error instanceof Error ? error.message : String(error);
}

/** Of any value that came out of JSON, for showing on one line. */
export function json(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}
