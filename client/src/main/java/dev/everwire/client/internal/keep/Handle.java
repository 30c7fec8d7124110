package dev.everwire.client.internal.keep;

import dev.everwire.client.link.ConnectFailedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** One of the handles on a client; the last that is closed ends it. Safe from any thread. */
public final class Handle {
  /** Connections, threads and waiting calls are gone by then. */
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(1);

  private final Keeper keeper;
  private final Handles handles;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The first. */
  public Handle(Keeper keeper) {
    this(keeper, new Handles());
  }

  private Handle(Keeper keeper, Handles handles) {
    this.keeper = keeper;
    this.handles = handles;
  }

  /**
   * @throws IllegalStateException if the last one was closed
   */
  public Handle another() {
    handles.another();
    return new Handle(keeper, handles);
  }

  /** Waits for the first connection; closes this handle if there is none in time. */
  public void connect(Duration within) {
    try {
      keeper.awaitReady(within);
    } catch (ConnectFailedException e) {
      close();
      throw e;
    }
  }

  /** With the last one waits, a second at most, until everything has ended. Idempotent. */
  public void close() {
    if (!handles.release(closed)) {
      return;
    }
    CompletableFuture<Void> ended = end();
    if (keeper.loop().inAnyLoop()) {
      return; // what is to be waited for happens here
    }
    await(
        keeper.events().telling()
            ? ended
            : CompletableFuture.allOf(ended, keeper.events().ended()));
  }

  /** As {@link #close} without waiting; done at once if another handle is open. */
  public CompletableFuture<Void> closeAsync() {
    return handles.release(closed) ? end() : CompletableFuture.completedFuture(null);
  }

  private CompletableFuture<Void> end() {
    keeper.close();
    return keeper.ended().copy();
  }

  private static void await(CompletableFuture<Void> done) {
    try {
      done.get(CLOSED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // It goes on by itself; nobody is kept waiting for it.
    }
  }
}
