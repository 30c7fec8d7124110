package dev.everwire.client.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The shell around {@link SnapshotSync}: who is called, when, and what becomes of failures. */
class SyncedFeedTest {
  private record Due(long at, Runnable task) {}

  /** Time that the test moves. */
  private static final class TestClock implements SyncedFeed.Clock {
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at));
    private long now;

    @Override
    public long now() {
      return now;
    }

    @Override
    public void schedule(long nanos, Runnable task) {
      due.add(new Due(now + nanos, task));
    }

    void advance(Duration by) {
      long until = now + by.toNanos();
      for (Due next = due.peek(); next != null && next.at() <= until; next = due.peek()) {
        due.remove();
        now = next.at();
        next.task().run();
      }
      now = until;
    }
  }

  private final TestClock clock = new TestClock();
  private final List<CompletableFuture<Snapshot<String>>> asked = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private boolean broken;
  private Runnable onLoad = () -> {};

  private final SyncedFeed.Book<String, String> book =
      new SyncedFeed.Book<>() {
        @Override
        public void load(Snapshot<String> snapshot) {
          log.add("load " + snapshot.value());
          onLoad.run();
        }

        @Override
        public void apply(String update, SequenceRange range) {
          if (broken) {
            throw new IllegalStateException("not today");
          }
          log.add("apply " + range);
        }

        @Override
        public void doubted(String why) {
          log.add("doubted: " + why);
        }

        @Override
        public void givenUp(String why) {
          log.add("given up");
        }
      };

  @Test
  void updatesThatComeWhileTheSnapshotIsOnItsWayFollowIt() {
    SyncedFeed<String, String> feed = feed(SyncOptions.DEFAULT, Runnable::run);
    feed.restart();
    feed.update(SequenceRange.of(9), "");
    feed.update(SequenceRange.of(10), "");
    assertThat(feed.inSync()).isFalse();

    asked.getFirst().complete(new Snapshot<>("s9", 9));

    assertThat(log).containsExactly("load s9", "apply 10");
    assertThat(feed.inSync()).isTrue();
  }

  @Test
  void afterAGapASnapshotIsFetchedAndTriedAgainWhenItFails() {
    SyncedFeed<String, String> feed = live(SyncOptions.DEFAULT);
    feed.update(SequenceRange.of(3), "");
    assertThat(log).containsExactly("doubted: missing: 2");
    assertThat(asked).hasSize(2);
    log.clear();

    asked.get(1).completeExceptionally(new IllegalStateException("down"));
    assertThat(asked).hasSize(2);
    clock.advance(Duration.ofSeconds(1));
    asked.get(2).complete(new Snapshot<>("s3", 3));

    assertThat(log).containsExactly("load s3");
    assertThat(feed.inSync()).isTrue();
  }

  @Test
  void aSnapshotThatDoesNotComeIsCancelledAndAskedForAgain() {
    SyncedFeed<String, String> feed = feed(SyncOptions.DEFAULT, Runnable::run);
    feed.restart();

    clock.advance(Duration.ofSeconds(11));

    assertThat(asked).hasSize(2);
    assertThat(asked.getFirst()).isCancelled();
    asked.get(1).complete(new Snapshot<>("s", 1));
    assertThat(log).containsExactly("load s");
  }

  @Test
  void aBookThatFailsIsInDoubtAndLoadedAnew() {
    SyncedFeed<String, String> feed = live(SyncOptions.DEFAULT);
    broken = true;
    feed.update(SequenceRange.of(2), "");
    assertThat(log).containsExactly("doubted: book failed: IllegalStateException");
    broken = false;

    asked.get(1).complete(new Snapshot<>("s2", 2));
    feed.update(SequenceRange.of(3), "");

    assertThat(log).endsWith("load s2", "apply 3");
  }

  @Test
  void aSourceThatFailsForEverIsGivenUpAndCanBeBegunAnew() {
    AtomicInteger calls = new AtomicInteger();
    SyncedFeed<String, String> feed =
        new SyncedFeed<>(
            SyncOptions.DEFAULT.attempts(3),
            () -> {
              calls.incrementAndGet();
              throw new IllegalStateException("no network");
            },
            book,
            Runnable::run,
            new Random(1),
            clock);
    feed.restart();
    clock.advance(Duration.ofHours(1));

    assertThat(calls).hasValue(4);
    assertThat(log).containsExactly("given up");
    assertThat(clock.due).isEmpty();

    feed.restart();
    assertThat(calls).hasValue(5);
  }

  @Test
  void updatesThatComeTooFastPutTheStateInDoubt() {
    ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    SyncedFeed<String, String> feed = feed(SyncOptions.DEFAULT.buffered(5), tasks::add);
    feed.restart();
    runAll(tasks);
    asked.getFirst().complete(new Snapshot<>("s0", 0));
    runAll(tasks);
    for (int n = 1; n <= 6; n++) {
      feed.update(SequenceRange.of(n), "");
    }
    runAll(tasks);

    assertThat(log).containsExactly("load s0", "doubted: updates came too fast");
    asked.get(1).complete(new Snapshot<>("s6", 6));
    runAll(tasks);
    assertThat(feed.inSync()).isTrue();
  }

  @Test
  void howeverManyComeTooFastItIsToldOnceAndAnOldSnapshotIsNotTaken() {
    ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    SyncedFeed<String, String> feed = feed(SyncOptions.DEFAULT.buffered(1), tasks::add);
    feed.restart();
    runAll(tasks);
    asked.getFirst().complete(new Snapshot<>("s0", 0));
    runAll(tasks);
    for (int n = 1; n <= 99; n++) { // an odd number, so that none is left to show the hole
      feed.update(SequenceRange.of(n), "");
    }
    feed.update(SequenceRange.of(100), "");
    runAll(tasks);
    assertThat(log).containsExactly("load s0", "doubted: updates came too fast");

    asked.get(1).complete(new Snapshot<>("s50", 50));
    runAll(tasks);
    assertThat(feed.inSync()).isFalse();
    assertThat(log).hasSize(2);
    clock.advance(Duration.ofSeconds(1));
    runAll(tasks);
    asked.get(2).complete(new Snapshot<>("s100", 100));
    runAll(tasks);
    assertThat(log).endsWith("load s100");
    assertThat(feed.inSync()).isTrue();
  }

  @Test
  void closedByItsBookItDoesNothingMore() {
    SyncedFeed<String, String> feed = feed(SyncOptions.DEFAULT, Runnable::run);
    feed.restart();
    feed.update(SequenceRange.of(1), "");
    feed.update(SequenceRange.of(2), "");
    onLoad = feed::close;

    asked.getFirst().complete(new Snapshot<>("s0", 0));

    assertThat(log).containsExactly("load s0");
  }

  @Test
  void closedItDoesNothingMore() {
    SyncedFeed<String, String> feed = live(SyncOptions.DEFAULT);
    feed.update(SequenceRange.of(5), "");
    feed.close();
    feed.close();
    log.clear();

    assertThat(asked.get(1)).isCancelled();
    feed.update(SequenceRange.of(6), "");
    feed.restart();
    clock.advance(Duration.ofHours(1));
    assertThat(log).isEmpty();
    assertThat(asked).hasSize(2);
    assertThat(feed.inSync()).isFalse();
  }

  @Test
  void anExecutorThatTakesNoTasksClosesIt() {
    SyncedFeed<String, String> feed =
        feed(
            SyncOptions.DEFAULT,
            task -> {
              throw new RejectedExecutionException("shut down");
            });

    feed.restart();

    assertThat(feed.inSync()).isFalse();
    assertThat(asked).isEmpty();
  }

  @Test
  void manyThreadsAndTheRealClockLeaveTheBookCalledOneAtATime() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger together = new AtomicInteger();
    CountDownLatch reached = new CountDownLatch(1);
    SyncedFeed.Book<Long, String> counting =
        new SyncedFeed.Book<>() {
          private long at;

          @Override
          public void load(Snapshot<Long> snapshot) {
            at = snapshot.value();
            looked();
          }

          @Override
          public void apply(String update, SequenceRange range) {
            assertThat(range.first()).isEqualTo(at + 1);
            at = range.last();
            looked();
          }

          @Override
          public void doubted(String why) {
            looked();
          }

          @Override
          public void givenUp(String why) {
            looked();
          }

          private void looked() {
            together.accumulateAndGet(inside.incrementAndGet(), Math::max);
            inside.decrementAndGet();
            if (at >= 1_000) {
              reached.countDown();
            }
          }
        };
    AtomicInteger sent = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        SyncedFeed<Long, String> feed =
            new SyncedFeed<>(
                SyncOptions.DEFAULT
                    .attempts(1_000)
                    .delays(Duration.ofMillis(1), Duration.ofMillis(2)),
                () -> {
                  long last = sent.get();
                  return CompletableFuture.supplyAsync(() -> new Snapshot<>(last, last), threads);
                },
                counting,
                threads,
                new Random(1))) {
      feed.restart();
      for (int n = 1; n <= 1_000; n++) {
        sent.set(n);
        if (n % 100 != 7) {
          feed.update(SequenceRange.of(n), "");
        }
      }
      assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(together).hasValue(1);
  }

  private SyncedFeed<String, String> feed(SyncOptions options, Executor executor) {
    return new SyncedFeed<>(
        options,
        () -> {
          CompletableFuture<Snapshot<String>> snapshot = new CompletableFuture<>();
          asked.add(snapshot);
          return snapshot;
        },
        book,
        executor,
        new Random(1),
        clock);
  }

  private SyncedFeed<String, String> live(SyncOptions options) {
    SyncedFeed<String, String> feed = feed(options, Runnable::run);
    feed.restart();
    asked.getFirst().complete(new Snapshot<>("s1", 1));
    assertThat(log).containsExactly("load s1");
    log.clear();
    return feed;
  }

  private static void runAll(ArrayDeque<Runnable> tasks) {
    for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
      next.run();
    }
  }
}
