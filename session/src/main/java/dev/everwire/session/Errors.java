package dev.everwire.session;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which exception is which fault on the wire, both ways. A handler that throws a mapped exception,
 * or a subclass of it, answers the fault; a proxy that is answered the fault throws the exception,
 * if it is unchecked or the method declares it. What is not mapped stays what it is: an exception
 * becomes an internal error with an incident number, a fault a {@link FaultException}. Immutable;
 * safe from any thread.
 *
 * <pre>{@code
 * Errors.builder()
 *     .map(
 *         1404,
 *         NoSuchOrder.class,
 *         fault -> new NoSuchOrder(fault.message()),
 *         exception -> Fault.of(1404, "no order " + exception.id()))
 *     .build();
 * }</pre>
 */
public final class Errors {
  public static final Errors NONE = new Errors(Map.of(), Map.of());

  private final Map<Integer, Function<Fault, ? extends Throwable>> exceptions;
  private final Map<Class<?>, Function<Throwable, Fault>> faults;

  private Errors(
      Map<Integer, Function<Fault, ? extends Throwable>> exceptions,
      Map<Class<?>, Function<Throwable, Fault>> faults) {
    this.exceptions = Map.copyOf(exceptions);
    this.faults = Map.copyOf(faults);
  }

  /**
   * What the peer is told of an exception; null if it is not mapped. A {@link FaultException} says
   * what it is: it is none of the exceptions that its superclasses are mapped to.
   */
  public @Nullable Fault fault(Throwable exception) {
    if (faults.isEmpty()) {
      return null;
    }
    for (Class<?> type = exception.getClass(); type != null; type = type.getSuperclass()) {
      Function<Throwable, Fault> mapping = faults.get(type);
      if (mapping != null) {
        return mapping.apply(exception);
      }
      if (type == FaultException.class) {
        return null;
      }
    }
    return null;
  }

  /** What a caller gets for a fault of the peer's; null if it is not mapped. */
  public @Nullable Throwable exception(Fault fault) {
    Function<Fault, ? extends Throwable> mapping = exceptions.get(fault.code());
    return mapping == null ? null : mapping.apply(fault);
  }

  /** Whether an exception may be mapped to this code. */
  public static boolean free(int code) {
    boolean reserved = code >= -32768 && code < FaultCode.TOKEN_EXPIRED;
    return !reserved && code != FaultCode.CONNECTION_LOST && code != FaultCode.CANCELLED;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** One thread at a time. */
  public static final class Builder {
    private final Map<Integer, Function<Fault, ? extends Throwable>> exceptions = new HashMap<>();
    private final Map<Class<?>, Function<Throwable, Fault>> faults = new HashMap<>();

    private Builder() {}

    /**
     * One code is one exception.
     *
     * @param code outside −32768…−32000, or one of {@link FaultCode} from −32013 to −32000 that
     *     does not say that the connection is lost
     * @param toException makes it where the fault arrives; on the thread that waits
     * @param toFault says on purpose what is sent of it; its code is the given one whatever it says
     * @throws IllegalArgumentException if the code is reserved, or one of both is mapped already
     */
    public <E extends Throwable> Builder map(
        int code,
        Class<E> type,
        Function<? super Fault, ? extends E> toException,
        Function<? super E, Fault> toFault) {
      if (!free(code)) {
        throw new IllegalArgumentException(
            "code: " + code + " (expected: outside -32768…-32000, or -32013…-32000 but -32011)");
      }
      if (exceptions.containsKey(code)) {
        throw new IllegalArgumentException("code: " + code + " (expected: not mapped before)");
      }
      if (faults.containsKey(type)) {
        throw new IllegalArgumentException(
            "type: " + type.getName() + " (expected: not mapped before)");
      }
      exceptions.put(code, toException::apply);
      faults.put(
          type,
          thrown -> {
            Fault fault = toFault.apply(type.cast(thrown));
            return new Fault(code, fault.message(), fault.data());
          });
      return this;
    }

    public Errors build() {
      return faults.isEmpty() ? NONE : new Errors(exceptions, faults);
    }
  }
}
