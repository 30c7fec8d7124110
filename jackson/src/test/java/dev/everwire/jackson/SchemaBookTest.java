package dev.everwire.jackson;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.everwire.protocol.TypeSchemas;
import dev.everwire.protocol.json.RawJson;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.ser.std.StdSerializer;

class SchemaBookTest {
  private final TypeSchemas.Book book =
      JacksonValues.create().schemas().open(TypeSchemas.Docs.NONE);

  enum Side {
    BUY,
    SELL
  }

  record Order(String id, int quantity, Side side, @Nullable String note, Optional<Instant> done) {}

  record Page<T>(List<T> items, boolean more) {}

  record Node(String name, List<Node> children, @Nullable Node parent) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "java.lang.String     | {\"type\":\"string\"}",
        "java.lang.Character  | {\"type\":\"string\",\"minLength\":1,\"maxLength\":1}",
        "java.lang.Boolean    | {\"type\":\"boolean\"}",
        "java.lang.Integer    | {\"type\":\"integer\",\"format\":\"int32\"}",
        "java.lang.Long       | {\"type\":\"integer\",\"format\":\"int64\"}",
        "java.lang.Double     | {\"type\":\"number\"}",
        "java.math.BigDecimal | {\"type\":\"number\"}",
        "java.math.BigInteger | {\"type\":\"integer\"}",
        "java.time.Instant    | {\"type\":\"string\",\"format\":\"date-time\"}",
        "java.time.LocalDate  | {\"type\":\"string\",\"format\":\"date\"}",
        "java.time.Duration   | {\"type\":\"string\",\"format\":\"duration\"}",
        "java.net.URI         | {\"type\":\"string\",\"format\":\"uri\"}",
        "java.util.UUID       | {\"type\":\"string\",\"format\":\"uuid\"}",
        "[B                   | {\"type\":\"string\",\"contentEncoding\":\"base64\"}",
        "[I                   | {\"type\":\"array\",\"items\":{\"type\":\"integer\"}}",
        "java.util.OptionalInt| {\"type\":[\"integer\",\"null\"],\"format\":\"int32\"}",
        "java.lang.Void       | {\"type\":\"null\"}",
        "java.lang.Object     | {}",
        "java.util.Map        | {\"type\":\"object\",\"additionalProperties\":{}}",
        "java.util.List       | {\"type\":\"array\",\"items\":{}}",
        "dev.everwire.protocol.json.RawJson | {}",
        "tools.jackson.databind.JsonNode    | {}",
      })
  void simpleTypesNeedNoName(String type, String schema) throws Exception {
    assertThat(book.schema(Class.forName(type))).hasToString(schema);
    assertThat(book.named()).isEmpty();
  }

  @Test
  void aRecordIsNamedAndSaysWhatHasToBeThere() {
    assertThat(book.schema(Order.class)).hasToString("{\"$ref\":\"#/components/schemas/Order\"}");

    assertThat(book.named().get("Order"))
        .hasToString(
            "{\"type\":\"object\",\"title\":\"Order\",\"properties\":{"
                + "\"id\":{\"type\":\"string\"},"
                + "\"quantity\":{\"type\":\"integer\",\"format\":\"int32\"},"
                + "\"side\":{\"$ref\":\"#/components/schemas/Side\"},"
                + "\"note\":{\"type\":[\"string\",\"null\"]},"
                + "\"done\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}},"
                + "\"required\":[\"id\",\"quantity\",\"side\"]}");
    assertThat(book.named().get("Side"))
        .hasToString("{\"type\":\"string\",\"enum\":[\"BUY\",\"SELL\"],\"title\":\"Side\"}");
  }

  @Test
  void collectionsSayWhatTheyHold() {
    assertThat(schema(new TypeReference<Set<Side>>() {}))
        .hasToString(
            "{\"type\":\"array\",\"uniqueItems\":true,"
                + "\"items\":{\"$ref\":\"#/components/schemas/Side\"}}");
    assertThat(schema(new TypeReference<Map<String, List<Long>>>() {}))
        .hasToString(
            "{\"type\":\"object\",\"additionalProperties\":"
                + "{\"type\":\"array\",\"items\":{\"type\":\"integer\",\"format\":\"int64\"}}}");
    assertThat(book.schema(Order[].class))
        .hasToString("{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Order\"}}");
    assertThat(schema(new TypeReference<Optional<Order>>() {}))
        .hasToString("{\"anyOf\":[{\"$ref\":\"#/components/schemas/Order\"},{\"type\":\"null\"}]}");
  }

  @Test
  void aGenericTypeIsNamedWithItsArguments() {
    schema(new TypeReference<Page<Order>>() {});
    schema(new TypeReference<Page<List<String>>>() {});

    assertThat(book.named()).containsKeys("Page_Order", "Page_List_String");
    assertThat(book.named().get("Page_Order").members().get("properties"))
        .asString()
        .contains(
            "\"items\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Order\"}}");
  }

  @Test
  void aTypeMayHoldItself() {
    book.schema(Node.class);

    assertThat(book.named().get("Node").members().get("properties"))
        .hasToString(
            "{\"name\":{\"type\":\"string\"},"
                + "\"children\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Node\"}},"
                + "\"parent\":{\"anyOf\":[{\"$ref\":\"#/components/schemas/Node\"},{\"type\":\"null\"}]}}");
  }

  static final class Near {
    record Order(String other) {}
  }

  static final class Far {
    static final class Near {
      record Order(long other) {}
    }
  }

  @Test
  void twoTypesOfOneNameAreToldApart() {
    book.schema(Order.class);
    book.schema(Near.Order.class);
    book.schema(Far.Near.Order.class);
    book.schema(Near.Order.class);

    assertThat(book.named().keySet())
        .containsExactly("Order", "Side", "Near_Order", "Near_Order_2");
  }

  // ---- families

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  sealed interface Shape permits Circle, Square {}

  @JsonTypeName("circle")
  record Circle(double radius) implements Shape {}

  @JsonTypeName("square")
  record Square(double side) implements Shape {}

  @Test
  void aSealedTypeSaysWhichItMayBeAndHowToTell() {
    book.schema(Shape.class);

    assertThat(book.named().get("Shape"))
        .hasToString(
            "{\"title\":\"Shape\",\"oneOf\":[{\"$ref\":\"#/components/schemas/Circle\"},"
                + "{\"$ref\":\"#/components/schemas/Square\"}],"
                + "\"discriminator\":{\"propertyName\":\"kind\",\"mapping\":{"
                + "\"circle\":\"#/components/schemas/Circle\","
                + "\"square\":\"#/components/schemas/Square\"}}}");
    assertThat(book.named().get("Circle"))
        .hasToString(
            "{\"title\":\"Circle\",\"type\":\"object\",\"properties\":{"
                + "\"kind\":{\"const\":\"circle\"},\"radius\":{\"type\":\"number\"}},"
                + "\"required\":[\"kind\",\"radius\"]}");
  }

  @Test
  void aMemberAloneIsMarkedAsItIsWritten() {
    assertThat(book.schema(Circle.class)).hasToString("{\"$ref\":\"#/components/schemas/Circle\"}");
    assertThat(JacksonValues.create().encode(new Circle(1)))
        .hasToString("{\"kind\":\"circle\",\"radius\":1.0}");
    assertThat(book.named().get("Circle")).asString().contains("\"const\":\"circle\"");
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Paid.class, name = "paid"),
    @JsonSubTypes.Type(value = Open.class, name = "open")
  })
  interface State {}

  record Paid(Instant at) implements State {}

  record Open() implements State {}

  @Test
  void aWrapperIsDescribedAsOne() {
    book.schema(State.class);

    assertThat(book.named().get("State"))
        .hasToString(
            "{\"title\":\"State\",\"oneOf\":["
                + "{\"type\":\"object\",\"properties\":{\"paid\":{\"$ref\":\"#/components/schemas/Paid\"}},"
                + "\"required\":[\"paid\"],\"additionalProperties\":false},"
                + "{\"type\":\"object\",\"properties\":{\"open\":{\"$ref\":\"#/components/schemas/Open\"}},"
                + "\"required\":[\"open\"],\"additionalProperties\":false}]}");
    assertThat(JacksonValues.create().encode(new Open())).hasToString("{\"open\":{}}");
  }

  sealed interface Unmarked permits One, Two {}

  record One(int one) implements Unmarked {}

  record Two(int two, Unmarked next) implements Unmarked {}

  @Test
  void aSealedTypeWithNothingToTellMayBeAny() {
    book.schema(Unmarked.class);

    assertThat(book.named().get("Unmarked"))
        .hasToString(
            "{\"title\":\"Unmarked\",\"anyOf\":[{\"$ref\":\"#/components/schemas/One\"},"
                + "{\"$ref\":\"#/components/schemas/Two\"}]}");
  }

  // ---- as the mapper writes it

  record Account(
      @JsonProperty("userName") String name,
      @JsonIgnore String hash,
      @JsonProperty(access = JsonProperty.Access.WRITE_ONLY) String password,
      @JsonInclude(JsonInclude.Include.NON_NULL) String nick,
      @JsonPropertyDescription("Where it is shown.") URI page,
      Money balance,
      @JsonSerialize(using = Secretive.class) Order hidden) {

    @JsonProperty
    public boolean rich() {
      return true;
    }
  }

  record Money(@JsonValue BigDecimal amount) {}

  static final class Secretive extends StdSerializer<Order> {
    Secretive() {
      super(Order.class);
    }

    @Override
    public void serialize(Order value, JsonGenerator out, SerializationContext context) {
      out.writeString("***");
    }
  }

  @Test
  void annotationsOfTheMapperCount() {
    book.schema(Account.class);

    RawJson account = book.named().get("Account");
    assertThat(account.members().get("properties"))
        .hasToString(
            "{\"userName\":{\"type\":\"string\"},"
                + "\"nick\":{\"type\":\"string\"},"
                + "\"page\":{\"type\":\"string\",\"format\":\"uri\",\"description\":\"Where it is shown.\"},"
                + "\"balance\":{\"type\":\"number\"},"
                + "\"hidden\":{},"
                + "\"rich\":{\"type\":\"boolean\",\"readOnly\":true},"
                + "\"password\":{\"type\":\"string\",\"writeOnly\":true}}");
    assertThat(account.members().strings("required"))
        .containsExactly("userName", "page", "balance", "hidden");
  }

  record Bordered(@JsonUnwrapped Square base, int border) {}

  @Test
  void unwrappedMembersStandAmongTheOthers() {
    book.schema(Bordered.class);

    assertThat(book.named().get("Bordered").members().get("properties"))
        .hasToString(
            "{\"side\":{\"type\":\"number\"},"
                + "\"border\":{\"type\":\"integer\",\"format\":\"int32\"}}");
  }

  record Wide(
      String longName,
      BigInteger bigOne,
      LocalDate day,
      UUID key,
      Duration length,
      OptionalInt maybe) {}

  @Test
  void anApplicationsMapperNamesTheMembers() {
    TypeSchemas.Book snake =
        JacksonValues.of(
                JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build())
            .schemas()
            .open(TypeSchemas.Docs.NONE);

    snake.schema(Wide.class);

    assertThat(snake.named().get("Wide").members().strings("required"))
        .containsExactly("long_name", "big_one", "day", "key", "length");
  }

  @Test
  void whatPeopleWroteIsKept() {
    TypeSchemas.Book documented =
        JacksonValues.create()
            .schemas()
            .open(
                new TypeSchemas.Docs() {
                  @Override
                  public @Nullable String type(Class<?> type) {
                    return type == Order.class ? "What somebody wants." : null;
                  }

                  @Override
                  public @Nullable String member(Class<?> type, String name) {
                    return type == Order.class && name.equals("side") ? "Which way." : null;
                  }
                });

    documented.schema(Order.class);

    assertThat(documented.named().get("Order"))
        .asString()
        .contains(
            "\"description\":\"What somebody wants.\"",
            "\"side\":{\"allOf\":[{\"$ref\":\"#/components/schemas/Side\"}],"
                + "\"description\":\"Which way.\"}");
  }

  static final class Impossible {
    public String getName() {
      return "";
    }

    @JsonProperty("name")
    public int other() {
      return 0;
    }

    @JsonProperty("name")
    public int another() {
      return 0;
    }
  }

  record Holder(Side side, Impossible impossible) {}

  @Test
  void whatCannotBeDescribedMayBeAnythingAndLeavesNoHalf() {
    assertThat(book.schema(Holder.class)).hasToString("{}");
    assertThat(book.named()).isEmpty();
    assertThat(book.schema(Side.class)).hasToString("{\"$ref\":\"#/components/schemas/Side\"}");
  }

  private RawJson schema(TypeReference<?> reference) {
    Type type = reference.getType();
    return book.schema(type);
  }
}
