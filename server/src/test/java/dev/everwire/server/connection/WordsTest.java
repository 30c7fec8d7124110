package dev.everwire.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WordsTest {
  private enum Colour {
    RED
  }

  @Test
  void aKeyOfKnownTypeCountsItsValues() {
    assertThat(AttributeKey.of("ab", String.class).bytes("é€")).isEqualTo(2 + 5);
    assertThat(AttributeKey.of("ab", byte[].class).bytes(new byte[7])).isEqualTo(9);
    assertThat(AttributeKey.of("ab", Long.class).bytes(7L)).isEqualTo(18);
    assertThat(AttributeKey.of("ab", Colour.class).bytes(Colour.RED)).isEqualTo(18);
  }

  @Test
  void aKeyOfAnotherTypeNeedsAFunction() {
    assertThatThrownBy(() -> AttributeKey.of("list", List.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("type: java.util.List");
    assertThat(AttributeKey.of("list", List.class, list -> 8 * list.size()).bytes(List.of(1, 2)))
        .isEqualTo(20);
    assertThatThrownBy(() -> AttributeKey.of("list", List.class, list -> -1).bytes(List.of()))
        .hasMessage("size: -1 (expected: >= 0)");
    assertThatThrownBy(() -> AttributeKey.of("", Long.class)).hasMessageStartingWith("name: \"\"");
  }

  @Test
  void keysOfOneNameAndTypeAreEqual() {
    assertThat(AttributeKey.of("a", Long.class))
        .isEqualTo(AttributeKey.of("a", Long.class, any -> 1))
        .hasSameHashCodeAs(AttributeKey.of("a", Long.class))
        .isNotEqualTo(AttributeKey.of("a", String.class))
        .isNotEqualTo(AttributeKey.of("b", Long.class))
        .hasToString("a");
  }

  @Test
  void targetsCollectWhatIsExcluded() {
    Targets targets =
        Targets.tags("a", "a", "b").except("x").except(Set.of("y")).exceptClients("u", "c");
    assertThat(targets.by()).isEqualTo(Targets.By.TAG);
    assertThat(targets.names()).containsExactlyInAnyOrder("a", "b");
    assertThat(Targets.clientsOf("u", "c").except("x").user()).contains("u");
    assertThat(Targets.all()).hasToString("ALL");
  }

  @Test
  void aReportSaysWhetherAnybodyGotIt() {
    Report nobody = new Report(2, 0, 0, 1, 1, List.of(new Report.Failure("n-1", "gone")));
    assertThat(nobody.allFailed()).isTrue();
    assertThatThrownBy(nobody::orThrow)
        .isInstanceOfSatisfying(
            SendFailedException.class, e -> assertThat(e.report()).isEqualTo(nobody))
        .hasMessage("delivered to none of 2: gone");
    Report empty = new Report(0, 3, 0, 0, 0, List.of());
    assertThat(empty.orThrow()).isSameAs(empty);
    assertThat(new Report(2, 0, 1, 0, 1, List.of()).allFailed()).isFalse();
  }
}
