package dev.everwire.jackson;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/** Gives types the names under which a document lists them. One thread at a time. */
final class TypeNames {
  private final Map<JavaType, String> given = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  /** Null if it has none yet. */
  @Nullable String find(JavaType type) {
    return given.get(type);
  }

  /**
   * {@code Order}, and {@code Page_Order} for {@code Page<Order>}. A second type of the same simple
   * name is told apart by the class around it, or else by a number.
   */
  String give(JavaType type) {
    String name = simple(type);
    Class<?> around = type.getRawClass().getEnclosingClass();
    if (taken.contains(name) && around != null) {
      name = around.getSimpleName() + "_" + name;
    }
    String unique = name;
    for (int i = 2; !taken.add(unique); i++) {
      unique = name + "_" + i;
    }
    given.put(type, unique);
    return unique;
  }

  void forget(JavaType type) {
    String name = given.remove(type);
    if (name != null) {
      taken.remove(name);
    }
  }

  private static String simple(JavaType type) {
    if (type.isArrayType()) {
      return simple(type.getContentType()) + "_Array";
    }
    StringBuilder name = new StringBuilder(allowed(type.getRawClass().getSimpleName()));
    for (JavaType argument : type.getBindings().getTypeParameters()) {
      name.append('_').append(simple(argument));
    }
    return name.toString();
  }

  /** Only what may stand in a reference as it is. */
  private static String allowed(String name) {
    String ascii = name.replaceAll("[^A-Za-z0-9_]", "_");
    return ascii.isEmpty() ? "Anonymous" : ascii;
  }
}
