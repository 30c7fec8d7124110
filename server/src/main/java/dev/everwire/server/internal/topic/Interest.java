package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Position;
import dev.everwire.spi.Broker;
import dev.everwire.spi.BrokerException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which loops of this node want one topic, and the node's one subscription at the broker. At most
 * one request to the broker is under way, so that a subscribe can never be overtaken by the
 * unsubscribe before it. Safe from any thread.
 */
final class Interest {
  private static final Logger LOG = System.getLogger(Interest.class.getName());
  private static final LoopTopics[] NOBODY = {};

  private enum Link {
    OFF,
    TURNING_ON,
    ON,
    TURNING_OFF,
    /** Nobody was left; a new instance takes over. */
    GONE
  }

  private record Waiter(LoopTopics loop, CompletableFuture<Position> joined) {}

  private final String topic;
  private final Broker broker;
  private final Consumer<Interest> gone;

  private final ReentrantLock lock = new ReentrantLock();
  private Link link = Link.OFF; // guarded by lock
  private LoopTopics[] loops = NOBODY; // guarded by lock; replaced, never changed
  private List<Waiter> waiters = new ArrayList<>(); // guarded by lock
  private @Nullable Position top; // guarded by lock; of what the broker told, null before

  /**
   * @param gone is told when this instance is of no more use
   */
  Interest(String topic, Broker broker, Consumer<Interest> gone) {
    this.topic = topic;
    this.broker = broker;
    this.gone = gone;
  }

  String topic() {
    return topic;
  }

  /**
   * A loop wants to be told from now on. Every publication behind the position that it gets is
   * delivered to it, some perhaps before it has the position.
   *
   * @return where the stream is; null if this instance is of no more use
   */
  @Nullable CompletableFuture<Position> join(LoopTopics loop) {
    CompletableFuture<Position> joined = new CompletableFuture<>();
    boolean turnOn = false;
    lock.lock();
    try {
      if (link == Link.GONE) {
        return null;
      }
      loops = Arrays.copyOf(loops, loops.length + 1);
      loops[loops.length - 1] = loop;
      if (link == Link.ON && top != null) {
        joined.complete(top); // nobody listens yet
      } else {
        waiters.add(new Waiter(loop, joined));
        turnOn = link == Link.OFF;
        if (turnOn) {
          link = Link.TURNING_ON;
        }
      }
    } finally {
      lock.unlock();
    }
    if (turnOn) {
      turnOn();
    }
    return joined;
  }

  /** A loop has no more subscribers. */
  void leave(LoopTopics loop) {
    boolean turnOff;
    lock.lock();
    try {
      loops = Arrays.stream(loops).filter(other -> other != loop).toArray(LoopTopics[]::new);
      waiters.removeIf(waiter -> waiter.loop() == loop);
      turnOff = loops.length == 0 && link == Link.ON;
      if (turnOff) {
        link = Link.TURNING_OFF;
      }
    } finally {
      lock.unlock();
    }
    if (turnOff) {
      turnOff();
    }
  }

  /** The broker told of a publication. */
  LoopTopics[] published(Position at) {
    lock.lock();
    try {
      top = later(top, at);
      return loops;
    } finally {
      lock.unlock();
    }
  }

  LoopTopics[] loops() {
    lock.lock();
    try {
      return loops;
    } finally {
      lock.unlock();
    }
  }

  /** Where the stream is, as far as was heard; null before that. */
  @Nullable Position top() {
    lock.lock();
    try {
      return top;
    } finally {
      lock.unlock();
    }
  }

  private void turnOn() {
    subscribe().whenComplete(this::turnedOn);
  }

  private CompletionStage<Position> subscribe() {
    lock.lock();
    try {
      top = null; // what was told before a pause says nothing
    } finally {
      lock.unlock();
    }
    try {
      return broker.subscribe(topic);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(new BrokerException("subscribe failed", e));
    }
  }

  private void turnedOn(@Nullable Position position, @Nullable Throwable failure) {
    List<Waiter> told;
    Position known = null;
    boolean turnOff = false;
    lock.lock();
    try {
      told = waiters;
      waiters = new ArrayList<>();
      if (position == null || failure != null) {
        link = Link.GONE;
        loops = NOBODY;
      } else {
        known = later(top, position);
        top = known;
        turnOff = loops.length == 0;
        link = turnOff ? Link.TURNING_OFF : Link.ON;
      }
    } finally {
      lock.unlock();
    }
    if (known == null) {
      LOG.log(Level.WARNING, "subscribe failed topic=" + topic, failure);
      gone.accept(this);
    }
    for (Waiter waiter : told) {
      if (known == null) {
        waiter.joined().completeExceptionally(new BrokerException("subscribe failed"));
      } else {
        waiter.joined().complete(known);
      }
    }
    if (turnOff) {
      turnOff();
    }
  }

  private void turnOff() {
    try {
      broker.unsubscribe(topic);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "unsubscribe failed topic=" + topic, e);
    }
    boolean turnOn;
    lock.lock();
    try {
      turnOn = loops.length > 0;
      link = turnOn ? Link.TURNING_ON : Link.GONE;
    } finally {
      lock.unlock();
    }
    if (turnOn) {
      turnOn();
    } else {
      gone.accept(this);
    }
  }

  /** Within an epoch the greater offset; otherwise what was heard last. */
  private static Position later(@Nullable Position former, Position latest) {
    return former != null
            && former.epoch().equals(latest.epoch())
            && former.offset() > latest.offset()
        ? former
        : latest;
  }
}
