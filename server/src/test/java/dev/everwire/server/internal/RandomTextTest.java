package dev.everwire.server.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RandomTextTest {
  @Test
  void namesCanBeTypedAsTheArgumentOfACommand() {
    Random random = new Random(7);
    Set<Character> last = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      String name = RandomText.of(random, 4);
      assertThat(name).matches("[0-9a-zA-Z][0-9a-zA-Z_-]{3}");
      last.add(name.charAt(3));
    }
    assertThat(last).hasSize(64);
  }
}
