package dev.everwire.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Call;
import dev.everwire.session.Exposed;
import dev.everwire.session.Params;
import dev.everwire.session.contract.Default;
import dev.everwire.session.contract.Flat;
import dev.everwire.session.contract.Rpc;
import dev.everwire.session.internal.contract.Contract;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes in, bound to what a method takes; and what it answers, as JSON. */
class BindingTest {
  record Order(String sku, int quantity) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Circle.class, name = "circle"),
    @JsonSubTypes.Type(value = Square.class, name = "square")
  })
  sealed interface Shape {}

  record Circle(double radius) implements Shape {}

  record Square(double side) implements Shape {}

  enum Side {
    BUY,
    SELL
  }

  interface Bind {
    @Rpc
    String two(String a, int b);

    @Rpc
    String some(
        String a,
        @Nullable String b,
        Optional<Integer> c,
        @Default("7") int d,
        @Default("[\"x\"]") List<String> e);

    @Rpc
    String none();

    @Rpc
    String record(Order order);

    @Rpc
    String flat(@Flat Order order);

    @Rpc
    List<Shape> shapes(List<Shape> shapes);

    @Rpc
    Shape shape(Map<String, Shape> byName);

    @Rpc
    Duration times(Instant since, Duration within);

    @Rpc
    byte[] bytes(byte[] bytes);

    @Rpc
    Side side(Side side);

    @Rpc
    Optional<Order> maybe(boolean yes);

    @Rpc
    String variable(String... all);

    @Rpc
    RawJson raw(RawJson json);
  }

  static final class Bound implements Bind {
    @Override
    public String two(String a, int b) {
      return a + b;
    }

    @Override
    public String some(String a, @Nullable String b, Optional<Integer> c, int d, List<String> e) {
      return a + " " + b + " " + c + " " + d + " " + e;
    }

    @Override
    public String none() {
      return "none";
    }

    @Override
    public String record(Order order) {
      return order.toString();
    }

    @Override
    public String flat(Order order) {
      return order.toString();
    }

    @Override
    public List<Shape> shapes(List<Shape> shapes) {
      return shapes.reversed();
    }

    @Override
    public Shape shape(Map<String, Shape> byName) {
      return byName.get("it");
    }

    @Override
    public Duration times(Instant since, Duration within) {
      return within.plusSeconds(since.getEpochSecond());
    }

    @Override
    public byte[] bytes(byte[] bytes) {
      return Arrays.copyOf(bytes, bytes.length + 1);
    }

    @Override
    public Side side(Side side) {
      return side == Side.BUY ? Side.SELL : Side.BUY;
    }

    @Override
    public Optional<Order> maybe(boolean yes) {
      return yes ? Optional.of(new Order("a", 1)) : Optional.empty();
    }

    @Override
    public String variable(String... all) {
      return String.join("+", all);
    }

    @Override
    public RawJson raw(RawJson json) {
      return json;
    }
  }

  private final JacksonValues values = JacksonValues.create();
  private final Map<String, Exposed> methods =
      Contract.of(Bind.class).servedBy(new Bound()).stream()
          .collect(Collectors.toMap(Exposed::name, method -> method));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // by place, by name
        "two    | [\"x\",1]                      | \"x1\"",
        "two    | {\"b\":1,\"a\":\"x\"}          | \"x1\"",
        "two    | {\"b\":1,\"a\":\"\\u0078\"}    | \"x1\"",
        // what may be missing
        "some   | [\"x\"]                        | \"x null Optional.empty 7 [x]\"",
        "some   | {\"a\":\"x\"}                  | \"x null Optional.empty 7 [x]\"",
        "some   | [\"x\",null,null,null,null]    | \"x null Optional.empty 7 [x]\"",
        "some   | [\"x\",\"y\",2,8,[]]           | \"x y Optional[2] 8 []\"",
        "some   | {\"e\":[\"z\"],\"c\":0,\"a\":\"\",\"b\":null} | \" null Optional[0] 7 [z]\"",
        "none   |                                | \"none\"",
        "none   | []                             | \"none\"",
        "none   | {}                             | \"none\"",
        // records: as one parameter, or as all of them; members they do not know are ignored
        "record | {\"order\":{\"sku\":\"a\",\"quantity\":2,\"more\":1}} | \"Order[sku=a, quantity=2]\"",
        "record | [{\"sku\":\"a\",\"quantity\":2}]       | \"Order[sku=a, quantity=2]\"",
        "flat   | {\"sku\":\"a\",\"quantity\":2,\"more\":1} | \"Order[sku=a, quantity=2]\"",
        // sealed types, also where only the declared type tells that they are
        "shapes | [[{\"kind\":\"circle\",\"radius\":1.5},{\"kind\":\"square\",\"side\":2.0}]] | [{\"kind\":\"square\",\"side\":2.0},{\"kind\":\"circle\",\"radius\":1.5}]",
        "shape  | [{\"it\":{\"kind\":\"square\",\"side\":2.0}}] | {\"kind\":\"square\",\"side\":2.0}",
        "times  | [\"1970-01-01T00:01:00Z\",\"PT1.5S\"]  | \"PT1M1.5S\"",
        "bytes  | [\"AQI=\"]                     | \"AQIA\"",
        "side   | [\"BUY\"]                      | \"SELL\"",
        "maybe  | [true]                         | {\"sku\":\"a\",\"quantity\":1}",
        "maybe  | [false]                        | null",
        "variable | [[\"a\",\"b\"]]              | \"a+b\"",
        "raw    | [{\"a\": 1.00}]                | {\"a\": 1.00}",
      })
  void whatFitsIsBound(String method, @Nullable String params, String answer) throws Exception {
    assertThat(call(method, params)).isEqualTo(RawJson.parse(answer));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "two    |                                | a: missing",
        "two    | []                             | a: missing",
        "two    | [\"x\"]                        | b: missing",
        "two    | [\"x\",null]                   | b: missing",
        "two    | {\"a\":null,\"b\":1}           | a: missing",
        "two    | [\"x\",1,2]                    | 3 given (expected: at most 2)",
        "two    | {\"a\":\"x\",\"b\":1,\"c\":2}  | c: unknown",
        "two    | [1,1]                          | a: does not fit String",
        "two    | [\"x\",1.5]                    | b: does not fit int",
        "two    | [\"x\",\"1\"]                  | b: does not fit int",
        "two    | [\"x\",99999999999]            | b: does not fit int",
        "none   | [null]                         | 1 given (expected: at most 0)",
        "record | {\"sku\":\"a\",\"quantity\":2} | order: missing",
        "record | [{\"sku\":\"a\",\"quantity\":\"secret\"}] | order: does not fit Order",
        "flat   | [\"a\",2]                      | expected an object",
        "flat   | {\"sku\":\"a\"}                | order: does not fit Order",
        "shapes | [[{\"kind\":\"secret\"}]]      | shapes: does not fit List<Shape>",
        "shape  | [{\"it\":{}}]                  | byName: does not fit Map<String, Shape>",
        "times  | [\"secret\",\"PT1S\"]          | since: does not fit Instant",
        "bytes  | [\"%secret\"]                  | bytes: does not fit byte[]",
        "side   | [\"secret\"]                   | side: does not fit Side",
      })
  void whatDoesNotFitIsNamedAndNothingOfItIsTold(
      String method, @Nullable String params, String detail) {
    assertThatThrownBy(() -> call(method, params))
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> {
              assertThat(e.fault().code()).isEqualTo(FaultCode.INVALID_PARAMS);
              assertThat(e.fault().message()).isEqualTo("Invalid params: " + detail);
              assertThat(e.fault().data()).isNull();
            });
  }

  @Test
  void aLongUnknownNameIsNotEchoed() {
    assertThatThrownBy(() -> call("none", "{\"" + "x".repeat(65) + "\":1}"))
        .hasMessageContaining("Invalid params: a parameter: unknown");
  }

  private @Nullable Object call(String method, @Nullable String params) throws Exception {
    RawJson raw = params == null ? null : RawJson.parse(params);
    Exposed exposed = methods.get("bind." + method);
    Object answer =
        exposed.handler().handle(new Call(exposed.name(), new Params(raw, values), new Nobody()));
    return answer == null ? RawJson.NULL : answer;
  }
}
