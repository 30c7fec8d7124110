package dev.everwire.session.internal.contract;

import dev.everwire.session.Restriction;
import dev.everwire.session.contract.Restricted;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers what is demanded of those who call a method, wherever that is said. */
final class Restrictions {
  private final Method method;
  private final Class<?>[] given; // what it takes, as the interface fixes it
  private @Nullable Restriction gathered;

  private Restrictions(Class<?> root, Method method) {
    Types types = new Types(root);
    this.method = method;
    this.given =
        Arrays.stream(method.getGenericParameterTypes())
            .map(type -> Types.raw(types.resolve(type)))
            .toArray(Class<?>[]::new);
  }

  /** What the interface and its implementation demand together; null if nothing. */
  static @Nullable Restriction of(Class<?> root, Class<?> implementation, Method method) {
    Restrictions all = new Restrictions(root, method);
    Set<Class<?>> said = new LinkedHashSet<>();
    above(root, said);
    for (Class<?> type = implementation; type != null; type = type.getSuperclass()) {
      said.add(type);
    }
    said.forEach(all::gather);
    return all.gathered;
  }

  private void gather(Class<?> type) {
    declared(type).forEach(this::add);
    if (has(type)) {
      add(type);
    }
  }

  private void add(AnnotatedElement element) {
    Restricted said = element.getAnnotation(Restricted.class);
    if (said != null) {
      Set<String> roles = Set.copyOf(Arrays.asList(said.roles()));
      Restriction one =
          new Restriction(
              roles.isEmpty() ? List.of() : List.of(roles),
              Set.copyOf(Arrays.asList(said.permissions())));
      gathered = gathered == null ? one : gathered.and(one);
    }
  }

  /** Whether the method can be called through a type. */
  private boolean has(Class<?> type) {
    Set<Class<?>> all = new LinkedHashSet<>();
    above(type, all);
    return all.stream().anyMatch(each -> !declared(each).isEmpty());
  }

  /**
   * The methods of a type that may be meant when this one is called. Rather one too many than one
   * too few: an erased or wider parameter takes what this one is given.
   */
  private List<Method> declared(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(candidate ->
            candidate.getName().equals(method.getName()) && takes(candidate.getParameterTypes()))
        .toList();
  }

  private boolean takes(Class<?>[] parameters) {
    if (parameters.length != given.length) {
      return false;
    }
    for (int i = 0; i < given.length; i++) {
      if (!parameters[i].isAssignableFrom(given[i])) {
        return false;
      }
    }
    return true;
  }

  private static void above(Class<?> type, Set<Class<?>> all) {
    if (all.add(type)) {
      for (Class<?> each : type.getInterfaces()) {
        above(each, all);
      }
      if (type.getSuperclass() != null) {
        above(type.getSuperclass(), all);
      }
    }
  }
}
