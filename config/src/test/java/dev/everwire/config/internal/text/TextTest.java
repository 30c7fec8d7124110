package dev.everwire.config.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.config.problem.Findings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TextTest {

  @ParameterizedTest
  @CsvSource({
    "0s, 0, 0s", "0ms, 0, 0s", "500ms, 500, 500ms", "1000ms, 1000, 1s", "90s, 90000, 90s",
    "60s, 60000, 1m", "2m, 120000, 2m", "1h, 3600000, 1h", "24h, 86400000, 1d",
        "30d, 2592000000, 30d",
    "36525d, 3155760000000, 36525d",
  })
  void aDurationIsANumberAndAUnit(String text, long millis, String written) {
    assertThat(Durations.parse(text)).contains(Duration.ofMillis(millis));
    assertThat(Durations.write(Duration.ofMillis(millis))).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s",
        "1",
        "-1s",
        "1.5s",
        "1 s",
        " 1s",
        "1S",
        "1M",
        "1min",
        "1us",
        "1h30m",
        "PT1S",
        "36526d",
        "999999999999999d",
        "9999999999999999ms",
        "١s"
      })
  void anythingElseIsNone(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1000, 1000, 1000",
    "1024, 1024, 1KiB",
    "64KiB, 65536, 64KiB",
    "1024KiB, 1048576, 1MiB",
    "10MiB, 10485760, 10MiB",
    "2GiB, 2147483648, 2GiB",
    "17B, 17, 17",
    "1000000GiB, 1073741824000000, 1000000GiB",
  })
  void aSizeIsANumberAndPerhapsAUnit(String text, long bytes, String written) {
    assertThat(Sizes.parse(text)).hasValue(bytes);
    assertThat(Sizes.write(bytes)).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "KiB",
        "-1",
        "1.5MiB",
        "1 KiB",
        "1KB",
        "1kib",
        "1M",
        "1TiB",
        "1000001GiB",
        "9999999999999"
      })
  void anythingElseIsNoSize(String text) {
    assertThat(Sizes.parse(text)).isEmpty();
  }

  @Test
  void theNearestWordIsTheOneThatDiffersLeast() {
    List<String> words = List.of("port", "path", "host", "proxyProtocol");
    assertThat(Nearest.of("prot", words)).contains("port");
    assertThat(Nearest.of("HOST", words)).contains("host");
    assertThat(Nearest.of("proxyprotocoll", words)).contains("proxyProtocol");
    assertThat(Nearest.of("xyz", words)).isEmpty();
    assertThat(Nearest.of("p".repeat(100_000), words)).isEmpty();
    assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
  }

  static Stream<String> texts() {
    return Stream.of(
        "plain",
        "",
        " ",
        " a",
        "a ",
        "a: b",
        "a:",
        "a #b",
        "#a",
        "- a",
        "-",
        "?",
        "*",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a",
        "\"",
        "'",
        "a'b",
        "\\",
        "a,b",
        "[a]",
        "{a}",
        "true",
        "No",
        "null",
        "~",
        "1",
        "1.5",
        "0x1f",
        "1e3",
        "12:30",
        "2020-01-01",
        "a\nb",
        "a\tb",
        "\u0007",
        "\u0085",
        "\u2028",
        "\uFEFFa",
        "🙂",
        "é",
        "x".repeat(2_000),
        "a  b",
        "<<",
        "=",
        "|",
        ">",
        "---",
        "...",
        "127.0.0.1",
        "https://a.example:8443/?a=b&c=d#e",
        "rw-rw----",
        "/a/b",
        "none");
  }

  /** In a file, in a list and in a section. */
  @ParameterizedTest
  @MethodSource("texts")
  void aTextIsReadAsItWasWritten(String text) {
    String written = Quotes.yaml(text);
    for (String yaml :
        List.of("k: " + written, "k: [" + written + "]", "k: {k: " + written + "}")) {
      Findings findings = new Findings();
      Node node = YamlReader.file("f", yaml, findings);
      assertThat(findings.problems()).as(yaml).isEmpty();
      assertThat(scalar(Objects.requireNonNull(node))).as(yaml).isEqualTo(text);
    }
  }

  private static String scalar(Node node) {
    return switch (node) {
      case Node.Scalar scalar -> scalar.text();
      case Node.Listing listing -> scalar(listing.elements().getFirst());
      case Node.Table table -> scalar(table.entries().getFirst().value());
    };
  }

  @Test
  void whatIsShownIsOneShortLine() {
    assertThat(Quotes.shown("a\nb\u0000c\uD83D\uDE42")).isEqualTo("\"a?b?c??\"");
    assertThat(Quotes.shown("\u202Ea\u200B\u2028")).isEqualTo("\"?a??\"");
    assertThat(Quotes.shown("x".repeat(1_000))).hasSize(63);
  }

  @Test
  void nothingGrowsByBeingRead() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    Findings findings = new Findings();
    assertThat(YamlReader.file("f", bomb.toString(), findings)).isNull();
    assertThat(findings.problems()).singleElement().asString().contains("an anchor or alias");
  }

  @Test
  void aLongTextIsRefusedUnread() {
    Findings findings = new Findings();
    assertThat(YamlReader.file("f", "a".repeat((1 << 20) + 1), findings)).isNull();
    assertThat(findings.problems()).singleElement().asString().contains("1048577 characters");
  }

  @Test
  void nothingIsNothing() {
    Findings findings = new Findings();
    for (String text : List.of("", "\n", "# only a comment\n", "---\n", "--- \n...\n")) {
      assertThat(YamlReader.file("f", text, findings)).as(text).isNull();
    }
    assertThat(findings.clean()).isTrue();
  }
}
