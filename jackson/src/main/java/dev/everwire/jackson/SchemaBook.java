package dev.everwire.jackson;

import dev.everwire.protocol.TypeSchemas;
import dev.everwire.protocol.json.RawJson;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.ser.bean.BeanSerializerBase;
import tools.jackson.databind.ser.std.ToEmptyObjectSerializer;

/**
 * The schemas of one document, as Jackson's own serializers describe themselves, so that names,
 * ignored members, formats and converters are those of the mapper. What serializers cannot say is
 * added here: names and references, families of types, {@code Optional}. One thread at a time.
 */
final class SchemaBook implements TypeSchemas.Book {
  private static final Logger LOG = System.getLogger(SchemaBook.class.getName());
  private static final JsonMapper PRINTER = new JsonMapper();
  private static final int DEEPEST = 64; // of what has no name and so could hold itself for ever
  private static final Set<Class<?>> NUMBERS_OR_NOTHING =
      Set.of(OptionalInt.class, OptionalLong.class, OptionalDouble.class);

  private final JsonMapper mapper;
  private final SerializationContext context;
  private final TypeSchemas.Docs docs;
  private final TypeNames names = new TypeNames();
  private final Map<String, Map<String, Object>> named = new LinkedHashMap<>();
  private final List<JavaType> added = new ArrayList<>(); // by the schema that is being made
  private int depth;

  SchemaBook(JsonMapper mapper, TypeSchemas.Docs docs) {
    this.mapper = mapper;
    this.context = mapper._serializationContext();
    this.docs = docs;
  }

  @Override
  public RawJson schema(Type type) {
    added.clear();
    depth = 0;
    try {
      return print(of(context.constructType(type)));
    } catch (
        RuntimeException e) { // the mapper cannot write it either, or an application's part threw
      LOG.log(Level.WARNING, "no schema type=" + type.getTypeName() + " cause=" + e);
      for (JavaType half : added) {
        named.remove(names.find(half));
        names.forget(half);
      }
      return print(Tree.anything());
    }
  }

  @Override
  public Map<String, RawJson> named() {
    Map<String, RawJson> printed = new LinkedHashMap<>();
    named.forEach((name, schema) -> printed.put(name, print(schema)));
    return printed;
  }

  private static RawJson print(Map<String, Object> schema) {
    return RawJson.trusted(PRINTER.writeValueAsBytes(schema));
  }

  // ---- for those who describe parts

  JsonMapper mapper() {
    return mapper;
  }

  SerializationContext context() {
    return context;
  }

  TypeSchemas.Docs docs() {
    return docs;
  }

  /** The schema of values of a type, wherever they stand. */
  Map<String, Object> of(JavaType type) {
    Class<?> raw = type.getRawClass();
    if (raw == Void.class || raw == void.class) {
      return Tree.type("null");
    }
    if (type.isReferenceType()) {
      return Tree.nullable(of(type.getReferencedType()));
    }
    String name = names.find(type);
    if (name != null) {
      return Tree.reference(name);
    }
    ValueSerializer<Object> serializer = context.findValueSerializer(type);
    boolean empty = serializer instanceof ToEmptyObjectSerializer;
    if (empty && raw == Object.class) {
      return Tree.anything();
    }
    if (empty || serializer instanceof BeanSerializerBase) {
      Map<String, Object> family = new Family(this, type).schema();
      if (family != null) {
        return family;
      }
    }
    return plain(serializer, type, true);
  }

  /** The schema of what one serializer writes, which may be other than its type's own. */
  Map<String, Object> of(@Nullable ValueSerializer<?> serializer, JavaType type) {
    if (serializer == null
        || type.isReferenceType()
        || context.findValueSerializer(type).equals(serializer)) {
      return of(type);
    }
    return plain(serializer, type, false);
  }

  /**
   * As the serializer describes it, whatever family the type may belong to.
   *
   * @param nameable whether it is how this type is always written
   */
  Map<String, Object> plain(ValueSerializer<?> serializer, JavaType type, boolean nameable) {
    if (depth == DEEPEST) {
      return Tree.anything();
    }
    depth++;
    Shape shape = new Shape(this, type, nameable);
    serializer.acceptJsonFormatVisitor(shape, type);
    Map<String, Object> schema = shape.schema();
    depth--;
    return NUMBERS_OR_NOTHING.contains(type.getRawClass()) ? Tree.nullable(schema) : schema;
  }

  /** Gives a type a name before its schema is known, so that it may refer to itself. */
  Map<String, Object> name(JavaType type, Map<String, Object> schema) {
    String name = names.give(type);
    added.add(type);
    named.put(name, schema);
    schema.put("title", name);
    String description = describe(type);
    if (description != null) {
      schema.put("description", description);
    }
    return Tree.reference(name);
  }

  private @Nullable String describe(JavaType type) {
    String annotated =
        mapper
            .serializationConfig()
            .getAnnotationIntrospector()
            .findClassDescription(
                mapper.serializationConfig(), context.introspectClassAnnotations(type));
    return annotated == null ? docs.type(type.getRawClass()) : annotated;
  }
}
