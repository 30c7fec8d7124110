package dev.everwire.protocol;

import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Fault} on its way to somebody. A handler throws it to answer on purpose; a caller gets
 * it when the peer answered with an error.
 */
public class FaultException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Fault fault;

  public FaultException(Fault fault) {
    super(fault.message() + " (" + fault.code() + ")");
    this.fault = fault;
  }

  public FaultException(int code, String message) {
    this(Fault.of(code, message));
  }

  public FaultException(int code, String message, @Nullable RawJson data) {
    this(new Fault(code, message, data));
  }

  public Fault fault() {
    return fault;
  }
}
