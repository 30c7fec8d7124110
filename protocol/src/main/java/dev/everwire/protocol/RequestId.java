package dev.everwire.protocol;

/**
 * A request's id exactly as it stood on the wire: a JSON string with its quotes, a JSON number with
 * its digits, or {@code null}. Kept as text so that an id beyond 2^53, or a fractional one, goes
 * back unchanged.
 *
 * @param literal the JSON text of the id
 */
public record RequestId(String literal) {
  public static final RequestId NULL = new RequestId("null");

  public RequestId {
    if (literal.isEmpty()) {
      throw new IllegalArgumentException(
          "literal: empty (expected: a JSON string, number or null)");
    }
  }

  /** The id of a call from client to server: a positive integer. */
  public static RequestId number(long value) {
    return new RequestId(Long.toString(value));
  }

  /**
   * The id of a call from server to client: {@code "s:1"}, {@code "s:2"} …, so that it can never
   * equal a client's own.
   */
  public static RequestId server(long value) {
    return new RequestId("\"s:" + value + "\"");
  }

  @Override
  public String toString() {
    return literal;
  }
}
