package dev.everwire.jackson;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * The plain values that parameters and results mostly are, read and written as our strict mapper
 * does it, without setting it to work. What is not plain is left to it.
 */
final class Scalars {
  private Scalars() {}

  /** Null if this is for the mapper to read, or to refuse. */
  static @Nullable Object read(RawJson json, Type type) {
    return switch (json.kind()) {
      case STRING -> type == String.class ? json.asString() : null;
      case BOOLEAN -> (type == boolean.class || type == Boolean.class) ? json.asBoolean() : null;
      case NUMBER -> whole(json, type);
      case OBJECT, ARRAY, NULL -> null;
    };
  }

  /** Null if this is for the mapper to write, or to refuse. */
  static @Nullable RawJson write(Object value) {
    return switch (value) {
      case String text when text.chars().noneMatch(c -> Character.isSurrogate((char) c)) ->
          RawJson.string(text);
      case Integer number -> RawJson.number(number);
      case Long number -> RawJson.number(number);
      case Boolean truth -> truth ? RawJson.TRUE : RawJson.FALSE;
      default -> null;
    };
  }

  private static @Nullable Object whole(RawJson json, Type type) {
    boolean integer = type == int.class || type == Integer.class;
    if (!integer && type != long.class && type != Long.class) {
      return null;
    }
    try {
      long value = json.asLong();
      if (!integer) {
        return value;
      }
      return value == (int) value ? (Object) (int) value : null;
    } catch (JsonException e) { // has a fraction, or does not fit
      return null;
    }
  }
}
