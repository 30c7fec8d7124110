package dev.everwire.it.soak;

import dev.everwire.client.Client;
import dev.everwire.protocol.FaultException;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.testkit.Await;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Calls all the time: what may run once only, what may run twice, and what it soon gives up. */
final class Caller implements Runnable {
  private static final Duration PAUSE = Duration.ofMillis(5);

  /** How all calls together ended. */
  static final class Tally {
    final LongAdder made = new LongAdder();
    final LongAdder answered = new LongAdder();
    final LongAdder perhaps = new LongAdder(); // may have been executed
    final LongAdder never = new LongAdder(); // was not
    final LongAdder cancelled = new LongAdder();
    final LongAdder refused = new LongAdder();

    long ended() {
      return answered.sum() + perhaps.sum() + never.sum() + cancelled.sum() + refused.sum();
    }

    @Override
    public String toString() {
      return "%,d calls: %,d answered, %,d perhaps executed, %,d not, %,d cancelled, %,d refused"
          .formatted(
              made.sum(),
              answered.sum(),
              perhaps.sum(),
              never.sum(),
              cancelled.sum(),
              refused.sum());
    }
  }

  private final int number;
  private final Client client;
  private final Numbers numbers;
  private final Tally tally;
  private volatile boolean enough;
  private volatile @Nullable String wrong;

  Caller(int number, Client client, Tally tally) {
    this.number = number;
    this.client = client;
    this.numbers = client.proxy(Numbers.class);
    this.tally = tally;
  }

  void enough() {
    enough = true;
  }

  @Nullable String wrong() {
    return wrong;
  }

  @Override
  public void run() {
    for (long count = 1; !enough; count++) {
      once(count);
      twice(count);
      giveUp(count);
      Await.pass(PAUSE);
    }
  }

  private void once(long count) {
    tally.made.increment();
    try {
      check("once", count, numbers.once(number, count));
    } catch (ConnectionLostException e) {
      (e.maybeExecuted() ? tally.perhaps : tally.never).increment();
    } catch (FaultException e) {
      wrong = "once: " + e;
      tally.refused.increment();
    }
  }

  /** Is sent again as often as it takes. */
  private void twice(long count) {
    tally.made.increment();
    try {
      check("twice", 2 * count, numbers.twice(count));
    } catch (FaultException e) {
      wrong = "twice: " + e;
      tally.refused.increment();
    }
  }

  private void giveUp(long count) {
    tally.made.increment();
    CompletableFuture<?> call =
        client.callAsync("numbers.twice", Map.of("number", count), Long.class, CallOptions.DEFAULT);
    (call.cancel(true) ? tally.cancelled : tally.answered).increment();
  }

  private void check(String what, long expected, long answer) {
    tally.answered.increment();
    if (answer != expected) {
      wrong = what + ": " + answer + " (expected: " + expected + ")";
    }
  }
}
