package dev.everwire.session;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Offer;

/** A notification was not queued, so it will not arrive. */
public final class NotSentException extends FaultException {
  private static final long serialVersionUID = 1L;

  private final Offer offer;

  /**
   * @param offer FULL or CLOSED
   */
  public NotSentException(Offer offer) {
    super(
        switch (offer) {
          case FULL -> Fault.of(FaultCode.OVERLOADED, "not sent: the outbound queue is full");
          case CLOSED -> Fault.of(FaultCode.CONNECTION_LOST, "not sent: there is no connection");
          case QUEUED ->
              throw new IllegalArgumentException("offer: QUEUED (expected: FULL, CLOSED)");
        });
    this.offer = offer;
  }

  /** FULL or CLOSED. */
  public Offer offer() {
    return offer;
  }
}
