package dev.everwire.netty.internal.http;

import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.Loop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Takes the answer to one request, once, from any thread, and brings it to the loop. */
final class PendingReply implements Consumer<HttpReply> {
  private final Loop loop;
  private final Consumer<HttpReply> onLoop;
  private final AtomicBoolean given = new AtomicBoolean();

  PendingReply(Loop loop, Consumer<HttpReply> onLoop) {
    this.loop = loop;
    this.onLoop = onLoop;
  }

  /** Whether nobody answered so far; nobody else can any more. */
  boolean claim() {
    return given.compareAndSet(false, true);
  }

  @Override
  public void accept(HttpReply reply) {
    if (!claim()) {
      throw new IllegalStateException("answered already");
    }
    if (loop.inLoop()) {
      onLoop.accept(reply);
      return;
    }
    try {
      loop.execute(() -> onLoop.accept(reply));
    } catch (RejectedExecutionException e) {
      // the loop is gone, and the connection with it
    }
  }
}
