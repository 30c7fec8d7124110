package dev.everwire.session;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultException;

/**
 * How a call of ours ended that the peer refused, that it failed in, or that had no answer in time.
 * A handler that lets it through has said nothing on purpose: its own caller, perhaps another peer,
 * gets an internal error with an incident number. To pass the fault on, throw a {@link
 * FaultException} of your own: {@code throw new FaultException(e.fault())}.
 */
public final class RemoteFaultException extends FaultException {
  private static final long serialVersionUID = 1L;

  public RemoteFaultException(Fault fault) {
    super(fault);
  }
}
