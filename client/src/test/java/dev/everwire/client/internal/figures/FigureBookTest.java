package dev.everwire.client.internal.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.Figures;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FigureBookTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

  private final FigureBook book = new FigureBook();

  private void attempt(boolean success, long now) {
    book.began("wss://a", THEN.plusNanos(now), now);
    if (success) {
      book.succeeded(now);
    } else {
      book.failed("refused at " + now, now);
    }
  }

  @Test
  void nothingHappenedYet() {
    Figures none = book.figures(5);
    assertThat(none.attempts()).isZero();
    assertThat(none.successRate()).isEqualTo(1);
    assertThat(none.uptime()).isZero();
    assertThat(none.lastError()).isEmpty();
    assertThat(none.history()).isEmpty();
    assertThat(none.healthy()).isFalse();
  }

  @Test
  void anAttemptIsRememberedWithItsEndpointItsTimeAndItsEnd() {
    book.began("wss://a", THEN, 0);
    book.failed("HTTP 503", 2 * SECOND);
    book.began("wss://b", THEN.plusSeconds(3), 3 * SECOND);
    book.succeeded(4 * SECOND);
    Figures figures = book.figures(4 * SECOND);
    assertThat(figures.attempts()).isEqualTo(2);
    assertThat(figures.successes()).isEqualTo(1);
    assertThat(figures.successRate()).isEqualTo(0.5);
    assertThat(figures.lastError()).hasValue("HTTP 503");
    Figures.Attempt first = figures.history().getFirst();
    assertThat(first.endpoint()).isEqualTo("wss://a");
    assertThat(first.began()).isEqualTo(THEN);
    assertThat(first.took()).isEqualTo(Duration.ofSeconds(2));
    assertThat(first.failure()).hasValue("HTTP 503");
    assertThat(first.succeeded()).isFalse();
    assertThat(figures.history().getLast().succeeded()).isTrue();
    assertThat(figures.history().getLast().took()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void theLastTenAttemptsAreKeptOldestFirst() {
    for (int i = 0; i < 25; i++) {
      attempt(false, i);
    }
    Figures figures = book.figures(25);
    assertThat(figures.attempts()).isEqualTo(25);
    assertThat(figures.history()).hasSize(10);
    assertThat(figures.history().getFirst().failure()).hasValue("refused at 15");
    assertThat(figures.history().getLast().failure()).hasValue("refused at 24");
  }

  @Test
  void uptimeIsOfThisConnectionAndOfAllTogether() {
    attempt(true, 10 * SECOND);
    book.lost("1006", 40 * SECOND);
    assertThat(book.figures(50 * SECOND).uptime()).isZero();
    assertThat(book.figures(50 * SECOND).totalUptime()).isEqualTo(Duration.ofSeconds(30));
    assertThat(book.figures(50 * SECOND).lastError()).hasValue("1006");
    attempt(true, 60 * SECOND);
    assertThat(book.figures(65 * SECOND).uptime()).isEqualTo(Duration.ofSeconds(5));
    assertThat(book.figures(65 * SECOND).totalUptime()).isEqualTo(Duration.ofSeconds(35));
    book.ended(70 * SECOND);
    assertThat(book.figures(99 * SECOND).totalUptime()).isEqualTo(Duration.ofSeconds(40));
    assertThat(book.figures(99 * SECOND).lastError()).hasValue("1006");
  }

  @ParameterizedTest(name = "{0} failures, {1} successes and up for {2} s: {3}")
  @CsvSource({
    "0, 1, 59, false",
    "0, 1, 60, true",
    "1, 9, 60, true",
    "1, 8, 60, false",
    "1, 8, 86400, false",
    "10, 90, 60, true"
  })
  void healthIsNineOfTenAttemptsAndAMinute(
      int failures, int successes, long upForSeconds, boolean healthy) {
    for (int i = 0; i < failures; i++) {
      attempt(false, 0);
    }
    for (int i = 0; i < successes; i++) {
      attempt(true, 0);
      if (i < successes - 1) {
        book.lost("1006", 0);
      }
    }
    assertThat(book.figures(upForSeconds * SECOND).healthy()).isEqualTo(healthy);
  }

  @Test
  void anAttemptEndsOnce() {
    book.began("wss://a", THEN, 0);
    book.failed("first", 1);
    book.failed("second", 2);
    book.succeeded(3);
    book.lost("never up", 4);
    assertThat(book.figures(5).attempts()).isEqualTo(1);
    assertThat(book.figures(5).lastError()).hasValue("first");
    assertThat(book.figures(5).totalUptime()).isZero();
  }

  @Test
  void anAttemptThatTheUserEndedCountsForNothing() {
    book.began("wss://a", THEN, 0);
    book.abandoned();
    assertThat(book.figures(1).attempts()).isZero();
    assertThat(book.figures(1).history()).isEmpty();
  }

  @Test
  void anAttemptThatNobodyEndedHasFailedWhenTheNextBegins() {
    book.began("wss://a", THEN, 0);
    book.began("wss://b", THEN, SECOND);
    book.succeeded(SECOND);
    assertThat(book.figures(SECOND).history().getFirst().failure()).hasValue("given up");
    assertThat(book.figures(SECOND).attempts()).isEqualTo(2);
  }
}
