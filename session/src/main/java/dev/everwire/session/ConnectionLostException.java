package dev.everwire.session;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;

/** The link went away, or was not there, before the answer came. */
public final class ConnectionLostException extends FaultException {
  private static final long serialVersionUID = 1L;

  private final boolean maybeExecuted;

  public ConnectionLostException(boolean maybeExecuted, String reason) {
    super(
        Fault.of(
            FaultCode.CONNECTION_LOST,
            "connection lost: "
                + reason
                + (maybeExecuted
                    ? "; the call may have been executed"
                    : "; the call was not executed")));
    this.maybeExecuted = maybeExecuted;
  }

  /**
   * True if the call had been sent, so that the peer may have executed it; false if it never left.
   */
  public boolean maybeExecuted() {
    return maybeExecuted;
  }
}
