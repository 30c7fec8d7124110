package dev.everwire.it.soak;

import dev.everwire.client.Event;
import dev.everwire.client.Subscription;
import dev.everwire.protocol.Position;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Reads one topic to its end and holds it to its numbers: what is published is its offset. */
final class Follower implements Runnable {

  /** What all followers saw together. */
  static final class Tally {
    final LongAdder events = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder missing = new LongAdder(); // said to be

    @Override
    public String toString() {
      return "%,d events, %d gaps of %d".formatted(events.sum(), gaps.sum(), missing.sum());
    }
  }

  private final Subscription<Long> subscription;
  private final Tally tally;
  private volatile long last; // of the numbers seen; written by the thread that runs this
  private volatile @Nullable String wrong;

  Follower(Subscription<Long> subscription, Tally tally) {
    this.subscription = subscription;
    this.tally = tally;
  }

  long last() {
    return last;
  }

  /** What was not as it had to be, or null. */
  @Nullable String wrong() {
    return wrong;
  }

  /** Waits until it is subscribed. */
  void awaitBegun(Duration within) throws Exception {
    subscription.confirmed().get(within.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void run() {
    try {
      last = subscription.confirmed().get().offset();
      for (Event<Long> event : subscription) {
        switch (event) {
          case Event.Item<Long>(Long number, Position at) -> item(number, at);
          case Event.Gap<Long>(String reason, Position from, Position to) -> gap(from, to);
        }
      }
    } catch (RuntimeException | InterruptedException | ExecutionException e) {
      wrong = subscription.topic() + " ended: " + e;
    }
  }

  private void item(long number, Position at) {
    if (number != at.offset() || number != last + 1) {
      wrong = subscription.topic() + " behind " + last + ": " + number + " at " + at;
    }
    last = number;
    tally.events.increment();
  }

  private void gap(Position from, Position to) {
    if (from.offset() != last || !from.epoch().equals(to.epoch())) {
      wrong = subscription.topic() + " behind " + last + ": gap " + from + " to " + to;
    }
    last = to.offset();
    tally.gaps.increment();
    tally.missing.add(to.offset() - from.offset());
  }
}
