// The door of the package. Start at Client: it keeps one conversation alive across connections.

export { Client, connect, type HistoryOptions, type SubscribeOptions } from "./client.ts";
export { ConnectFailedError, ConnectionLostError, FaultError } from "./errors.ts";
export type { Event, Gap, Item } from "./event.ts";
export type { ItemStream } from "./item-stream.ts";
export type { ClientOptions, NetworkEvents } from "./options.ts";
export type {
  Call,
  Caller,
  CallOptions,
  Handler,
  Offer,
  Peer,
  StreamOptions,
} from "./peer.ts";
export { type Fault, FaultCode } from "./protocol/fault.ts";
export type { Params } from "./protocol/message.ts";
export type { Position } from "./protocol/position.ts";
export type { Alert } from "./protocol/wire.ts";
export { atMost, exponential, fixed, never, type ReconnectPolicy } from "./reconnect.ts";
export type { SessionLimits } from "./session/limits.ts";
export type { AuthenticationFailed, Status, StatusListener } from "./status.ts";
export type { Subscription } from "./subscription.ts";
export type { TokenPlace, TokenSupplier } from "./token-supplier.ts";
export type { Scheduler } from "./transport/scheduler.ts";
export type { WebSocketConstructor, WebSocketLike } from "./transport/socket.ts";
