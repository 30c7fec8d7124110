package dev.everwire.session.internal.contract;

import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.contract.Namespace;
import dev.everwire.session.contract.Notify;
import dev.everwire.session.contract.Rpc;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an interface promises. Refuses what could not be kept, with a sentence that begins
 * with the method.
 */
final class ContractReader {
  private final Class<?> root;
  private final Types types;
  private final String prefix;
  private final Map<Method, Operation> byMethod = new HashMap<>();
  private final Map<String, Operation> byName = new LinkedHashMap<>();
  private final List<Method> unmarked = new ArrayList<>();

  /**
   * @throws IllegalArgumentException saying what is wrong with the interface
   */
  ContractReader(Class<?> root) {
    if (!root.isInterface() || root.isAnnotation()) {
      throw new IllegalArgumentException(root.getName() + ": is no interface");
    }
    if (root.getTypeParameters().length > 0) {
      throw new IllegalArgumentException(
          root.getName() + ": has type parameters (expected: an interface that fixes them)");
    }
    this.root = root;
    this.types = new Types(root);
    this.prefix = prefix(root);
    Arrays.stream(root.getMethods())
        .filter(method -> !method.isSynthetic())
        // The JDK promises no order.
        .sorted(Comparator.comparing(Method::getName).thenComparing(Method::toGenericString))
        .forEach(this::read);
    if (byName.isEmpty()) {
      throw new IllegalArgumentException(
          root.getName() + ": no method is marked @Rpc or @Notify (expected: at least one)");
    }
  }

  /** In the order of their names. */
  List<Operation> operations() {
    return byName.values().stream().sorted(Comparator.comparing(Operation::name)).toList();
  }

  /** By each method of the interface through which they may be called. */
  Map<Method, Operation> byMethod() {
    return Map.copyOf(byMethod);
  }

  /** What is not marked and has no body. */
  List<Method> unmarked() {
    return List.copyOf(unmarked);
  }

  private void read(Method method) {
    Marked marked = find(method, root);
    if (marked == null) {
      if (Modifier.isAbstract(method.getModifiers()) && !everyObjectHas(method)) {
        unmarked.add(method);
      }
      return;
    }
    try {
      if (Modifier.isStatic(method.getModifiers())) {
        throw new IllegalArgumentException("is static (expected: a method of the instance)");
      }
      Operation operation = operation(marked);
      Operation former = byName.get(operation.name());
      if (former == null) {
        byName.put(operation.name(), operation);
      } else if (former.method().equals(marked.method)) {
        operation = former;
      } else if (!sameErasure(former.method(), marked.method)) {
        throw new IllegalArgumentException(
            "is \""
                + operation.name()
                + "\", and so is another one (expected: names that differ, see @Rpc(name))");
      }
      byMethod.put(method, operation);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          root.getName() + "." + method.getName() + ": " + e.getMessage(), e);
    }
  }

  private static boolean everyObjectHas(Method method) {
    return Arrays.stream(Object.class.getMethods())
        .anyMatch(own ->
            own.getName().equals(method.getName())
                && Arrays.equals(own.getParameterTypes(), method.getParameterTypes()));
  }

  private Operation operation(Marked marked) {
    Exposed named = Exposed.of(name(marked), call -> null, marked.execution);
    return new OperationReader(root, types, marked, named.name()).read();
  }

  private String name(Marked marked) {
    String own = marked.name.isEmpty() ? marked.method.getName() : marked.name;
    if (own.startsWith("_")) {
      throw new IllegalArgumentException(
          "begins with _ (expected: not to; such names are private)");
    }
    return prefix + own;
  }

  private static String prefix(Class<?> root) {
    Namespace said = root.getAnnotation(Namespace.class);
    if (said != null) {
      return said.value().isEmpty() ? "" : said.value() + ".";
    }
    String name = root.getSimpleName();
    return Character.toLowerCase(name.charAt(0)) + name.substring(1) + ".";
  }

  /** The mark on a method, or on the one that it overrides. */
  private @Nullable Marked find(Method method, Class<?> from) {
    Marked own = Marked.of(method);
    if (own != null) {
      return own;
    }
    for (Class<?> above : from.getInterfaces()) {
      for (Method candidate : above.getDeclaredMethods()) {
        if (!candidate.isSynthetic()
            && candidate.getName().equals(method.getName())
            && sameErasure(candidate, method)) {
          Marked marked = Marked.of(candidate);
          if (marked != null) {
            return marked;
          }
        }
      }
      Marked marked = find(method, above);
      if (marked != null) {
        return marked;
      }
    }
    return null;
  }

  /** Whether they take the same, so that an implementation has one method for both. */
  private boolean sameErasure(Method one, Method other) {
    return one.getName().equals(other.getName())
        && one.getParameterCount() == other.getParameterCount()
        && Arrays.equals(erasure(one), erasure(other));
  }

  private Class<?>[] erasure(Method method) {
    return Arrays.stream(method.getGenericParameterTypes())
        .map(type -> {
          try {
            return Types.raw(types.resolve(type));
          } catch (IllegalArgumentException e) {
            return Types.raw(type);
          }
        })
        .toArray(Class<?>[]::new);
  }

  /** A method that is callable, and how. */
  record Marked(
      Method method,
      boolean notification,
      String name,
      boolean idempotent,
      Execution execution,
      boolean positional) {

    static @Nullable Marked of(Method method) {
      Rpc rpc = method.getAnnotation(Rpc.class);
      Notify notify = method.getAnnotation(Notify.class);
      if (rpc != null && notify != null) {
        throw new IllegalArgumentException(
            method.getDeclaringClass().getName()
                + "."
                + method.getName()
                + ": is marked @Rpc and @Notify (expected: one of them)");
      }
      if (rpc != null) {
        return new Marked(
            method, false, rpc.name(), rpc.idempotent(), rpc.execution(), rpc.positional());
      }
      return notify == null
          ? null
          : new Marked(method, true, notify.name(), false, notify.execution(), notify.positional());
    }
  }
}
