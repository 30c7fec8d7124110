package dev.everwire.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.everwire.protocol.json.RawJson;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.PropertyNamingStrategies;
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
            JsonMapper.builder()
                .disable(tools.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build());
    RawJson two = RawJson.trusted("{} {}".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    assertThatThrownBy(() -> lenient.decode(two, Map.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void genericTypesAreBound() {
    Type type = new TypeReference<Map<String, List<Flag>>>() {}.getType();

    assertThat(values.decode(RawJson.parse("{\"a\":[{\"on\":true}]}"), type))
        .isEqualTo(Map.of("a", List.of(new Flag(true))));
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
