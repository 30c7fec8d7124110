package dev.everwire.session.internal.contract;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Errors;
import dev.everwire.session.Exposed;
import dev.everwire.session.Peer;
import dev.everwire.session.Restriction;
import dev.everwire.session.contract.Subscription;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an interface promises, read once and kept with its class. Immutable; safe from any thread.
 */
public final class Contract {
  private static final ClassValue<Contract> READ =
      new ClassValue<>() {
        @Override
        protected Contract computeValue(Class<?> type) {
          return new Contract(type);
        }
      };

  private final Class<?> type;
  private final List<Operation> operations;
  private final Map<Method, Operation> byMethod;
  private final List<Method> unmarked;

  private Contract(Class<?> type) {
    ContractReader reader = new ContractReader(type);
    this.type = type;
    this.operations = reader.operations();
    this.byMethod = reader.byMethod();
    this.unmarked = reader.unmarked();
  }

  /**
   * @throws IllegalArgumentException saying what is wrong with the interface
   */
  public static Contract of(Class<?> type) {
    return READ.get(type);
  }

  /**
   * As {@link #servedBy(Object, Subscribing)}, of an interface without subscriptions.
   *
   * @throws IllegalArgumentException as well if it has one
   */
  public List<Exposed> servedBy(Object implementation) {
    return servedBy(
        implementation,
        (items, unsubscribe, notification) -> {
          throw new IllegalArgumentException(
              items.name() + ": is a subscription (expected: none here)");
        });
  }

  /**
   * The methods of the interface, served by an implementation. In the order of their names; what
   * ends subscriptions stands behind the first that it belongs to.
   *
   * @throws IllegalArgumentException if it is none, or cannot be reached
   */
  public List<Exposed> servedBy(Object implementation, Subscribing subscribing) {
    if (!type.isInstance(implementation)) {
      throw new IllegalArgumentException(
          implementation.getClass().getName() + ": does not implement " + type.getName());
    }
    List<Exposed> all = new ArrayList<>();
    Set<String> unsubscribing = new HashSet<>();
    for (Operation operation : operations) {
      Exposed exposed = restricted(operation, implementation);
      Subscription shape = operation.subscription();
      if (shape == null) {
        all.add(exposed);
        continue;
      }
      List<Exposed> pair = subscribing.methods(exposed, shape.unsubscribe(), shape.notification());
      all.addAll(unsubscribing.add(shape.unsubscribe()) ? pair : pair.subList(0, 1));
    }
    return List.copyOf(all);
  }

  private Exposed restricted(Operation operation, Object implementation) {
    Exposed exposed = exposed(operation, implementation);
    Restriction whom = Restrictions.of(type, implementation.getClass(), operation.method());
    return whom == null ? exposed : exposed.restrictedTo(whom);
  }

  private static Exposed exposed(Operation operation, Object implementation) {
    Served served;
    try {
      served = Served.of(operation, implementation, ArgumentChecks.of(operation, implementation));
    } catch (IllegalAccessException | InaccessibleObjectException e) {
      throw new IllegalArgumentException(
          operation.method().getDeclaringClass().getName()
              + ": cannot be reached (expected: public, or its package opened)",
          e);
    }
    return Exposed.of(operation.name(), served, operation.execution())
        .raising(operation.raised())
        .describedBy(operation.signature());
  }

  /**
   * An object of the interface whose marked methods call the peer. Safe from any thread.
   *
   * @throws IllegalArgumentException if the interface has methods that are neither marked nor have
   *     a body
   */
  public <T> T calling(
      Peer peer, Class<T> as, ValueCodec values, Errors errors, CallOptions options) {
    if (!unmarked.isEmpty()) {
      throw new IllegalArgumentException(
          unmarked.stream()
                  .map(method -> type.getName() + "." + method.getName())
                  .distinct()
                  .sorted()
                  .collect(Collectors.joining(", ", "", ": not marked @Rpc or @Notify"))
              + " (expected: marked, or with a body)");
    }
    Remote remote = new Remote(type, byMethod, peer, values, errors, options);
    return as.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, remote));
  }
}
