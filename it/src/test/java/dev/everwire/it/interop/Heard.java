package dev.everwire.it.interop;

/** What a connection brought. */
sealed interface Heard {
  record Text(String text) implements Heard {}

  record Binary(byte[] bytes) implements Heard {}

  record Pong(byte[] payload) implements Heard {}

  /**
   * @param code 1006 if there was no Close frame
   */
  record Closed(int code, String reason) implements Heard {}

  /** The client, not the connection, is broken. */
  record Broken(String why) implements Heard {}
}
