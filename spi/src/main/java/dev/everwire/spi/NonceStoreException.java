package dev.everwire.spi;

/** The nonce store cannot decide now: it cannot be reached, is full, or was closed. */
public final class NonceStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NonceStoreException(String message) {
    super(message);
  }

  public NonceStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
