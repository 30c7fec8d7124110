package dev.everwire.protocol.dialect;

/**
 * A way to put messages on the wire. The table of {@code docs/dialects.md} says who speaks what.
 */
public enum Dialect {
  /** JSON-RPC 2.0 itself, whether a hello is said or not. */
  JSON_RPC("json-rpc"),

  /**
   * What the JavaScript library <i>rpc-websockets</i> speaks: JSON-RPC 2.0, but what a server tells
   * goes as {@code {"notification":name,"params":[…]}}.
   */
  RPC_WEBSOCKETS("rpc-websockets"),

  /**
   * What the Python library <i>fastapi_websocket_rpc</i> speaks: {@code
   * {"request":{"method","arguments","call_id"},"response":null}}.
   */
  FASTAPI_RPC("fastapi-rpc");

  private final String word;

  Dialect(String word) {
    this.word = word;
  }

  /** How configuration calls it. */
  public String word() {
    return word;
  }

  /**
   * @throws IllegalArgumentException if no dialect is called so
   */
  public static Dialect of(String word) {
    for (Dialect dialect : values()) {
      if (dialect.word.equals(word)) {
        return dialect;
      }
    }
    throw new IllegalArgumentException(
        "dialect: \"" + word + "\" (expected: json-rpc, rpc-websockets or fastapi-rpc)");
  }
}
