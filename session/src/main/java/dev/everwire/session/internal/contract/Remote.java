package dev.everwire.session.internal.contract;

import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Errors;
import dev.everwire.session.NotSentException;
import dev.everwire.session.Peer;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What is behind a proxy: calls the peer. Immutable; safe from any thread. */
final class Remote implements InvocationHandler {
  private static final @Nullable Object[] NOTHING = {};

  private final Class<?> type;
  private final Map<Method, Operation> operations;
  private final Peer peer;
  private final ValueCodec values;
  private final Errors errors;
  private final CallOptions options;

  Remote(
      Class<?> type,
      Map<Method, Operation> operations,
      Peer peer,
      ValueCodec values,
      Errors errors,
      CallOptions options) {
    this.type = type;
    this.operations = operations;
    this.peer = peer;
    this.values = values;
    this.errors = errors;
    this.options = options;
  }

  @Override
  @SuppressWarnings("NullAway") // the JDK gives null for no arguments and takes null for a result
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    @Nullable Object[] given = arguments == null ? NOTHING : arguments;
    Operation operation = operations.get(method);
    if (operation != null) {
      return perform(operation, method, given);
    }
    if (!method.isDefault()) {
      return identity(proxy, method, given);
    }
    Class<?> declaring = method.getDeclaringClass();
    return Modifier.isPublic(declaring.getModifiers())
        ? InvocationHandler.invokeDefault(proxy, method, given)
        // The JDK refuses the above for others; this needs their package to be open.
        : MethodHandles.privateLookupIn(declaring, MethodHandles.lookup())
            .unreflectSpecial(method, declaring)
            .bindTo(proxy)
            .invokeWithArguments(given);
  }

  @SuppressWarnings("ReferenceEquality") // the proxy's equals is asked right here
  private @Nullable Object identity(Object proxy, Method method, @Nullable Object[] given) {
    return switch (method.getName()) {
      case "equals" -> proxy == given[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> type.getSimpleName() + " of " + peer;
    };
  }

  private @Nullable Object perform(Operation operation, Method method, @Nullable Object[] given)
      throws Throwable {
    if (operation.subscription() != null) {
      throw new UnsupportedOperationException(
          operation.name() + ": is a subscription (expected: served, not called by a proxy)");
    }
    Object params = operation.write(given, values);
    if (operation.notification()) {
      Offer offer = peer.notify(operation.name(), params);
      if (offer != Offer.QUEUED) {
        throw new NotSentException(offer);
      }
      return null;
    }
    Output output = operation.output();
    if (output.stream()) {
      return peer.stream(operation.name(), params, output.type(), streamOptions());
    }
    if (output.later()) {
      return later(operation, params);
    }
    try {
      return output.unwrapped(
          peer.call(operation.name(), params, output.type(), optionsOf(operation)));
    } catch (FaultException e) {
      throw declared(method, translated(operation, e), e);
    }
  }

  /** The contract knows better than whoever made the proxy what may be sent again. */
  private CallOptions optionsOf(Operation operation) {
    return operation.idempotent() ? options.idempotent() : options;
  }

  /** The usual 30 s are meant for answers, not for what goes on and on. */
  private CallOptions streamOptions() {
    return options == CallOptions.DEFAULT ? CallOptions.withoutDeadline() : options;
  }

  private CompletableFuture<@Nullable Object> later(Operation operation, @Nullable Object params) {
    CompletableFuture<@Nullable Object> call =
        peer.callAsync(operation.name(), params, operation.output().type(), optionsOf(operation));
    CompletableFuture<@Nullable Object> answer =
        call.handle((value, failure) -> {
          if (failure == null) {
            return operation.output().unwrapped(value);
          }
          Throwable cause =
              failure instanceof CompletionException && failure.getCause() != null
                  ? failure.getCause()
                  : failure;
          throw new CompletionException(
              cause instanceof FaultException e ? translated(operation, e) : cause);
        });
    var unused =
        answer.whenComplete((value, failure) -> {
          if (failure instanceof CancellationException) {
            call.cancel(true);
          }
        });
    return answer;
  }

  /** The exception that the fault is, or the one that came. */
  private Throwable translated(Operation operation, FaultException came) {
    Throwable translated = operation.raised().exception(came.fault());
    if (translated == null) {
      translated = errors.exception(came.fault());
    }
    if (translated == null) {
      return came;
    }
    if (translated.getCause() == null) {
      try {
        translated.initCause(came);
      } catch (IllegalStateException e) {
        // it was made without one on purpose
      }
    }
    return translated;
  }

  /** A checked exception that the method does not declare would surprise everybody. */
  private static Throwable declared(Method called, Throwable translated, FaultException came) {
    if (translated instanceof RuntimeException || translated instanceof Error) {
      return translated;
    }
    for (Class<?> declared : called.getExceptionTypes()) {
      if (declared.isInstance(translated)) {
        return translated;
      }
    }
    return came;
  }
}
