// The shapes that a text message can have once it is read.

import type { Fault } from "./fault.ts";

export type RequestId = string | number | null;

export type Params = readonly unknown[] | Readonly<Record<string, unknown>>;

export type Message =
  | {
      readonly kind: "request";
      readonly id: RequestId;
      readonly method: string;
      readonly params: Params | undefined;
    }
  | { readonly kind: "notification"; readonly method: string; readonly params: Params | undefined }
  | { readonly kind: "success"; readonly id: RequestId; readonly result: unknown }
  | { readonly kind: "failure"; readonly id: RequestId; readonly fault: Fault }
  /**
   * JSON, but no JSON-RPC. What looks like a response is not to be answered; what has neither method,
   * result nor error may be one whose null result was left out, as its id tells.
   */
  | {
      readonly kind: "malformed";
      readonly id: RequestId;
      readonly fault: Fault;
      readonly response: boolean | "perhaps";
    };

export type Malformed = Extract<Message, { kind: "malformed" }>;

/** One text message. */
export type Frame =
  | { readonly kind: "single"; readonly message: Message }
  | { readonly kind: "batch"; readonly messages: readonly Message[] }
  | { readonly kind: "unreadable"; readonly fault: Fault };
