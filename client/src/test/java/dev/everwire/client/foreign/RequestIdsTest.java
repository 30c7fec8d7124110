package dev.everwire.client.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RequestIdsTest {
  private final AtomicLong clock = new AtomicLong(1_700_000_000_000L);
  private final RequestIds ids = new RequestIds(new Random(1), clock::get);

  @Test
  void aUlidHas26CharactersAndBeginsWithItsTime() {
    assertThat(ids.ulid()).matches("01HF7YAT00[0-9A-HJKMNP-TV-Z]{16}");
  }

  @Test
  void idsAreUniqueAndSortInTheOrderTheyWereMade() {
    Set<String> seen = new HashSet<>();
    String last = "";
    for (int i = 0; i < 20_000; i++) {
      if (i % 100 == 0) {
        clock.addAndGet(i % 1_000 == 0 ? -5 : 1); // clocks are set back, too
      }
      String next = ids.ulid();
      assertThat(next).isGreaterThan(last);
      seen.add(next);
      last = next;
    }
    assertThat(seen).hasSize(20_000);
  }

  @Test
  void theSameChanceGivesTheSameIds() {
    assertThat(new RequestIds(new Random(7), () -> 1).ulid())
        .isEqualTo(new RequestIds(new Random(7), () -> 1).ulid())
        .isNotEqualTo(new RequestIds(new Random(8), () -> 1).ulid());
  }

  @Test
  void numbersCountFromOne() {
    assertThat(ids.number() + ids.number()).isEqualTo("12");
  }
}
