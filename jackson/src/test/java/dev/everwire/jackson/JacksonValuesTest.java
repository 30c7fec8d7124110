package dev.everwire.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.everwire.protocol.json.RawJson;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

class JacksonValuesTest {
  record Price(String pair, BigDecimal rate) {}

  record Order(String sku, int quantity) {
    Order {
      if (quantity < 1) {
        throw new IllegalArgumentException("quantity: secret detail");
      }
    }
  }

  record Envelope(String kind, RawJson body) {}

  record Flag(boolean on) {}

  private final JacksonValues values = JacksonValues.create();

  @Test
  void aRecordComesBackAsItWent() {
    Price price = new Price("EURUSD", new BigDecimal("1.08420"));

    RawJson json = values.encode(price);

    assertThat(json).hasToString("{\"pair\":\"EURUSD\",\"rate\":1.08420}");
    assertThat(values.decode(json, Price.class)).isEqualTo(price);
  }

  @Test
  void numbersOfAnySizeStayExact() {
    String integer = "123456789012345678901234567890";
    String decimal = "0.1000000000000000055511151231257827021181583404541015625";

    Object list = values.decode(RawJson.parse("[" + integer + "," + decimal + ",7]"), Object.class);

    assertThat(list).isEqualTo(List.of(new BigInteger(integer), new BigDecimal(decimal), 7));
    assertThat(values.encode(list)).hasToString("[" + integer + "," + decimal + ",7]");
    assertThat(values.decode(RawJson.parse("9007199254740993"), Long.class))
        .isEqualTo(9_007_199_254_740_993L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"7\"              | java.lang.Integer",
        "1.5                | java.lang.Integer",
        "9223372036854775808| java.lang.Long",
        "null               | int",
        "\"true\"           | java.lang.Boolean",
        "{}                 | java.lang.String",
        "[]                 | java.lang.Integer",
        "7                  | java.lang.String",
        "7.5                | java.lang.String",
        "true               | java.lang.String",
      })
  void nothingIsBentToFit(String json, String type) throws Exception {
    Type target = type.equals("int") ? int.class : Class.forName(type);

    assertThatThrownBy(() -> values.decode(RawJson.parse(json), target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("JSON does not fit " + type);
  }

  @Test
  void membersThatATypeDoesNotKnowAreIgnored() {
    assertThat(values.decode(RawJson.parse("{\"on\":true,\"since\":1}"), Flag.class))
        .isEqualTo(new Flag(true));
  }

  @Test
  void whatAnApplicationThrowsIsNotInTheMessage() {
    assertThatThrownBy(
            () -> values.decode(RawJson.parse("{\"sku\":\"a\",\"quantity\":0}"), Order.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret")
        .hasMessageEndingWith("Order");
  }

  @Test
  void textBehindAValueIsRefusedWhateverTheMapperSays() {
    JacksonValues lenient =
        JacksonValues.of(
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build());
    RawJson two = RawJson.trusted("{} {}".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> lenient.decode(two, Map.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void genericTypesAreBound() {
    Type type = new TypeReference<Map<String, List<Flag>>>() {}.getType();

    assertThat(values.decode(RawJson.parse("{\"a\":[{\"on\":true}]}"), type))
        .isEqualTo(Map.of("a", List.of(new Flag(true))));
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes(@JsonSubTypes.Type(value = Circle.class, name = "circle"))
  sealed interface Shape {}

  record Circle(int radius) implements Shape {}

  @Test
  void theDeclaredTypeSaysWhatAListHolds() {
    Type shapes = new TypeReference<List<Shape>>() {}.getType();
    RawJson json = values.encode(List.of(new Circle(1)), shapes);

    assertThat(json).hasToString("[{\"kind\":\"circle\",\"radius\":1}]");
    assertThat(values.decode(json, shapes)).isEqualTo(List.of(new Circle(1)));
    assertThat(values.encode(new Circle(1), Shape.class))
        .hasToString("{\"kind\":\"circle\",\"radius\":1}");
    assertThat(values.encode(null, shapes)).isEqualTo(RawJson.NULL);
  }

  @Test
  void nullIsNull() {
    assertThat(values.encode(null)).isEqualTo(RawJson.NULL);
    assertThat(values.decode(RawJson.NULL, Price.class)).isNull();
    assertThat(values.encode(Arrays.asList(1, null))).hasToString("[1,null]");
  }

  @Test
  void rawJsonGoesThroughUntouched() {
    RawJson odd = RawJson.parse("{\"n\":1.00,  \"e\":1E2}");

    assertThat(values.encode(odd)).isSameAs(odd);
    assertThat(values.decode(odd, RawJson.class)).isSameAs(odd);
    assertThat(values.encode(new Envelope("k", odd)))
        .hasToString("{\"kind\":\"k\",\"body\":" + odd + "}");
  }

  @Test
  void rawJsonInsideAValueIsReadAsWhateverStandsThere() {
    assertThat(values.decode(RawJson.parse("{\"kind\":\"k\",\"body\":[1.50]}"), Envelope.class))
        .isEqualTo(new Envelope("k", RawJson.parse("[1.50]")));
    assertThat(values.decode(RawJson.parse("{\"kind\":\"k\",\"body\":null}"), Envelope.class))
        .isEqualTo(new Envelope("k", RawJson.NULL));
  }

  @Test
  void timeAndOptionalsNeedNoFurtherModule() {
    Instant then = Instant.parse("2030-01-01T00:00:00Z");

    assertThat(values.encode(then)).hasToString("\"2030-01-01T00:00:00Z\"");
    assertThat(values.decode(RawJson.string("2030-01-01T00:00:00Z"), Instant.class))
        .isEqualTo(then);
    assertThat(values.encode(Optional.of(1))).hasToString("1");
    assertThat(values.encode(Duration.ofMillis(1500))).hasToString("\"PT1.5S\"");
    assertThat(values.decode(RawJson.string("PT1.5S"), Duration.class))
        .isEqualTo(Duration.ofMillis(1500));
    assertThat(values.encode(new byte[] {1, 2})).hasToString("\"AQI=\"");
    assertThat(values.decode(RawJson.string("AQI="), byte[].class)).isEqualTo(new byte[] {1, 2});
  }

  @Test
  void anApplicationsMapperDecides() {
    JacksonValues snake =
        JacksonValues.of(
            JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build());

    assertThat(snake.encode(new Wide("a"))).hasToString("{\"long_name\":\"a\"}");
  }

  record Wide(String longName) {}

  @Test
  void aPartOfALargerTextIsRead() {
    RawJson whole = RawJson.parse("[ {\"kind\":\"ä\",\"body\": [ 1.50 , \"😀\" ] } ,\"behind\"]");

    assertThat(values.decode(whole.elements().getFirst(), Envelope.class))
        .isEqualTo(new Envelope("ä", RawJson.parse("[ 1.50 , \"😀\" ]")));
    assertThat(values.decode(whole.elements().get(1), Object.class)).isEqualTo("behind");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.50e+2",
        "-0",
        "-0.0",
        "1E400",
        "1e999999999",
        "123456789012345678901234567890",
        "0",
        "\"\\u00e9\\/\"",
        "\"\"",
        "\"ä😀\"",
        "true",
        "false",
        "[]",
        "{}",
        "[ 1 , {\"a\" : 2.0 } ]",
        "{\"a\":1,\"a\":2}"
      })
  void rawJsonInsideAValueKeepsItsText(String text) {
    for (String around : new String[] {"%s", " %s", "%s ", "\n\t%s\r\n"}) {
      String there = around.formatted(text);
      RawJson body = RawJson.parse(text);
      assertThat(
              values.decode(
                  RawJson.parse("{\"kind\":\"ü\",\"body\":" + there + "}"), Envelope.class))
          .isEqualTo(new Envelope("ü", body));
      assertThat(
              values.decode(
                  RawJson.parse("{\"body\":" + there + ",\"kind\":\"ü\"}"), Envelope.class))
          .isEqualTo(new Envelope("ü", body));
      assertThat(values.decode(RawJson.parse("[" + there + "," + there + "]"), RawJson[].class))
          .isEqualTo(new RawJson[] {body, body});
    }
  }

  @Test
  void aLongTextInsideAValueIsKeptWhole() {
    String text = "[\"" + "x😀".repeat(50_000) + "\"," + "7".repeat(1_000) + "]";

    assertThat(values.decode(RawJson.parse("{\"body\":" + text + "}"), Envelope.class))
        .isEqualTo(new Envelope(null, RawJson.parse(text)));
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes(@JsonSubTypes.Type(value = Boxed.class, name = "boxed"))
  interface Box {}

  record Boxed(RawJson body) implements Box {}

  @Test
  void rawJsonIsReadBehindATypeThatComesLast() {
    assertThat(values.decode(RawJson.parse("{\"body\":[1.50],\"type\":\"boxed\"}"), Box.class))
        .isEqualTo(new Boxed(RawJson.parse("[1.50]")));
  }

  @ParameterizedTest
  @MethodSource("numberTypes")
  void aHugeNumberIsKeptOrRefusedAtOnce(Type type) {
    for (JacksonValues codec :
        List.of(values, JacksonValues.of(JsonMapper.builder().build()), lenient())) {
      for (String number :
          List.of(
              "1e999999999",
              "-1e999999999",
              "1e-999999999",
              "1e400",
              "1E2147483647",
              "1e99999999999999999999",
              "9".repeat(1_000_000),
              "0." + "9".repeat(1_000_000),
              "1" + "0".repeat(999) + "e-1")) {
        RawJson json = RawJson.parse(number);
        Object read =
            assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> {
                  try {
                    Object value = codec.decode(json, type);
                    return value == null ? "null" : codec.encode(value);
                  } catch (IllegalArgumentException refused) {
                    return refused;
                  }
                });
        assertThat(read.toString())
            .as("%s as %s", number.length() > 40 ? number.length() + " digits" : number, type)
            .doesNotContain("Infinity");
      }
    }
  }

  static Stream<Type> numberTypes() {
    return Stream.of(
        BigInteger.class,
        BigDecimal.class,
        double.class,
        Double.class,
        float.class,
        Float.class,
        int.class,
        Long.class,
        short.class,
        Byte.class,
        Number.class,
        Object.class,
        JsonNode.class,
        String.class,
        Instant.class,
        Duration.class,
        OffsetDateTime.class,
        LocalTime.class,
        Year.class,
        Date.class,
        OptionalLong.class,
        OptionalDouble.class,
        AtomicInteger.class,
        AtomicLong.class,
        TimeUnit.class,
        boolean.class,
        double[].class,
        Map.class);
  }

  private static JacksonValues lenient() {
    return JacksonValues.of(
        JsonMapper.builder()
            .enable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            .enable(DateTimeFeature.READ_DATE_TIMESTAMPS_AS_NANOSECONDS)
            .build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1e400         | double
          -1e400        | double
          1e39          | float
          [1,1e400]     | double[]
          [1e39]        | float[]
          [1e400]       | list
          {"a":1e400}   | record
          """)
  void noNumberBecomesInfinite(String json, String name) {
    Type type =
        switch (name) {
          case "double" -> double.class;
          case "float" -> float.class;
          case "double[]" -> double[].class;
          case "float[]" -> float[].class;
          case "list" -> new TypeReference<List<Double>>() {}.getType();
          default -> Measured.class;
        };
    for (JacksonValues codec : List.of(values, lenient())) {
      assertThatThrownBy(() -> codec.decode(RawJson.parse(json), type))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  record Measured(double a) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\"a\"",
        "\"\\u00e9\\n\"",
        "\"ä😀\"",
        "0",
        "-0",
        "7",
        "-7",
        "2147483647",
        "2147483648",
        "-2147483648",
        "-2147483649",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "1.0",
        "1e2",
        "true",
        "false",
        "null",
        "[]",
        "{}",
        "[1]",
        "\"true\"",
        "\"7\"",
        "\"\\ud800\""
      })
  void plainValuesAreReadAsTheMapperReadsThem(String text) {
    RawJson json = RawJson.parse(text);
    for (Type type :
        List.of(
            String.class,
            int.class,
            Integer.class,
            long.class,
            Long.class,
            boolean.class,
            Boolean.class)) {
      Type boxed = type instanceof Class<?> c ? MethodType.methodType(c).wrap().returnType() : type;
      Object plain = attempt(json, type);
      // As an element a value takes no short cut.
      Object mapped = attempt(RawJson.parse("[" + text + "]"), new ListOf(boxed));
      if (!(type instanceof Class<?> c && c.isPrimitive() && json.isNull())) {
        assertThat(plain).as("%s as %s", text, type).isEqualTo(mapped);
      }
    }
  }

  private Object attempt(RawJson json, Type type) {
    try {
      Object value = values.decode(json, type);
      return value instanceof List<?> list
          ? String.valueOf(list.getFirst())
          : String.valueOf(value);
    } catch (IllegalArgumentException e) {
      return "refused";
    }
  }

  private record ListOf(Type element) implements ParameterizedType {
    @Override
    public Type[] getActualTypeArguments() {
      return new Type[] {element};
    }

    @Override
    public Type getRawType() {
      return List.class;
    }

    @Override
    public Type getOwnerType() {
      return null;
    }
  }

  @Test
  void plainValuesAreWrittenAsTheMapperWritesThem() {
    for (Object value :
        List.of(
            "",
            "a",
            "\"\\/\b\f\n\r\t\u0000\u0019\u007f",
            "äß日\u2028\ufeff",
            "😀",
            0,
            -1,
            Integer.MIN_VALUE,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            true,
            false)) {
      RawJson inList = values.encode(List.of(value));
      assertThat(values.encode(value)).isEqualTo(inList.elements().getFirst());
    }
  }

  @Test
  void aLoneSurrogateIsWrittenAsAnEscape() {
    assertThat(values.encode("a\ud800")).hasToString("\"a\\uD800\"");
    assertThat(values.encode(List.of("a\udc00b"))).hasToString("[\"a\\uDC00b\"]");
    assertThat(values.decode(values.encode("a\ud800"), String.class)).isEqualTo("a\ud800");
  }

  @Test
  void aHundredThousandLevelsAreRefusedAndDoNotOverflow() {
    RawJson deep =
        RawJson.trusted(
            ("[".repeat(100_000) + "]".repeat(100_000)).getBytes(StandardCharsets.US_ASCII));

    for (Type type : List.of(Object.class, JsonNode.class, List.class, String.class, Flag.class)) {
      assertThatThrownBy(() -> values.decode(deep, type))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(values.decode(deep, RawJson.class)).isSameAs(deep);
  }

  @Test
  void aValueThatHoldsItselfIsRefusedAndDoesNotOverflow() {
    List<Object> itself = new ArrayList<>();
    itself.add(itself);

    assertThatThrownBy(() -> values.encode(itself)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aThousandTypesAndMoreAreRead() {
    for (int i = 0; i < 1_100; i++) {
      Type type = new Numbered(i);
      assertThat(values.decode(RawJson.parse("[1]"), type)).isEqualTo(List.of(1));
    }
  }

  private record Numbered(int number) implements ParameterizedType {
    @Override
    public Type[] getActualTypeArguments() {
      return new Type[] {Integer.class};
    }

    @Override
    public Type getRawType() {
      return List.class;
    }

    @Override
    public Type getOwnerType() {
      return null;
    }
  }

  @Test
  void whatCannotBeWrittenIsRefused() {
    assertThatThrownBy(() -> values.encode(new Broken("{oops")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("Broken cannot be written as JSON");
    assertThatThrownBy(() -> values.encode(new Failing()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  record Broken(@JsonRawValue String text) {}

  static final class Failing {
    public String getName() {
      throw new IllegalStateException("secret");
    }
  }
}
