package dev.everwire.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.RawJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorsTest {
  private static class NoSuchOrder extends Exception {
    private final String id;

    NoSuchOrder(String id) {
      super("secret");
      this.id = id;
    }
  }

  private static final class Archived extends NoSuchOrder {
    Archived(String id) {
      super(id);
    }
  }

  private final Errors errors =
      Errors.builder()
          .map(
              1404,
              NoSuchOrder.class,
              fault -> new NoSuchOrder(fault.message().substring("no order ".length())),
              exception -> new Fault(7, "no order " + exception.id, RawJson.number(1)))
          .build();

  @Test
  void anExceptionIsItsFaultAndBack() {
    Fault fault = errors.fault(new NoSuchOrder("a-1"));

    assertThat(fault).isEqualTo(new Fault(1404, "no order a-1", RawJson.number(1)));
    assertThat(errors.exception(fault))
        .isInstanceOfSatisfying(NoSuchOrder.class, e -> assertThat(e.id).isEqualTo("a-1"));
  }

  @Test
  void aSubclassIsWhatItsSuperclassIs() {
    assertThat(errors.fault(new Archived("a-2"))).extracting(Fault::code).isEqualTo(1404);
  }

  @Test
  void whatIsNotMappedIsNull() {
    assertThat(errors.fault(new IllegalStateException())).isNull();
    assertThat(errors.exception(Fault.of(1405, "else"))).isNull();
    assertThat(Errors.NONE.fault(new NoSuchOrder("a"))).isNull();
  }

  @Test
  void aFaultThatIsSaidOnPurposeIsNotWhatItsSuperclassesAreMappedTo() {
    Errors all =
        Errors.builder()
            .map(
                1500,
                RuntimeException.class,
                fault -> new IllegalStateException(fault.message()),
                exception -> Fault.of(1500, "failed"))
            .build();

    assertThat(all.fault(Params.invalid("a: missing"))).isNull();
    assertThat(all.fault(new IllegalStateException())).extracting(Fault::code).isEqualTo(1500);
  }

  @Test
  void oneCodeIsOneException() {
    Errors.Builder builder = Errors.builder();
    builder.map(1, NoSuchOrder.class, f -> new NoSuchOrder(""), e -> Fault.of(1, ""));

    assertThatThrownBy(
            () -> builder.map(1, Archived.class, f -> new Archived(""), e -> Fault.of(1, "")))
        .hasMessage("code: 1 (expected: not mapped before)");
    assertThatThrownBy(
            () -> builder.map(2, NoSuchOrder.class, f -> new NoSuchOrder(""), e -> Fault.of(2, "")))
        .hasMessage("type: " + NoSuchOrder.class.getName() + " (expected: not mapped before)");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        FaultCode.PARSE_ERROR,
        FaultCode.INTERNAL,
        FaultCode.METHOD_NOT_FOUND,
        FaultCode.CONNECTION_LOST,
        FaultCode.CANCELLED,
        -32768,
        -32014
      })
  void aReservedCodeIsNotMapped(int code) {
    assertThatThrownBy(() ->
            Errors.builder().map(code, Archived.class, f -> new Archived(""), e -> Fault.of(1, "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("code: " + code + " (expected: outside");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, -1, -31999, -32769, FaultCode.APPLICATION, FaultCode.NOT_FOUND})
  void applicationsHaveTheRest(int code) {
    assertThat(Errors.free(code)).isTrue();
  }
}
