package dev.everwire.client;

import dev.everwire.client.internal.topic.Ending;
import dev.everwire.client.internal.topic.EventBuffer;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.session.Observer;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The place of one subscription among the readers of its topic: at one client or, in a pool, at one
 * after another. It leaves the one before it enters the next, and goes on there behind what it got
 * last. Safe from any thread.
 */
final class Place {
  private final String topic;
  private final SubscriptionOptions how;
  private final EventBuffer buffer;
  private final SubscriptionReader reader;
  private final Consumer<Place> left;

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Home wanted; // guarded by lock; null for nowhere
  private @Nullable Home at; // guarded by lock; where the reader is attached
  private boolean moving; // guarded by lock; one step at a time
  private long turn; // guarded by lock; steps that were begun in a former turn are not taken
  private boolean entered; // of steps only; whether it was anywhere before

  /**
   * @param left called when the subscription has ended, whoever ended it; perhaps twice
   */
  Place(
      String topic,
      SubscriptionOptions how,
      Executor workers,
      Observer observer,
      Consumer<Place> left) {
    this.topic = topic;
    this.how = how;
    this.buffer = new EventBuffer(how.room(), this::leave);
    this.reader = new SubscriptionReader(topic, buffer, workers, observer, () -> left.accept(this));
    this.left = left;
  }

  String topic() {
    return topic;
  }

  <T> Subscription<T> subscription(Class<T> type, ValueCodec values, Home first) {
    return new Subscription<>(
        topic, type, buffer, reader, values, first.keeper().loop(), this::leave);
  }

  /** Begins, or goes on, there. */
  void goTo(Home home) {
    want(home);
  }

  /** As {@link #goTo} where the loop on which it is, or is to be, may not go on for long. */
  void goNow(Home home) {
    long mine;
    lock.lock();
    try {
      wanted = home;
      moving = true;
      mine = ++turn;
    } finally {
      lock.unlock();
    }
    step(mine, true);
  }

  /** Leaves at once if it is still there, for where it is wanted. By that client's loop. */
  void leaveNow(Home home) {
    long mine;
    lock.lock();
    try {
      if (!home.equals(at)) {
        return;
      }
      moving = true;
      mine = ++turn;
    } finally {
      lock.unlock();
    }
    step(mine, true);
  }

  /** Nobody will have it any more. */
  void end(Ending why) {
    reader.end(why);
  }

  void leave() {
    left.accept(this);
    // Later also where it is called on the loop: the topic may be telling its readers something.
    want(null);
  }

  private void want(@Nullable Home home) {
    long mine;
    lock.lock();
    try {
      wanted = home;
      if (moving) {
        return;
      }
      moving = true;
      mine = ++turn;
    } finally {
      lock.unlock();
    }
    step(mine, false);
  }

  /** One step nearer to where it shall be; the next when that is done. */
  private void step(long mine, boolean atOnce) {
    Home from;
    Home to;
    lock.lock();
    try {
      if (mine != turn) {
        return;
      }
      from = at;
      to = wanted;
      moving = !Objects.equals(from, to);
    } finally {
      lock.unlock();
    }
    if (Objects.equals(from, to)) {
      return;
    }
    if (from == null) {
      enter(mine, to);
    } else if (atOnce && from.inLoop()) {
      detach(mine, from);
    } else if (!from.execute(() -> detach(mine, from))) {
      detached(mine); // the loop has ended, and everything with it
    }
  }

  private void detach(long mine, Home from) {
    if (current(mine)) {
      from.topics().detach(topic, reader);
      reader.detached();
      detached(mine);
    }
  }

  private void detached(long mine) {
    lock.lock();
    try {
      at = mine == turn ? null : at;
    } finally {
      lock.unlock();
    }
    step(mine, false);
  }

  private void enter(long mine, @Nullable Home to) {
    if (to == null || to.execute(() -> attach(mine, to))) {
      return;
    }
    lock.lock();
    try {
      if (mine != turn) {
        return;
      }
      moving = false;
      wanted = null;
    } finally {
      lock.unlock();
    }
    reader.end(new Ending.Closed("client closed"));
  }

  private void attach(long mine, Home to) {
    boolean still;
    lock.lock();
    try {
      still = mine == turn && to.equals(wanted);
      at = still ? to : at;
    } finally {
      lock.unlock();
    }
    if (still) {
      Position last = buffer.last();
      Position since = last == null ? how.since().orElse(null) : last;
      if (entered) {
        to.topics().join(topic, reader, since);
      } else {
        entered = true;
        to.topics().attach(topic, reader, since, how.confirmWithin());
      }
    }
    step(mine, false);
  }

  private boolean current(long mine) {
    lock.lock();
    try {
      return mine == turn;
    } finally {
      lock.unlock();
    }
  }
}
