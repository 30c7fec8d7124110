package dev.everwire.server.internal.session;

import dev.everwire.server.internal.resume.Verdict;
import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings what is said of a token to the loop, once; if nothing is said in time, that. */
final class NonceWait {
  private static final Logger LOG = System.getLogger(NonceWait.class.getName());
  private static final Duration WITHIN = Duration.ofSeconds(5);
  private static final Verdict UNAVAILABLE = new Verdict.Refused(Verdict.Kind.UNAVAILABLE);

  private final Consumer<Verdict> done;
  private final Loop.Timer deadline;
  private boolean over;

  private NonceWait(Loop loop, Consumer<Verdict> done) {
    this.done = done;
    this.deadline = loop.schedule(WITHIN.toNanos(), () -> end(UNAVAILABLE));
  }

  /** On the loop; at once if it is known already. */
  static void on(Loop loop, CompletionStage<Verdict> stage, Consumer<Verdict> done) {
    CompletableFuture<Verdict> verdict = stage.toCompletableFuture();
    if (verdict.isDone()) {
      done.accept(verdict.isCompletedExceptionally() ? UNAVAILABLE : verdict.join());
      return;
    }
    NonceWait wait = new NonceWait(loop, done);
    stage.whenComplete((@Nullable Verdict value, @Nullable Throwable failure) -> {
      if (failure != null) {
        LOG.log(Level.WARNING, "a resume token could not be judged", failure);
      }
      try {
        loop.execute(() -> wait.end(value == null ? UNAVAILABLE : value));
      } catch (RejectedExecutionException e) {
        LOG.log(Level.DEBUG, "a resume token was judged after its loop had ended");
      }
    });
  }

  private void end(Verdict verdict) {
    if (!over) {
      over = true;
      deadline.cancel();
      done.accept(verdict);
    }
  }
}
