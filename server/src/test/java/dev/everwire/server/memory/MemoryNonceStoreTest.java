package dev.everwire.server.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.spi.NonceStore;
import dev.everwire.spi.NonceStoreException;
import dev.everwire.testkit.NonceStoreContract;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class MemoryNonceStoreTest extends NonceStoreContract {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:30Z");
  private static final Instant SOON = NOW.plus(Duration.ofMinutes(1));
  private static final Instant LATE = NOW.plus(Duration.ofHours(1));

  @Override
  protected NonceStore open() {
    return new MemoryNonceStore();
  }

  @Test
  void aUseEndsAtItsEndAlsoBeforeItIsSwept() {
    try (MemoryNonceStore store = new MemoryNonceStore()) {
      assertThat(now(store.spend("a", NOW, SOON))).isTrue();
      assertThat(now(store.advance("a", 5, NOW, SOON))).isTrue();

      assertThat(now(store.spend("a", SOON.minusNanos(1), LATE))).isFalse();
      assertThat(now(store.advance("a", 4, SOON.minusNanos(1), LATE))).isFalse();
      assertThat(now(store.spend("a", SOON, LATE))).isTrue();
      assertThat(now(store.advance("a", 4, SOON, LATE))).isTrue();
      assertThat(now(store.spend("a", SOON, LATE))).isFalse();
      assertThat(now(store.advance("a", 3, SOON, LATE))).isFalse();
    }
  }

  @Test
  void whatHasEndedIsForgotten() {
    try (MemoryNonceStore store = new MemoryNonceStore()) {
      for (int i = 0; i < 100; i++) {
        now(store.spend("short " + i, NOW, SOON));
        now(store.advance("moved", i + 1, NOW, i == 50 ? LATE : SOON));
      }
      assertThat(store.size()).isEqualTo(101);
      now(store.spend("another", SOON.plusSeconds(60), LATE));
      assertThat(store.size()).isEqualTo(2);
      now(store.spend("another", LATE.plusSeconds(60), LATE.plusSeconds(120)));
      assertThat(store.size()).isEqualTo(1);
    }
  }

  @Test
  void aFullStoreDecidesNothingNewForgetsNothingAndGoesOnWhenUsesHaveEnded() {
    try (MemoryNonceStore store = new MemoryNonceStore(2)) {
      now(store.spend("a", NOW, SOON));
      now(store.advance("b", 1, NOW, LATE));

      assertThatThrownBy(() -> now(store.spend("c", NOW, LATE)))
          .hasCauseInstanceOf(NonceStoreException.class)
          .hasMessageContaining("full, 2 uses are remembered");
      assertThat(now(store.spend("a", NOW, LATE))).isFalse();
      assertThat(now(store.advance("b", 2, NOW, LATE))).isTrue();
      assertThat(now(store.spend("c", SOON.plusSeconds(60), LATE))).isTrue();
    }
  }

  @Test
  void aBoundBelowOneIsRefused() {
    assertThatThrownBy(() -> new MemoryNonceStore(0)).hasMessage("most: 0 (expected: >= 1)");
  }

  private static boolean now(CompletionStage<Boolean> stage) {
    return stage.toCompletableFuture().join();
  }
}
