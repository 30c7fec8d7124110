package dev.everwire.client;

import dev.everwire.client.internal.topic.Ending;
import dev.everwire.client.internal.topic.EventBuffer;
import dev.everwire.client.internal.topic.Piece;
import dev.everwire.client.internal.topic.Reader;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Position;
import dev.everwire.session.Observed;
import dev.everwire.session.Observer;
import dev.everwire.session.transport.Loop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a topic tells one subscription: events for its buffer, and once that the server has
 * confirmed it. On one event loop after another, where its topic is; except where a method says
 * otherwise.
 */
final class SubscriptionReader implements Reader {
  private final String topic;
  private final EventBuffer buffer;
  private final Executor workers;
  private final Observer observer;
  private final Runnable ended;
  private final CompletableFuture<Position> confirmed = new CompletableFuture<>();
  private final AtomicBoolean settled = new AtomicBoolean(); // whether it was decided how it ends
  private @Nullable Position start;
  // Set on the loop where it begins, cancelled where it was confirmed.
  private volatile Loop.@Nullable Timer deadline;

  /**
   * @param workers completes the confirmation, because the user's code may hang on it
   * @param observer is told when the reader falls behind
   * @param ended called when nothing more comes from the topic
   */
  SubscriptionReader(
      String topic, EventBuffer buffer, Executor workers, Observer observer, Runnable ended) {
    this.topic = topic;
    this.buffer = buffer;
    this.workers = workers;
    this.observer = Observer.guarded(observer);
    this.ended = ended;
  }

  /** Safe from any thread. */
  CompletableFuture<Position> confirmation() {
    return confirmed.copy();
  }

  /** Runs when it was neither confirmed nor ended in time. */
  void confirmWithin(Loop loop, long nanos, Runnable late) {
    if (!settled.get()) {
      deadline = loop.schedule(nanos, late);
    }
  }

  /** Not confirmed in time; the subscription goes on. False if it was settled before. */
  boolean late(String why) {
    return fail(why, null);
  }

  /** Nobody reads it any more. Safe from any thread. */
  void closed(String why) {
    forgetDeadline();
    fail(why, null);
  }

  @Override
  public void begin(Position position) {
    if (start == null) { // elsewhere it goes on
      start = position;
      buffer.begin(position);
    }
  }

  @Override
  public void confirmed() {
    Position position = start;
    if (position != null && settled.compareAndSet(false, true)) {
      forgetDeadline();
      complete(() -> confirmed.complete(position));
    }
  }

  @Override
  public void piece(Piece piece) {
    if (buffer.piece(piece)) {
      observer.on(new Observed.SubscriptionLagged(topic, 1));
    }
  }

  @Override
  public void end(Ending ending) {
    forgetDeadline();
    ended.run();
    buffer.end(ending);
    switch (ending) {
      case Ending.Closed(String why) -> fail(why, null);
      case Ending.Refused(Fault fault) -> fail("refused: " + describe(fault), fault);
      case Ending.Lost(String why) -> fail(why, null);
      case Ending.Overflowed(String why) -> fail(why, null);
    }
  }

  /** Not attached any more. */
  void detached() {
    if (settled.get()) {
      forgetDeadline();
    }
  }

  private void forgetDeadline() {
    Loop.Timer timer = deadline;
    if (timer != null) {
      timer.cancel();
      deadline = null;
    }
  }

  static String describe(Fault fault) {
    return fault.message() + " (" + fault.code() + ")";
  }

  private boolean fail(String why, @Nullable Fault fault) {
    if (!settled.compareAndSet(false, true)) {
      return false;
    }
    complete(
        () -> confirmed.completeExceptionally(new SubscriptionFailedException(topic, why, fault)));
    return true;
  }

  private void complete(Runnable completion) {
    try {
      workers.execute(completion);
    } catch (RejectedExecutionException e) {
      Thread.ofVirtual().name("everwire-worker").start(completion); // rather there than never
    }
  }
}
