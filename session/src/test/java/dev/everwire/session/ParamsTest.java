package dev.everwire.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ParamsTest {

  /** Binds integers and nothing else. */
  private static final ValueCodec INTEGERS =
      new ValueCodec() {
        @Override
        public @Nullable Object decode(RawJson json, Type type) {
          if (type != Integer.class || json.kind() != RawJson.Kind.NUMBER) {
            throw new IllegalArgumentException("secret detail");
          }
          return (int) json.asLong();
        }

        @Override
        public RawJson encode(@Nullable Object value) {
          throw new IllegalArgumentException("not needed");
        }
      };

  private static Params params(@Nullable String json) {
    return new Params(json == null ? null : RawJson.parse(json), INTEGERS);
  }

  @Test
  void oneParameterIsFoundByPlaceOrByName() {
    assertThat(params("[42,23]").get(1, "subtrahend", int.class)).isEqualTo(23);
    assertThat(params("{\"subtrahend\":23}").get(1, "subtrahend", Integer.class)).isEqualTo(23);
  }

  @Test
  void aMissingParameterIsNullOrInvalid() {
    assertThat(params(null).find(0, "a", Integer.class)).isNull();
    assertThat(params("[]").find(0, "a", Integer.class)).isNull();
    assertThat(params("{\"a\":null}").find(0, "a", Integer.class)).isNull();
    assertInvalid(params("[]"), "a: missing");
  }

  @Test
  void aParameterThatDoesNotFitIsNamedAndNothingInternalIsTold() {
    assertInvalid(params("[\"x\"]"), "a: does not fit int");
  }

  @Test
  void membersGivenTwiceAreInvalid() {
    assertThatThrownBy(() -> params("{\"a\":1,\"a\":2}").get(0, "a", int.class))
        .isInstanceOf(FaultException.class);
  }

  @Test
  void theyCanBeCounted() {
    assertThat(params(null).size()).isZero();
    assertThat(params("[1,2]").size()).isEqualTo(2);
    assertThat(params("{\"a\":1}").size()).isEqualTo(1);
  }

  private static void assertInvalid(Params params, String detail) {
    assertThatThrownBy(() -> params.get(0, "a", int.class))
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> {
              assertThat(e.fault().code()).isEqualTo(FaultCode.INVALID_PARAMS);
              assertThat(e.fault().message()).isEqualTo("Invalid params: " + detail);
            });
  }
}
