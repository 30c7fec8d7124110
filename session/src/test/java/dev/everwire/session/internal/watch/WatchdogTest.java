package dev.everwire.session.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.everwire.session.internal.watch.Watchdog.Finding;
import dev.everwire.session.transport.Loop;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  private static final Executor WATCHER =
      task -> Thread.ofPlatform().daemon().name("everwire-watchdog").start(task);

  private final BlockingQueue<Finding> findings = new LinkedBlockingQueue<>();
  private final Watchdog watchdog = new Watchdog(Duration.ofMillis(1), WATCHER, findings::add);
  private final Clock clock = new Clock();

  @Test
  void aHandlerThatHoldsItsLoopUpIsNamedWhileItDoesWithWhereItStands() throws Exception {
    CountDownLatch freed = new CountDownLatch(1);
    try (Watchdog.Post post = watchdog.post(clock)) {
      Thread loop =
          Thread.ofPlatform()
              .name("loop-7")
              .start(() -> {
                post.enter("slow");
                waitFor(freed);
                post.leave();
              });
      Finding finding = next();
      assertThat(finding.method()).isEqualTo("slow");
      assertThat(finding.thread()).isEqualTo("loop-7");
      assertThat(finding.held()).isGreaterThanOrEqualTo(Duration.ofMillis(1));
      assertThat(finding.stack()).anyMatch(frame -> frame.contains("waitFor"));
      freed.countDown();
      loop.join();
    }
  }

  @Test
  void aHandlerThatGoesOnIsNamedAgainOnlyAfterASecond() throws Exception {
    try (Watchdog.Post post = watchdog.post(clock)) {
      post.enter("slow");
      next();
      clock.stand();
      findings.clear(); // what was found while the clock was being stopped
      clock.forward(Duration.ofSeconds(1));
      assertThat(next().method()).isEqualTo("slow");
      onlyAnotherIsNamed("another");
      post.leave();
    }
  }

  @Test
  void handlersThatEndInTimeAreNotNamedHoweverManyThereAre() throws Exception {
    clock.stand();
    try (Watchdog.Post post = watchdog.post(clock)) {
      for (int i = 0; i < 100_000; i++) {
        post.enter("fast");
        post.leave();
      }
      onlyAnotherIsNamed("another");
      clock.forward(Duration.ofSeconds(5));
      onlyAnotherIsNamed("a third");
    }
  }

  @Test
  void whoIsToldHoldsNoLoopUpAndMayThrow() throws Exception {
    CountDownLatch freed = new CountDownLatch(1);
    Watchdog slow =
        new Watchdog(
            Duration.ofMillis(1),
            WATCHER,
            finding -> {
              findings.add(finding);
              waitFor(freed);
              throw new IllegalStateException("expected by the test");
            });
    try (Watchdog.Post post = slow.post(clock)) {
      post.enter("first");
      assertThat(next().method()).isEqualTo("first");
      try (Watchdog.Post other = slow.post(new Clock())) { // while the one told still waits
        other.enter("second");
        freed.countDown();
        assertThat(next().method()).isEqualTo("second");
        other.leave();
      }
      post.leave();
    }
  }

  @Test
  void aBoundOutOfRangeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Watchdog(Duration.ZERO, WATCHER))
        .withMessageContaining("bound: PT0S");
  }

  /** Takes several looks, so that whatever else was to be named has been. */
  private void onlyAnotherIsNamed(String name) throws InterruptedException {
    try (Watchdog.Post other = watchdog.post(new Clock())) {
      other.enter(name);
      assertThat(next().method()).isEqualTo(name);
      assertThat(findings).isEmpty();
      other.leave();
    }
  }

  private Finding next() throws InterruptedException {
    Finding finding = findings.poll(30, TimeUnit.SECONDS);
    assertThat(finding).isNotNull();
    return finding;
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Advances by a millisecond whenever it is asked, until it is told to stand. */
  private static final class Clock implements Loop {
    private final AtomicLong now = new AtomicLong();
    private volatile boolean stands;

    void stand() {
      stands = true;
    }

    void forward(Duration by) {
      now.addAndGet(by.toNanos());
    }

    @Override
    public long now() {
      return stands ? now.get() : now.addAndGet(1_000_000);
    }

    @Override
    public boolean inLoop() {
      return true;
    }

    @Override
    public Instant wallTime() {
      return Instant.EPOCH;
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable task) {
      throw new UnsupportedOperationException();
    }
  }
}
