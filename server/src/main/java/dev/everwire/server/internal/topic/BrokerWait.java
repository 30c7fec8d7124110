package dev.everwire.server.internal.topic;

import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One wait for the broker on behalf of a loop: over exactly once, by the answer or by the deadline.
 * Event loop only.
 */
final class BrokerWait<T> {
  static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final Logger LOG = System.getLogger(BrokerWait.class.getName());

  private final Consumer<@Nullable T> done;
  private final Loop.Timer deadline;
  private boolean over;

  private BrokerWait(Loop loop, Consumer<@Nullable T> done) {
    this.done = done;
    this.deadline = loop.schedule(ANSWER_WITHIN.toNanos(), () -> end(null));
  }

  /**
   * Tells what the broker answered, on the loop; at once if it has already.
   *
   * @param done gets null if the broker failed or did not answer in time
   */
  static <T> void on(Loop loop, CompletionStage<T> stage, Consumer<@Nullable T> done) {
    CompletableFuture<T> answer = stage.toCompletableFuture();
    if (answer.isDone()) {
      done.accept(answer.isCompletedExceptionally() ? null : answer.join());
      return;
    }
    BrokerWait<T> wait = new BrokerWait<>(loop, done);
    stage.whenComplete((@Nullable T value, @Nullable Throwable failure) -> {
      if (failure != null) {
        LOG.log(Level.DEBUG, "broker failed", failure);
      }
      try {
        loop.execute(() -> wait.end(failure == null ? value : null));
      } catch (RejectedExecutionException e) {
        LOG.log(Level.DEBUG, "broker answered after its loop had ended");
      }
    });
  }

  private void end(@Nullable T value) {
    if (!over) {
      over = true;
      deadline.cancel();
      done.accept(value);
    }
  }
}
