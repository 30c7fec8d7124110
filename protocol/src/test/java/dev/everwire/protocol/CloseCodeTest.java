package dev.everwire.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.CloseCode.Verdict;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CloseCodeTest {

  @ParameterizedTest
  @EnumSource
  void theVerdictIsReadFromTheNumber(Verdict verdict) {
    JsonMembers verdicts = Vectors.object(Vectors.read("close-codes.json"), "verdicts");
    RawJson codes = verdicts.get(verdict.name().toLowerCase(Locale.ROOT));

    assertThat(Objects.requireNonNull(codes).elements())
        .isNotEmpty()
        .allSatisfy(code ->
            assertThat(new CloseCode((int) code.asLong()).verdict())
                .as("code %s", code)
                .isEqualTo(verdict));
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1003, 1007, 1011, 1014, 3000, 4000, 4999})
  void aCodeForACloseFrameMayBeSent(int value) {
    assertThat(new CloseCode(value).sendable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1004, 1005, 1006, 1015, 1016, 2000, 2999})
  void aReservedCodeIsNotSent(int value) {
    assertThat(new CloseCode(value).sendable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 999, 5000, 65535})
  void anyOtherNumberIsRefused(int value) {
    assertThatThrownBy(() -> new CloseCode(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value: " + value + " (expected: 1000-4999)");
  }
}
