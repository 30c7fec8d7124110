package dev.everwire.client.link;

/** The client did not get through in time, or never will; nothing of it is left. */
public final class ConnectFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int httpStatus;

  public ConnectFailedException(String message, int httpStatus) {
    super(message);
    this.httpStatus = httpStatus;
  }

  /** With which the server refused the upgrade; 0 when it was not that. */
  public int httpStatus() {
    return httpStatus;
  }
}
