package dev.everwire.server.connection;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToIntFunction;

/**
 * Names one of the {@link Attributes} and says what its values are. Two keys are equal if name and
 * type are. Immutable.
 *
 * <pre>{@code
 * static final AttributeKey<String> LOCALE = AttributeKey.of("locale", String.class);
 * }</pre>
 */
public final class AttributeKey<T> {
  private static final int SMALL = 16; // bytes
  private static final int MAX_NAME = 64;
  private static final Set<Class<?>> SMALL_TYPES =
      Set.of(
          Boolean.class,
          Character.class,
          Byte.class,
          Short.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          UUID.class,
          Instant.class,
          Duration.class);

  private final String name;
  private final Class<T> type;
  private final ToIntFunction<? super T> size;

  private AttributeKey(String name, Class<T> type, ToIntFunction<? super T> size) {
    if (name.isEmpty() || name.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "name: \"" + name + "\" (expected: 1-" + MAX_NAME + " characters)");
    }
    this.name = name;
    this.type = type;
    this.size = size;
  }

  /**
   * A key of texts, byte arrays, enums, times, UUIDs, or what a primitive is boxed in.
   *
   * @throws IllegalArgumentException for any other type: nobody knows how large its values are
   */
  public static <T> AttributeKey<T> of(String name, Class<T> type) {
    if (type == String.class) {
      return new AttributeKey<>(name, type, text -> utf8Length((String) text));
    }
    if (type == byte[].class) {
      return new AttributeKey<>(name, type, bytes -> ((byte[]) bytes).length);
    }
    if (type.isEnum() || SMALL_TYPES.contains(type)) {
      return new AttributeKey<>(name, type, value -> SMALL);
    }
    throw new IllegalArgumentException(
        "type: " + type.getName() + " (expected: one of known size, or a function that tells it)");
  }

  /**
   * A key of any type.
   *
   * @param size how many bytes a value counts, about; at least 0
   */
  public static <T> AttributeKey<T> of(String name, Class<T> type, ToIntFunction<? super T> size) {
    return new AttributeKey<>(name, type, size);
  }

  public String name() {
    return name;
  }

  public Class<T> type() {
    return type;
  }

  /**
   * What the name and a value count together, in bytes.
   *
   * @throws IllegalArgumentException if the key's own function says less than nothing
   */
  public int bytes(T value) {
    int counted = size.applyAsInt(value);
    if (counted < 0) {
      throw new IllegalArgumentException("size: " + counted + " (expected: >= 0)");
    }
    return Math.addExact(utf8Length(name), counted);
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AttributeKey<?> key && name.equals(key.name) && type == key.type;
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
