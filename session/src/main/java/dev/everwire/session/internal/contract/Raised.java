package dev.everwire.session.internal.contract;

import dev.everwire.protocol.Fault;
import dev.everwire.session.Errors;
import dev.everwire.session.Signature.Failure;
import dev.everwire.session.contract.Raises;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a method declares to fail with: by {@link Raises} on it, its interface, or an exception. */
final class Raised {
  private final Errors.Builder errors = Errors.builder();
  private final List<Failure> failures = new ArrayList<>();
  private final Map<Class<?>, AnnotatedElement> types = new HashMap<>(); // and where it is said
  private final Map<Integer, Class<?>> codes = new HashMap<>();

  /**
   * @param root the interface that is exposed
   * @throws IllegalArgumentException if one does not make sense
   */
  Raised(Method method, Class<?> root) {
    declared(method);
    declared(root);
    if (root != method.getDeclaringClass()) {
      declared(method.getDeclaringClass());
    }
    for (Class<?> thrown : method.getExceptionTypes()) {
      Raises raises = thrown.getAnnotation(Raises.class);
      if (raises != null) {
        add(thrown, raises, thrown.asSubclass(Throwable.class));
      }
    }
  }

  Errors errors() {
    return errors.build();
  }

  List<Failure> failures() {
    return List.copyOf(failures);
  }

  private void declared(AnnotatedElement element) {
    for (Raises raises : element.getAnnotationsByType(Raises.class)) {
      add(element, raises, raises.exception());
    }
  }

  /** What is nearer to the method is added first and holds. */
  private <E extends Throwable> void add(AnnotatedElement where, Raises raises, Class<E> type) {
    String message = raises.message();
    if (type == Throwable.class) {
      failures.add(new Failure(raises.code(), message, null));
      return;
    }
    AnnotatedElement before = types.get(type);
    if (before != null && !before.equals(where)) {
      return;
    }
    Class<?> other = codes.get(raises.code());
    if (before != null) {
      throw new IllegalArgumentException(
          "raises " + type.getName() + " twice (expected: with one code)");
    }
    if (other != null) {
      throw new IllegalArgumentException(
          "raises "
              + other.getName()
              + " and "
              + type.getName()
              + " as "
              + raises.code()
              + " (expected: codes that differ)");
    }
    types.put(type, where);
    codes.put(raises.code(), type);
    String said = message.isEmpty() ? type.getSimpleName() : message;
    Fault fault = Fault.of(raises.code(), said);
    errors.map(raises.code(), type, maker(type), thrown -> fault);
    failures.add(new Failure(raises.code(), said, null));
  }

  /** By the constructor that takes a fault, or its message, or nothing. */
  private static <E extends Throwable> Function<Fault, E> maker(Class<E> type) {
    Constructor<E> byFault = constructor(type, Fault.class);
    if (byFault != null) {
      return fault -> make(byFault, fault);
    }
    Constructor<E> byMessage = constructor(type, String.class);
    if (byMessage != null) {
      return fault -> make(byMessage, fault.message());
    }
    Constructor<E> byNothing = constructor(type);
    if (byNothing != null) {
      return fault -> make(byNothing);
    }
    throw new IllegalArgumentException(
        type.getName()
            + ": has no constructor that takes a Fault, a String or nothing (expected: one, or"
            + " Errors instead of @Raises)");
  }

  private static <E> @Nullable Constructor<E> constructor(Class<E> type, Class<?>... parameters) {
    try {
      Constructor<E> constructor = type.getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static <E> E make(Constructor<E> constructor, Object... arguments) {
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(constructor + " failed", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(constructor + " cannot be called", e);
    }
  }
}
