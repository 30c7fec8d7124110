package dev.everwire.client.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.Queued;
import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.Offer;
import dev.everwire.session.Observer;
import dev.everwire.session.flow.RateLimiters;
import dev.everwire.session.transport.Loop;
import dev.everwire.testkit.MemoryNetwork;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What other threads see of the queue. */
class CallsTest {
  private final MemoryNetwork network = new MemoryNetwork();
  private final Loop loop = network.dialer().loop();
  private final CompletableFuture<Thread> pressed = new CompletableFuture<>();

  private Calls calls(boolean streams, Executor workers) {
    return new Calls(
        loop,
        WhileAway.queue(4, 10_000, Duration.ofSeconds(30)),
        1_000,
        streams,
        new RateLimiters(loop::now),
        Observer.NONE,
        on -> pressed.complete(Thread.currentThread()),
        workers);
  }

  @Test
  void whileAwayAServerIsThoughtToTakeStreamsUnlessItNeverDoes() {
    assertThat(calls(true, Runnable::run).takesStreams()).isTrue();
    assertThat(calls(false, Runnable::run).takesStreams()).isFalse();
  }

  @Test
  void aListenerIsToldOnAThreadOfItsOwnIfTheWorkersRefuse() throws Exception {
    Calls calls =
        calls(
            true,
            task -> {
              throw new RejectedExecutionException("full");
            });
    for (int i = 0; i < 3; i++) {
      assertThat(calls.notify("note", null)).isEqualTo(Offer.QUEUED);
    }
    assertThat(pressed.get(10, TimeUnit.SECONDS)).isNotEqualTo(Thread.currentThread());
  }

  @Test
  void anAcceptedNotificationIsSeenBeforeTheLoopHasRun() {
    Calls calls = calls(true, Runnable::run);
    assertThat(calls.notify("note", null)).isEqualTo(Offer.QUEUED);
    assertThat(calls.queued().messages()).isEqualTo(1);
    network.runUntilIdle();
    network.advance(Duration.ofSeconds(31));
    assertThat(calls.queued()).isEqualTo(new Queued(0, 0, Duration.ZERO));
  }

  @Test
  void afterTheEndNothingIsAccepted() {
    Calls calls = calls(true, Runnable::run);
    assertThat(calls.notify("note", null)).isEqualTo(Offer.QUEUED);
    loop.execute(() -> calls.end("closed"));
    network.runUntilIdle();
    assertThat(calls.notify("note", null)).isEqualTo(Offer.CLOSED);
    assertThat(calls.queued()).isEqualTo(new Queued(0, 0, Duration.ZERO));
  }
}
