package dev.everwire.protocol;

import dev.everwire.protocol.json.RawJson;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Binds parameters, results and event data to Java values and back. The envelope needs no library;
 * values do. Safe from any thread.
 */
public interface ValueCodec {

  /**
   * @return the value; null only where the JSON is {@code null}
   * @throws IllegalArgumentException if the JSON does not fit the type; the text is for logs, not
   *     for peers
   */
  @Nullable Object decode(RawJson json, Type type);

  /**
   * @throws IllegalArgumentException if the value cannot be written as JSON
   */
  RawJson encode(@Nullable Object value);

  /**
   * As {@link #encode(Object)} for a value whose declared type is known, which can say more than
   * its class: what a list holds, for instance.
   *
   * @throws IllegalArgumentException if the value cannot be written as JSON
   */
  default RawJson encode(@Nullable Object value, Type declared) {
    return encode(value);
  }

  /** What the values look like, for those who ask; {@link TypeSchemas#UNKNOWN} if it cannot say. */
  default TypeSchemas schemas() {
    return TypeSchemas.UNKNOWN;
  }
}
