package dev.everwire.protocol;

/**
 * How urgent a message is among those that wait for a peer that reads slowly; where nothing waits
 * it changes nothing. It belongs to a topic or a send, never to one event inside a topic.
 */
public enum Priority {
  /** Also passes while the connection is degraded. */
  CRITICAL,
  HIGH,
  NORMAL,
  LOW
}
