package dev.everwire.config.acts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.config.Options;
import dev.everwire.config.word.Option;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Another value of any option changes what the server does. */
final class EveryOptionActsTest {
  /** Those that only a whole application can act on; shown where it is. */
  private static final Set<String> OF_THE_APPLICATION = Set.of("log.format", "log.audit");

  static Stream<Proof> proofs() {
    return Stream.of(
            ServiceActs.all(),
            SessionActs.all(),
            ConnectionActs.all(),
            OutboundActs.all(),
            ConversationActs.all(),
            DrainActs.all(),
            AccessActs.all(),
            AuthActs.all(),
            JwtActs.all(),
            ListenActs.all(),
            TlsActs.all())
        .flatMap(List::stream);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("proofs")
  void anotherValueMakesADifference(Proof proof) throws Exception {
    proof.check();
  }

  @Test
  void noOptionIsLeftOut() {
    Set<String> shown = proofs().map(Proof::option).collect(Collectors.toSet());
    assertThat(options())
        .filteredOn(path -> !shown.contains(path) && !OF_THE_APPLICATION.contains(path))
        .isEmpty();
  }

  @Test
  void nothingElseIsShownAndNothingTwice() {
    assertThat(options()).containsAll(OF_THE_APPLICATION);
    assertThat(proofs().map(Proof::option)).doesNotHaveDuplicates().isSubsetOf(options());
  }

  private static List<String> options() {
    return Options.all().stream().map(Option::path).toList();
  }
}
