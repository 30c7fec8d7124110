package dev.everwire.client.internal.keep;

import dev.everwire.client.internal.lifecycle.End;
import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.session.transport.Loop;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** What whoever connects a client waits for. */
final class FirstConnection {
  private final URI server;
  private final Loop loop;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private String lastFailure = "no answer"; // event loop only

  /**
   * @param server for people
   */
  FirstConnection(URI server, Loop loop) {
    this.server = server;
    this.loop = loop;
  }

  // ---- on the loop

  void failed(String why) {
    lastFailure = why;
  }

  void made() {
    ready.complete(null);
  }

  /** There will be none, unless there was one. From any thread. */
  void never(End end) {
    int httpStatus = end instanceof End.Refused(int refused, var message) ? refused : 0;
    ready.completeExceptionally(new ConnectFailedException(server + ": " + end.why(), httpStatus));
  }

  // ---- from any thread

  /**
   * Waits for it.
   *
   * @param giveUp is told why, on the loop, when the time is over; {@link #never} has to follow
   * @throws ConnectFailedException it was not made within that time, or never will be
   */
  void await(Duration within, Consumer<String> giveUp) {
    if (loop.inAnyLoop()) {
      throw new IllegalStateException("connect: would block the event loop (expected: start)");
    }
    Loop.Timer limit =
        loop.schedule(
            within.toNanos(),
            () -> {
              if (!ready.isDone()) {
                giveUp.accept("not connected within " + within + ": " + lastFailure);
              }
            });
    try {
      ready.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectFailedException(server + ": interrupted", 0);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ConnectFailedException failed) {
        throw new ConnectFailedException(String.valueOf(failed.getMessage()), failed.httpStatus());
      }
      throw new IllegalStateException(e);
    } finally {
      limit.cancel();
    }
  }
}
