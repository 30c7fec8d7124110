package dev.everwire.client;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Binds texts, longs and lists of them: enough to test without a library. */
final class TextValues implements ValueCodec {

  @Override
  public @Nullable Object decode(RawJson json, Type type) {
    if (json.isNull()) {
      return null;
    }
    try {
      if (type == String.class) {
        return json.asString();
      }
      if (type == Long.class) {
        return json.asLong();
      }
    } catch (JsonException e) {
      throw new IllegalArgumentException(e);
    }
    throw new IllegalArgumentException("type: " + type + " (expected: String or Long)");
  }

  @Override
  public RawJson encode(@Nullable Object value) {
    return switch (value) {
      case null -> RawJson.NULL;
      case String text -> RawJson.string(text);
      case Long number -> RawJson.number(number);
      case List<?> list -> {
        JsonWriter out = new JsonWriter().beginArray();
        list.forEach(element -> out.value(encode(element)));
        yield out.endArray().toRawJson();
      }
      default -> throw new IllegalArgumentException("cannot write " + value.getClass());
    };
  }
}
