package dev.everwire.server.connection;

/** A session has no room for one more attribute or tag. Nothing was changed. */
public final class AttributesFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AttributesFullException(String message) {
    super(message);
  }
}
