package dev.everwire.client.foreign;

/** What a message is sent for, so that a handler can say which rate limiter it has to pass. */
public enum Sending {
  SUBSCRIBE,
  UNSUBSCRIBE,
  REQUEST,
  /** A plain message of the application. */
  MESSAGE
}
