package dev.everwire.protocol.json;

/**
 * The text is not the JSON that was expected. The message names the member or the byte offset and
 * the expectation, never the content, so it may be shown to a peer.
 */
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JsonException(String message) {
    super(message, null, false, false);
  }
}
