package dev.everwire.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.jackson.JacksonValues;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Call;
import dev.everwire.session.Caller;
import dev.everwire.session.Exposed;
import dev.everwire.session.Params;
import dev.everwire.session.contract.ArgumentCheck;
import dev.everwire.session.contract.Flat;
import dev.everwire.session.contract.Param;
import dev.everwire.session.contract.Rpc;
import dev.everwire.session.internal.contract.Contract;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterValidationTest {
  record Line(@NotBlank String sku, @Min(1) int quantity) {}

  record PlaceOrder(@NotEmpty List<@Valid Line> lines, @Size(max = 3) String note) {}

  interface Keyed<K, V> {
    @Rpc
    String put(K key, @Valid V value);
  }

  interface Orders extends Keyed<String, Line> {
    @Rpc
    String place(@Valid PlaceOrder command, Caller caller, @Param("times") @Max(2) int count);

    @Rpc
    String flat(@Flat @Valid Line line);

    @Rpc
    String map(Map<@NotBlank String, @Valid Line> lines);

    @Rpc
    String free(String anything);
  }

  static final class Desk implements Orders {
    final List<String> ran = new ArrayList<>();

    @Override
    public String place(PlaceOrder command, Caller caller, int count) {
      ran.add("place");
      return "placed";
    }

    @Override
    public String flat(Line line) {
      ran.add("flat");
      return "flat";
    }

    @Override
    public String map(Map<String, Line> lines) {
      return "map";
    }

    @Override
    public String free(String anything) {
      return "free";
    }

    @Override
    public String put(String key, Line value) {
      return "put";
    }
  }

  private final Desk desk = new Desk();
  private final JacksonValues values = JacksonValues.create();
  private final Map<String, Exposed> methods =
      Contract.of(Orders.class).servedBy(desk).stream()
          .collect(Collectors.toMap(Exposed::name, method -> method));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "place | [{\"lines\":[{\"sku\":\"a\",\"quantity\":1}],\"note\":\"x\"},2] | \"placed\"",
        "flat  | {\"sku\":\"a\",\"quantity\":1}   | \"flat\"",
        "map   | [{\"k\":{\"sku\":\"a\",\"quantity\":1}}] | \"map\"",
        "put   | [\"ab\",{\"sku\":\"a\",\"quantity\":1}] | \"put\"",
        "free  | [\"\"]                         | \"free\"",
      })
  void whatIsValidRuns(String method, String params, String answer) throws Exception {
    assertThat(call(method, params)).isEqualTo(RawJson.parse(answer));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "place | [{\"lines\":[],\"note\":\"x\"},1] | command.lines: must not be empty",
        "place | [{\"lines\":[{\"sku\":\"a\",\"quantity\":1},{\"sku\":\" \",\"quantity\":1}],\"note\":\"x\"},1] | command.lines[1].sku: must not be blank",
        "place | {\"command\":{\"lines\":[{\"sku\":\"a\",\"quantity\":1}],\"note\":\"x\"},\"times\":3} | times: must be less than or equal to 2",
        "flat  | {\"sku\":\"a\",\"quantity\":0}   | quantity: must be greater than or equal to 1",
        "map   | [{\"secret\":{\"sku\":\"\",\"quantity\":1}}] | lines[].sku: must not be blank",
        "map   | [{\"\":{\"sku\":\"a\",\"quantity\":1}}] | lines[]: must not be blank",
        "put   | [\"ab\",{\"sku\":\"a\",\"quantity\":0}] | value.quantity: must be greater than or equal to 1",
      })
  void whatIsNotIsAnsweredAndDoesNotRun(String method, String params, String detail) {
    assertThatThrownBy(() -> call(method, params))
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> {
              assertThat(e.fault().code()).isEqualTo(FaultCode.INVALID_PARAMS);
              assertThat(e.fault().message()).isEqualTo("Invalid params: " + detail);
            });
    assertThat(desk.ran).isEmpty();
  }

  @Test
  void allThatIsWrongIsTold() {
    assertThatThrownBy(() -> call("place", "[{\"lines\":[],\"note\":\"long\"},3]"))
        .isInstanceOfSatisfying(
            FaultException.class,
            e ->
                assertThat(e.fault())
                    .isEqualTo(
                        new Fault(
                            FaultCode.INVALID_PARAMS,
                            "Invalid params: command.lines: must not be empty",
                            RawJson.parse(
                                "{\"reason\":\"violations\",\"violations\":["
                                    + "{\"path\":\"command.lines\",\"message\":\"must not be empty\"},"
                                    + "{\"path\":\"command.note\",\"message\":\"size must be between 0 and 3\"},"
                                    + "{\"path\":\"times\",\"message\":\"must be less than or equal to 2\"}]}"))));
  }

  @Test
  void aMethodWithoutConstraintsIsNotChecked() throws Exception {
    var check = new ParameterValidation();

    assertThat(check.prepare(Orders.class.getMethod("free", String.class), desk)).isNull();
    assertThat(check.prepare(Orders.class.getMethod("flat", Line.class), desk)).isNotNull();
  }

  /** A program that has this module and not the library. */
  @Test
  void withoutTheLibraryNothingIsChecked() throws Exception {
    URL[] places =
        Stream.of(ParameterValidation.class, ArgumentCheck.class, RawJson.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .toArray(URL[]::new);
    try (var loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
      assertThatThrownBy(() -> loader.loadClass("jakarta.validation.Validation"))
          .isInstanceOf(ClassNotFoundException.class);
      Class<?> type = loader.loadClass(ParameterValidation.class.getName());
      Object check = type.getConstructor().newInstance();
      Method prepare = type.getMethod("prepare", Method.class, Object.class);

      assertThat(prepare.invoke(check, Object.class.getMethod("hashCode"), "any")).isNull();
    }
  }

  private Object call(String method, String params) throws Exception {
    Exposed exposed = methods.get("orders." + method);
    Caller nobody =
        (Caller)
            Proxy.newProxyInstance(
                Caller.class.getClassLoader(),
                new Class<?>[] {Caller.class},
                (proxy, asked, arguments) -> null);
    return exposed
        .handler()
        .handle(new Call(exposed.name(), new Params(RawJson.parse(params), values), nobody));
  }
}
