package dev.everwire.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class ValuesTest {
  @ParameterizedTest
  @CsvSource({"500ms, PT0.5S", "10s, PT10S", "2m, PT2M", "1h, PT1H", "0s, PT0S"})
  void durationsHaveAUnit(String text, String duration) {
    assertThat(Values.duration(text)).hasToString(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "s", "-1s", "1.5s", "PT10S", "9999999999s"})
  void otherDurationsAreRefused(String text) {
    assertThatThrownBy(() -> Values.duration(text)).isInstanceOf(TypeConversionException.class);
  }

  @Test
  void aPositionIsEpochAndOffset() {
    assertThat(Values.position("k3:120")).isEqualTo(new Position("k3", 120));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "k3", ":1", "k3:", "k3:-1", "k3:x"})
  void otherPositionsAreRefused(String text) {
    assertThatThrownBy(() -> Values.position(text)).isInstanceOf(TypeConversionException.class);
  }
}
