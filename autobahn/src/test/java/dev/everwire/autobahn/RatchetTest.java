package dev.everwire.autobahn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RatchetTest {

  @Test
  void aCaseThatGetsWorseIsNamed() {
    assertThat(compare("1.1 OK OK", "1.1 NON-STRICT OK").worse()).hasSize(1);
    assertThat(compare("1.1 OK OK", "1.1 OK WRONG_CODE").worse()).hasSize(1);
    assertThat(compare("1.1 NON_STRICT OK", "1.1 FAILED OK").worse()).hasSize(1);
  }

  @Test
  void betterInOnePartAndWorseInTheOtherIsWorse() {
    var comparison = compare("1.1 FAILED OK", "1.1 OK UNCLEAN");
    assertThat(comparison.worse()).hasSize(1);
    assertThat(comparison.better()).isEmpty();
  }

  @Test
  void aCaseThatGetsBetterIsNamed() {
    var comparison = compare("1.1 UNIMPLEMENTED OK", "1.1 OK OK");
    assertThat(comparison.worse()).isEmpty();
    assertThat(comparison.better()).hasSize(1);
  }

  @Test
  void informationalIsAsGoodAsOk() {
    var comparison = compare("1.1 OK OK", "1.1 INFORMATIONAL INFORMATIONAL");
    assertThat(comparison.worse()).isEmpty();
    assertThat(comparison.better()).isEmpty();
  }

  @Test
  void aCaseWithoutAnOutcomeIsNamedIfItWasToRun() {
    var ratchet = ratchet("1.1 OK OK", "2.1 OK OK");
    var run = verdicts("1.1 OK OK");
    assertThat(ratchet.compare(run, id -> true).missing()).hasSize(1);
    assertThat(ratchet.compare(run, Cases.parse("1.*")::contains).missing()).isEmpty();
  }

  @Test
  void aCaseWithoutALineIsNamed() {
    assertThat(compare("1.1 OK OK", "1.1 OK OK", "1.2 OK OK").unknown()).hasSize(1);
  }

  @Test
  void aRewriteKeepsTheLinesOfCasesThatWereNotRun(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("expected.txt");
    ratchet("2.9 FAILED OK", "2.10 OK OK").with(verdicts("2.9 OK OK", "1.1 OK OK")).write(file);
    assertThat(Ratchet.read(file).verdicts())
        .containsExactlyElementsOf(verdicts("1.1 OK OK", "2.9 OK OK", "2.10 OK OK"));
  }

  @Test
  void aSecondLineForACaseAndALineWithoutThreeWordsAreRefused() {
    assertThatThrownBy(() -> ratchet("1.1 OK OK", "1.1 OK OK")).hasMessageContaining("two lines");
    assertThatThrownBy(() -> Verdict.parse("1.1 OK")).hasMessageContaining("expected: case");
  }

  @Test
  void patternsMeanWhatTheSuiteTakesThemFor() {
    assertThat(Cases.parse("").contains("13.7.18")).isTrue();
    assertThat(Cases.parse("1.*").contains("1.2.3")).isTrue();
    assertThat(Cases.parse("1.*").contains("12.2.3")).isFalse();
    assertThat(Cases.parse("9.3.1, 2.*").contains("9.3.10")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"expected-server.txt", "expected-client.txt"})
  void everyCaseOfTheSuitePasses(String file) throws Exception {
    Path base = Path.of(System.getProperty("basedir", "."));
    assertThat(Ratchet.read(base.resolve(file)).verdicts())
        .hasSize(517)
        .allMatch(Verdict::passes, "passes");
  }

  private static Ratchet.Comparison compare(String line, String... run) {
    return ratchet(line).compare(verdicts(run), id -> true);
  }

  private static Ratchet ratchet(String... lines) {
    return new Ratchet(verdicts(lines));
  }

  private static List<Verdict> verdicts(String... lines) {
    return Stream.of(lines).map(Verdict::parse).toList();
  }
}
