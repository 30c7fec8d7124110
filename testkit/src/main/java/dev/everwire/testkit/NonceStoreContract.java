package dev.everwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.spi.NonceStore;
import dev.everwire.spi.NonceStoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link NonceStore} must do, a test for each duty in its Javadoc. An implementation's
 * own test extends this and says how one is opened. All times lie around the present, since a store
 * may have a clock of its own.
 */
public abstract class NonceStoreContract {
  private static final long SECONDS = 20;
  private static final int RIVALS = 8;

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final Instant until = now.plus(Duration.ofHours(1));
  private NonceStore store;

  /** A store that remembers nothing. */
  protected abstract NonceStore open() throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void aNonceIsSpentOnce() throws Exception {
    assertThat(spend("a")).isTrue();
    assertThat(spend("a")).isFalse();
    assertThat(spend("a")).isFalse();
    assertThat(spend("b")).isTrue();
  }

  @Test
  void aLineNeverGoesBack() throws Exception {
    assertThat(advance("a", 7)).isTrue();
    assertThat(advance("a", 7)).isTrue();
    assertThat(advance("a", 6)).isFalse();
    assertThat(advance("a", 9)).isTrue();
    assertThat(advance("a", 8)).isFalse();
    assertThat(advance("a", 7)).isFalse();
    assertThat(advance("a", 9)).isTrue();
    assertThat(advance("b", 1)).isTrue();
  }

  @Test
  void largeNumbersAreNumbers() throws Exception {
    assertThat(advance("a", 9)).isTrue();
    assertThat(advance("a", 10)).isTrue();
    assertThat(advance("a", (1L << 53) - 1)).isTrue();
    assertThat(advance("a", 1L << 52)).isFalse();
  }

  @Test
  void aNonceAndALineOfOneNameAreTwo() throws Exception {
    assertThat(spend("a")).isTrue();
    assertThat(advance("a", 1)).isTrue();
    assertThat(spend("a")).isFalse();
    assertThat(advance("a", 1)).isTrue();
  }

  @Test
  void namesAreWhateverTheyAre() throws Exception {
    for (String name : List.of("x".repeat(256), "ü:{}*?\\\"' \n", "A", "a", "a:1", "a ", "%s")) {
      assertThat(spend(name)).as(name).isTrue();
      assertThat(spend(name)).as(name).isFalse();
      assertThat(advance(name, 2)).as(name).isTrue();
      assertThat(advance(name, 1)).as(name).isFalse();
    }
  }

  @Test
  void aUseIsRememberedUntilItsEndAndOneThatIsMovedUntilTheLaterOne() throws Exception {
    assertThat(get(store.advance("a", 1, now, now.plus(Duration.ofMinutes(10))))).isTrue();
    assertThat(get(store.advance("a", 2, now, until))).isTrue();
    assertThat(get(store.advance("a", 3, now, now.plus(Duration.ofMinutes(5))))).isTrue();
    assertThat(get(store.advance("a", 2, now.plus(Duration.ofMinutes(59)), until))).isFalse();
    assertThat(get(store.spend("a", now, until))).isTrue();
    assertThat(get(store.spend("a", now.plus(Duration.ofMinutes(59)), until))).isFalse();
  }

  @Test
  void ofManyWhoSpendOneNonceOneIsTheFirst() throws Exception {
    for (int round = 0; round < 20; round++) {
      String nonce = "raced-" + round;
      assertThat(raced(i -> store.spend(nonce, now, until))).containsOnlyOnce(true);
    }
  }

  @Test
  void ofManyWhoAdvanceALineNoneGoesBack() throws Exception {
    for (int round = 0; round < 20; round++) {
      String line = "raced-" + round;
      List<Boolean> answers = raced(i -> store.advance(line, i + 1L, now, until));
      assertThat(answers.getLast()).as("the highest").isTrue();
      for (int i = 0; i < RIVALS - 1; i++) {
        assertThat(advance(line, i + 1)).isFalse();
      }
    }
  }

  @Test
  void aClosedStoreDecidesNothing() {
    store.close();
    assertThatThrownBy(() -> spend("a")).hasCauseInstanceOf(NonceStoreException.class);
    assertThatThrownBy(() -> advance("a", 1)).hasCauseInstanceOf(NonceStoreException.class);
    store.close();
  }

  private interface Use {
    CompletionStage<Boolean> by(int rival);
  }

  private static List<Boolean> raced(Use use) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Boolean>> running = new ArrayList<>();
    List<Boolean> answers = new ArrayList<>();
    try (ExecutorService rivals = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < RIVALS; i++) {
        int rival = i;
        running.add(
            rivals.submit(() -> {
              start.await();
              return get(use.by(rival));
            }));
      }
      start.countDown();
      for (Future<Boolean> answer : running) {
        answers.add(answer.get(SECONDS, TimeUnit.SECONDS));
      }
    }
    return answers;
  }

  private boolean spend(String nonce) throws Exception {
    return get(store.spend(nonce, now, until));
  }

  private boolean advance(String line, long number) throws Exception {
    return get(store.advance(line, number, now, until));
  }

  private static boolean get(CompletionStage<Boolean> stage)
      throws InterruptedException, ExecutionException, TimeoutException {
    return stage.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
  }
}
