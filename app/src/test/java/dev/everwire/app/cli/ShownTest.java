package dev.everwire.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.RawJson;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others wrote does not play with a terminal. */
final class ShownTest {
  @Test
  void whatATerminalCouldObeyIsEscaped() {
    assertThat(Shown.text("a\u001b[2J\u009b2J\u202e\u200b\u2028b\u007f"))
        .isEqualTo("a\\u001b[2J\\u009b2J\\u202e\\u200b\\u2028b\\u007f");
    assertThat(Shown.text("grün 東京 😀")).isEqualTo("grün 東京 😀");
    assertThat(Shown.text("")).isEqualTo("-");
    assertThat(Shown.text(null)).isEqualTo("-");
  }

  @Test
  void jsonStaysTheSameValueInOneLine() {
    String tag = new String(Character.toChars(0xe0041)); // of no width, beyond 16 bits
    RawJson value = RawJson.parse("{\n  \"a\": \"x\u009b1m\u202ey\u007f" + tag + "\"\r\n}");
    String shown = Shown.json(value);
    assertThat(shown).isEqualTo("{   \"a\": \"x\\u009b1m\\u202ey\\u007f\\udb40\\udc41\" }");
    assertThat(RawJson.parse(shown).members().string("a")).isEqualTo(value.members().string("a"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0ms",
    "999, 999ms",
    "1000, 1s",
    "59999, 59s",
    "60000, 1m00s",
    "192000, 3m12s",
    "7500000, 2h05m",
    "356400000, 4d03h",
    "-5, 0ms"
  })
  void timesHaveTwoUnitsAtMost(long millis, String shown) {
    assertThat(Shown.time(millis)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1023, 1023", "1536, 1.5K", "20971520, 20.0M"})
  void bytesAreShort(long bytes, String shown) {
    assertThat(Shown.bytes(bytes)).isEqualTo(shown);
  }

  @Test
  void columnsStandWhateverIsInThem() {
    List<String> lines = new ArrayList<>();
    Table table = new Table(lines::add, "A", "B");
    table.row(List.of("東京", "1"));
    table.row(List.of("e\u0301e\u0301e\u0301", "2"));
    table.row(List.of("abcdef", "3"));
    table.end();
    assertThat(lines)
        .containsExactly("A       B", "東京    1", "e\u0301e\u0301e\u0301     2", "abcdef  3");
  }

  @ParameterizedTest
  @CsvSource({
    "ws://localhost:1/ws, true",
    "ws://127.3.2.1/ws, true",
    "ws://[::1]:8080/ws, true",
    "ws://192.0.2.1/ws, false",
    "ws://127.0.0.1.example.com/ws, false",
    "ws://localhost.example.com/ws, false",
    "ws://[2001:db8::1]/ws, false"
  })
  void onlyWhatIsCertainlyThisMachineIs(URI uri, boolean here) {
    assertThat(Urls.loopback(uri)).isEqualTo(here);
  }
}
