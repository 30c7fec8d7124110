package dev.everwire.server.internal.access;

import dev.everwire.server.access.AccessRequest;
import dev.everwire.server.access.Authoriser;
import dev.everwire.server.access.Decision;
import dev.everwire.session.transport.Loop;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One question to the authoriser: told exactly once, by its answer or when the time for it is over.
 * If something changed meanwhile the answer may be out of date, and it is asked again. Event loop
 * only.
 */
final class Inquiry {
  static final Duration WITHIN = Duration.ofSeconds(5);

  /** Whom it needs. */
  interface Host {
    /** Null for nobody, and everything is allowed. */
    @Nullable Authoriser authoriser();

    DecisionCache cache();

    void failed(AccessRequest request, Throwable why);
  }

  private final Host host;
  private final Loop loop;
  private final AccessRequest request;
  private final Consumer<@Nullable Decision> then;
  private Loop.@Nullable Timer deadline;
  private int attempt;
  private long generation; // of what was known when the attempt began
  private boolean asking; // inside the authoriser
  private @Nullable Runnable arrived; // while asking
  private boolean over;

  private Inquiry(Host host, Loop loop, AccessRequest request, Consumer<@Nullable Decision> then) {
    this.host = host;
    this.loop = loop;
    this.request = request;
    this.then = then;
  }

  /**
   * @param then told on the loop, perhaps before this returns; null if it could not be decided
   */
  static void ask(Host host, Loop loop, AccessRequest request, Consumer<@Nullable Decision> then) {
    Inquiry inquiry = new Inquiry(host, loop, request, then);
    inquiry.ask();
    if (!inquiry.over) {
      inquiry.deadline = loop.schedule(WITHIN.toNanos(), () -> inquiry.end(null));
    }
  }

  private void ask() {
    generation = host.cache().generation(); // before the authoriser is looked up
    Authoriser authoriser = host.authoriser();
    if (authoriser == null) {
      end(Decision.allow());
      return;
    }
    int mine = ++attempt;
    asking = true;
    try {
      var unused =
          authoriser
              .decide(request)
              .whenComplete((@Nullable Decision decision, @Nullable Throwable failure) ->
                  answered(mine, decision, failure));
    } catch (RuntimeException | Error e) { // nobody must wait for ever, whatever it is
      answered(mine, null, e);
    } finally {
      asking = false;
    }
    Runnable early = arrived;
    if (early != null) {
      arrived = null;
      early.run();
    }
  }

  /** On any thread. */
  private void answered(int which, @Nullable Decision decision, @Nullable Throwable failure) {
    Runnable settle = () -> settle(which, decision, failure);
    if (loop.inLoop() && asking && which == attempt) {
      arrived = settle;
      return;
    }
    try {
      loop.execute(settle);
    } catch (RejectedExecutionException e) {
      // the loop has ended, and who asked with it
    }
  }

  private void settle(int which, @Nullable Decision decision, @Nullable Throwable failure) {
    if (over || which != attempt) {
      return;
    }
    if (decision == null) {
      host.failed(request, failure == null ? new IllegalStateException("decided null") : failure);
      end(null);
    } else if (host.cache().generation() != generation) {
      ask();
    } else {
      host.cache().remember(request, decision, generation, loop.now());
      end(decision);
    }
  }

  private void end(@Nullable Decision decision) {
    if (!over) {
      over = true;
      if (deadline != null) {
        deadline.cancel();
      }
      then.accept(decision);
    }
  }
}
