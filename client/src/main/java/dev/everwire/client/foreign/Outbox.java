package dev.everwire.client.foreign;

import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.client.internal.calls.Bell;
import dev.everwire.client.internal.foreign.PendingRequests;
import dev.everwire.client.internal.foreign.SendQueue;
import dev.everwire.client.link.Queued;
import dev.everwire.client.link.WhenFull;
import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.Offer;
import dev.everwire.session.Observed;
import dev.everwire.session.Observer;
import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Requests and messages that wait to be written: for a connection, for room in it, or for their
 * limiter. Event loop only, except where a method says otherwise.
 */
final class Outbox {
  private static final Logger LOG = System.getLogger(Outbox.class.getName());
  private static final int CONNECTED_MESSAGES = 10_000; // wait for room in the connection
  private static final long CONNECTED_BYTES = 16L << 20;
  private static final Duration CONNECTED_AGE = Duration.ofSeconds(30);

  /**
   * A message to be written.
   *
   * @param id of the request it is, or null
   */
  record Letter(ForeignMessage message, @Nullable String id, boolean failFast) {}

  private final Loop loop;
  private final WhileAway away;
  private final Observer observer;
  private final Lanes lanes;
  private final PendingRequests<Text> pending;
  private final SendQueue<Letter> queue;
  private final Bell pressure;
  private final Queue<SendQueue.Waiting<Letter>> overrun = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean telling = new AtomicBoolean(); // of those, on the loop
  private boolean online;
  private long goneAt; // while there is no connection

  Outbox(ForeignOptions options, Lanes lanes, PendingRequests<Text> pending) {
    this.loop = options.terms().dialer().loop();
    this.away = options.terms().settings().whileAway();
    this.observer = Observer.guarded(options.terms().observer());
    this.lanes = lanes;
    this.pending = pending;
    this.goneAt = loop.now();
    this.queue =
        new SendQueue<>(
            away.whenFull() == WhenFull.DROP_OLDEST, away.queues() ? away.age() : CONNECTED_AGE);
    this.pressure = new Bell(queue::pressed, options.onPressure(), options.terms().workers());
    boundsWhileAway();
  }

  // ---- from any thread

  /** What {@link #add} takes. */
  SendQueue.Waiting<Letter> waiting(Letter letter, String lane) {
    return new SendQueue.Waiting<>(letter, letter.message().length(), lane, loop.now());
  }

  /** Takes it, to be written with the next {@link #write}. */
  Offer add(SendQueue.Waiting<Letter> letter) {
    List<SendQueue.Waiting<Letter>> gaveWay = new ArrayList<>();
    SendQueue.Admission admission = queue.add(letter, gaveWay);
    if (!gaveWay.isEmpty()) {
      overrun.addAll(gaveWay);
      if (telling.compareAndSet(false, true) && !execute(this::tellOverrun)) {
        return Offer.CLOSED;
      }
    }
    pressure.ring();
    return switch (admission) {
      case QUEUED -> Offer.QUEUED;
      case FULL -> Offer.FULL;
      case CLOSED -> Offer.CLOSED;
    };
  }

  private boolean execute(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void tellOverrun() {
    telling.set(false);
    List<SendQueue.Waiting<Letter>> all = new ArrayList<>();
    for (var next = overrun.poll(); next != null; next = overrun.poll()) {
      all.add(next);
    }
    dropped(all, "too many wait");
  }

  Queued queued() {
    return new Queued(queue.size(), queue.bytes(), Duration.ofNanos(queue.oldestAge(loop.now())));
  }

  // ---- the connection

  void online() {
    online = true;
    queue.bounds(CONNECTED_MESSAGES, CONNECTED_BYTES);
    pressure.ring();
  }

  /** What may not wait for another connection ends. */
  void offline() {
    online = false;
    goneAt = loop.now();
    boundsWhileAway();
    dropped(queue.take(letter -> !away.queues() || letter.failFast()), "there is no connection");
  }

  /** Before all that waits. */
  void addFirst(SendQueue.Waiting<Letter> letter) {
    queue.putBack(letter);
  }

  /** For good: what waits is not going to be sent. */
  void end(String why) {
    dropped(queue.close(), why);
  }

  private void boundsWhileAway() {
    if (away.queues()) {
      queue.bounds(away.messages(), away.bytes());
    } else {
      queue.bounds(0, 0);
    }
  }

  // ---- writing

  /**
   * Writes what may be written now.
   *
   * @return whether the connection has to be waited for
   */
  boolean write(Function<ForeignMessage, Offer> wire) {
    boolean full = writeAll(wire);
    pressure.ring();
    return full;
  }

  private boolean writeAll(Function<ForeignMessage, Offer> wire) {
    for (var next = queue.poll(lanes::pass); next != null; next = queue.poll(lanes::pass)) {
      Offer offer = wire.apply(next.message().message());
      if (offer != Offer.QUEUED) {
        lanes.giveBack(next.lane());
        queue.putBack(next);
        return offer == Offer.FULL;
      }
      String id = next.message().id();
      if (id != null) {
        pending.sent(id);
      }
    }
    return false;
  }

  /** What has waited too long for a connection ends. */
  void expire(long now) {
    if (!online) {
      dropped(queue.expired(now, goneAt), "waited too long");
    }
  }

  /** Nanoseconds until {@link #expire} has something to do, {@link Long#MAX_VALUE} if nothing. */
  long untilNext(long now) {
    return online ? Long.MAX_VALUE : queue.untilNext(now, goneAt);
  }

  private void dropped(List<SendQueue.Waiting<Letter>> letters, String why) {
    pressure.ring();
    int plain = 0;
    for (var letter : letters) {
      String id = letter.message().id();
      if (id == null) {
        plain++;
      } else {
        pending.drop(id, why);
      }
    }
    if (plain > 0) {
      LOG.log(Level.WARNING, "messages dropped count=" + plain + " why=\"" + why + "\"");
      observer.on(new Observed.QueueDropped(plain, why));
    }
  }
}
