package dev.everwire.server;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Binds what these tests need: numbers, strings and raw JSON. */
public final class TestValues implements ValueCodec {
  @Override
  public @Nullable Object decode(RawJson json, Type type) {
    if (type == Integer.class) {
      return (int) json.asLong();
    }
    return type == String.class ? json.asString() : json;
  }

  @Override
  public RawJson encode(@Nullable Object value) {
    return switch (value) {
      case null -> RawJson.NULL;
      case RawJson raw -> raw;
      case Number number -> RawJson.number(number.longValue());
      default -> RawJson.string(value.toString());
    };
  }
}
