package dev.everwire.jackson;

import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsonFormatVisitors.JsonAnyFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonArrayFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonBooleanFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatTypes;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitable;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsonFormatVisitors.JsonIntegerFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonMapFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonNullFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonNumberFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonStringFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonValueFormat;

/** Listens to one serializer that describes what it writes. Used once. */
final class Shape implements JsonFormatVisitorWrapper {
  private static final Map<Class<?>, String> FORMATS =
      Map.of(
          Duration.class, "duration",
          Period.class, "duration",
          URI.class, "uri",
          URL.class, "uri");
  private static final Set<Class<?>> BYTES = Set.of(byte[].class, ByteBuffer.class);

  private final SchemaBook book;
  private final JavaType type;
  private final boolean nameable;
  private Map<String, Object> schema = Tree.anything();
  private @Nullable MemberList members;

  /**
   * @param nameable whether members or constants are listed under the type's name
   */
  Shape(SchemaBook book, JavaType type, boolean nameable) {
    this.book = book;
    this.type = type;
    this.nameable = nameable;
  }

  /** The serializer has told everything. */
  Map<String, Object> schema() {
    if (members != null) {
      members.end();
    }
    return schema;
  }

  @Override
  public SerializationContext getContext() {
    return book.context();
  }

  @Override
  public void setContext(SerializationContext context) {} // the book has one

  @Override
  public JsonObjectFormatVisitor expectObjectFormat(JavaType hint) {
    Map<String, Object> object = Tree.type("object");
    schema = nameable && hint.equals(type) ? book.name(type, object) : object;
    MemberList list = new MemberList(book, hint, object);
    members = list;
    return list;
  }

  @Override
  public JsonArrayFormatVisitor expectArrayFormat(JavaType hint) {
    Map<String, Object> array = Tree.type("array");
    if (Set.class.isAssignableFrom(hint.getRawClass())) {
      array.put("uniqueItems", true);
    }
    schema = array;
    return new Items(hint, array);
  }

  @Override
  public JsonMapFormatVisitor expectMapFormat(JavaType hint) {
    Map<String, Object> map = Tree.type("object");
    schema = map;
    return new Entries(map);
  }

  @Override
  public JsonStringFormatVisitor expectStringFormat(JavaType hint) {
    schema = Tree.type("string");
    String known = FORMATS.get(hint.getRawClass());
    if (known != null) {
      schema.put("format", known);
    }
    if (hint.getRawClass() == char.class || hint.getRawClass() == Character.class) {
      schema.put("minLength", 1);
      schema.put("maxLength", 1);
    }
    return new Text(hint, known != null);
  }

  @Override
  public JsonNumberFormatVisitor expectNumberFormat(JavaType hint) {
    schema = Tree.type("number");
    return new JsonNumberFormatVisitor.Base();
  }

  @Override
  public JsonIntegerFormatVisitor expectIntegerFormat(JavaType hint) {
    Map<String, Object> integer = Tree.type("integer");
    schema = integer;
    return new Whole(integer);
  }

  @Override
  public JsonBooleanFormatVisitor expectBooleanFormat(JavaType hint) {
    schema = Tree.type("boolean");
    return new JsonBooleanFormatVisitor.Base();
  }

  @Override
  public JsonNullFormatVisitor expectNullFormat(JavaType hint) {
    schema = Tree.type("null");
    return new JsonNullFormatVisitor.Base();
  }

  @Override
  public JsonAnyFormatVisitor expectAnyFormat(JavaType hint) {
    schema = Tree.anything();
    return new JsonAnyFormatVisitor.Base();
  }

  private final class Items extends JsonArrayFormatVisitor.Base {
    private final JavaType hint;
    private final Map<String, Object> array;

    Items(JavaType hint, Map<String, Object> array) {
      super(book.context());
      this.hint = hint;
      this.array = array;
    }

    @Override
    public void itemsFormat(@Nullable JsonFormatVisitable handler, JavaType element) {
      array.put(
          "items", book.of(handler instanceof ValueSerializer<?> known ? known : null, element));
    }

    @Override
    public void itemsFormat(JsonFormatTypes format) {
      if (BYTES.contains(hint.getRawClass())) { // Jackson says integers, but writes this
        schema = Tree.type("string");
        schema.put("contentEncoding", "base64");
      } else {
        array.put("items", Tree.type(format.value()));
      }
    }
  }

  private final class Entries extends JsonMapFormatVisitor.Base {
    private final Map<String, Object> map;

    Entries(Map<String, Object> map) {
      super(book.context());
      this.map = map;
    }

    @Override
    public void valueFormat(@Nullable JsonFormatVisitable handler, JavaType value) {
      map.put(
          "additionalProperties",
          book.of(handler instanceof ValueSerializer<?> known ? known : null, value));
    }
  }

  private final class Text extends JsonStringFormatVisitor.Base {
    private final JavaType hint;
    private final boolean known;

    Text(JavaType hint, boolean known) {
      this.hint = hint;
      this.known = known;
    }

    @Override
    public void format(JsonValueFormat format) {
      if (!known) { // Jackson calls a duration a date
        schema.put("format", format.toString());
      }
    }

    @Override
    public void enumTypes(Set<String> constants) {
      Map<String, Object> text = schema;
      text.put("enum", List.copyOf(constants));
      if (nameable && hint.equals(type)) {
        schema = book.name(type, text);
      }
    }
  }

  private static final class Whole extends JsonIntegerFormatVisitor.Base {
    private final Map<String, Object> integer;

    Whole(Map<String, Object> integer) {
      this.integer = integer;
    }

    @Override
    public void numberType(JsonParser.NumberType size) {
      switch (size) {
        case INT -> integer.put("format", "int32");
        case LONG -> integer.put("format", "int64");
        case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> {}
      }
    }

    @Override
    public void format(JsonValueFormat format) {
      integer.put("format", format.toString());
    }
  }
}
