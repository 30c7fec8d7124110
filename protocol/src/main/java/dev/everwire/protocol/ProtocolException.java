package dev.everwire.protocol;

/**
 * The peer broke the protocol so badly that the connection has to end. One place, the connection,
 * catches it and closes with {@link #code()}; the message is the close reason and is shown to the
 * peer.
 */
public final class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final CloseCode code;

  public ProtocolException(CloseCode code, String reason) {
    super(reason, null, false, false);
    this.code = code;
  }

  public CloseCode code() {
    return code;
  }
}
