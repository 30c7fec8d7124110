package dev.everwire.server.connection;

import org.jspecify.annotations.Nullable;

/** What is sent to connections. A notification is for conversations, the others for raw peers. */
public sealed interface Payload {

  /**
   * Put in the dialect that each peer speaks.
   *
   * @param params a map or a record for named ones, a list or an array for positional ones, or null
   */
  record Notification(String method, @Nullable Object params) implements Payload {}

  record Text(String text) implements Payload {}

  /**
   * A text message with a value in it, written as parameters are.
   *
   * @param value anything that can be written as JSON
   */
  record Json(@Nullable Object value) implements Payload {}

  /**
   * @param bytes not to be changed any more
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over whole; nobody compares two of them
  record Binary(byte[] bytes) implements Payload {}

  static Payload notification(String method, @Nullable Object params) {
    return new Notification(method, params);
  }

  static Payload text(String text) {
    return new Text(text);
  }

  static Payload json(@Nullable Object value) {
    return new Json(value);
  }

  static Payload binary(byte[] bytes) {
    return new Binary(bytes);
  }
}
