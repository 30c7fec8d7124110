package dev.everwire.jackson;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Binds values with Jackson 3. Nothing is bent to fit and nothing is lost on the way: a number in a
 * string is no number, 1.5 is no integer, and numbers of any size stay exact where the type allows.
 * Members that a type does not know are ignored.
 *
 * <p>The messages of its exceptions name the Java type only; what Jackson has to say, which may
 * quote the data, is their cause.
 */
public final class JacksonValues implements ValueCodec {
  private final ObjectReader reader;
  private final ObjectWriter writer;

  private JacksonValues(JsonMapper mapper) {
    this.reader = mapper.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    this.writer = mapper.writer();
  }

  /** With a mapper of our own, strict as said above. */
  public static JacksonValues create() {
    return of(
        JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build());
  }

  /**
   * With an application's own mapper, whose settings decide what fits; only text behind a value is
   * refused whatever they say.
   */
  public static JacksonValues of(JsonMapper mapper) {
    return new JacksonValues(mapper.rebuild().addModule(new RawJsonModule()).build());
  }

  @Override
  public @Nullable Object decode(RawJson json, Type type) {
    if (type == RawJson.class) {
      return json;
    }
    try {
      return reader.forType(reader.typeFactory().constructType(type)).readValue(json.toBytes());
    } catch (RuntimeException e) { // a constructor or converter of the application's can throw any
      throw new IllegalArgumentException("JSON does not fit " + type.getTypeName(), e);
    }
  }

  @Override
  public RawJson encode(@Nullable Object value) {
    if (value == null) {
      return RawJson.NULL;
    }
    if (value instanceof RawJson json) {
      return json;
    }
    byte[] utf8;
    try {
      utf8 = writer.writeValueAsBytes(value);
    } catch (RuntimeException e) { // a getter of the application's can throw any
      throw unwritable(value, e);
    }
    try {
      return RawJson.parse(
          utf8); // raw values and odd settings can make Jackson write what is no JSON
    } catch (JsonException e) {
      throw unwritable(value, e);
    }
  }

  private static IllegalArgumentException unwritable(Object value, RuntimeException cause) {
    return new IllegalArgumentException(
        value.getClass().getTypeName() + " cannot be written as JSON", cause);
  }
}
