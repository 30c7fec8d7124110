package dev.everwire.client.foreign;

/** What a message of the service is, which decides where it goes. */
public enum MessageKind {
  /** Answers a request; goes to whoever waits for its id. */
  RESPONSE,
  /** News of a topic; goes to the topic's subscriptions. */
  UPDATE,
  /** About the connection or the service: a status, a ping. Told as an event. */
  SYSTEM,
  /** Asks this end for something, or answers without an id. Told as an event. */
  CONTROL,
  /** Not understood. Told as an event; never an error. */
  UNKNOWN
}
