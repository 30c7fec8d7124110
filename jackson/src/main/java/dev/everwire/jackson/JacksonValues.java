package dev.everwire.jackson;

import dev.everwire.protocol.TypeSchemas;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Binds values with Jackson 3. Nothing is bent to fit and nothing is lost on the way: a number in a
 * string is no number, nor a number text, 1.5 is no integer, 1e400 is no double, and numbers stay
 * exact where the type allows, up to Jackson's own limit of 1 000 digits. Members that a type does
 * not know are ignored.
 *
 * <p>The messages of its exceptions name the Java type only; what Jackson has to say, which may
 * quote the data, is their cause.
 */
public final class JacksonValues implements ValueCodec {
  // As many types as an application has; a program that makes them up as it goes finds no more
  // kept.
  private static final int MOST_READERS = 1_000;

  private final ObjectReader reader;
  private final ObjectWriter writer;
  private final TypeSchemas schemas;
  private final boolean plain; // text, whole numbers and booleans are read and written as usual
  private final Map<Type, ObjectReader> readers = new ConcurrentHashMap<>();
  private final Map<Type, ObjectWriter> writers = new ConcurrentHashMap<>();

  private JacksonValues(JsonMapper mapper, boolean plain) {
    this.reader = mapper.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    this.writer = mapper.writer();
    this.schemas = docs -> new SchemaBook(mapper, docs);
    this.plain = plain;
  }

  /** With a mapper of our own, strict as said above. */
  public static JacksonValues create() {
    JsonMapper strict =
        JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .withCoercionConfig(
                LogicalType.Textual,
                text ->
                    text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .addModule(new RawJsonModule())
            .build();
    return new JacksonValues(strict, true);
  }

  /**
   * With an application's own mapper, whose settings decide what fits; only text behind a value and
   * a number too large for a double are refused whatever they say.
   */
  public static JacksonValues of(JsonMapper mapper) {
    return new JacksonValues(mapper.rebuild().addModule(new RawJsonModule()).build(), false);
  }

  @Override
  public @Nullable Object decode(RawJson json, Type type) {
    if (type == RawJson.class) {
      return json;
    }
    Object scalar = plain ? Scalars.read(json, type) : null;
    if (scalar != null) {
      return scalar;
    }
    try {
      ObjectReader typed = reader(type);
      try (JsonParser parser = parser(typed, json)) {
        return typed.readValue(parser);
      }
    } catch (RuntimeException e) { // a constructor or converter of the application's can throw any
      throw new IllegalArgumentException("JSON does not fit " + type.getTypeName(), e);
    }
  }

  @Override
  public RawJson encode(@Nullable Object value) {
    return encode(value, writer);
  }

  @Override
  public RawJson encode(@Nullable Object value, Type declared) {
    // A class is no news; what a list holds is, where its elements have to tell their types.
    return declared instanceof Class<?> ? encode(value, writer) : encode(value, writer(declared));
  }

  private RawJson encode(@Nullable Object value, ObjectWriter typed) {
    if (value == null) {
      return RawJson.NULL;
    }
    if (value instanceof RawJson json) {
      return json;
    }
    RawJson scalar = plain ? Scalars.write(value) : null;
    if (scalar != null) {
      return scalar;
    }
    try {
      // Checked, because raw values and odd settings can make Jackson write what is no JSON.
      return RawJson.checked(typed.writeValueAsBytes(value));
    } catch (RuntimeException e) { // a getter of the application's can throw any
      throw new IllegalArgumentException(
          value.getClass().getTypeName() + " cannot be written as JSON", e);
    }
  }

  /** As the mapper would write and read them: its names, its formats, its annotations. */
  @Override
  public TypeSchemas schemas() {
    return schemas;
  }

  private ObjectWriter writer(Type type) {
    ObjectWriter known = writers.get(type);
    if (known == null) {
      known = writer.forType(reader.typeFactory().constructType(type));
      if (writers.size() < MOST_READERS) {
        writers.put(type, known);
      }
    }
    return known;
  }

  private ObjectReader reader(Type type) {
    ObjectReader known = readers.get(type);
    if (known == null) {
      known = reader.forType(reader.typeFactory().constructType(type));
      if (readers.size() < MOST_READERS) {
        readers.put(type, known);
      }
    }
    return known;
  }

  private static JsonParser parser(ObjectReader reader, RawJson json) {
    JsonParser parser = reader.createParser(json.array(), json.offset(), json.length());
    return new SliceParser(parser, json);
  }
}
