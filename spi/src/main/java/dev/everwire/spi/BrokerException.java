package dev.everwire.spi;

/** The broker cannot do it now: its store or its peers cannot be reached, or it was closed. */
public final class BrokerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BrokerException(String message) {
    super(message);
  }

  public BrokerException(String message, Throwable cause) {
    super(message, cause);
  }
}
