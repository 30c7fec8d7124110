package dev.everwire.client.internal.calls;

import dev.everwire.client.link.Queued;
import dev.everwire.client.link.WhenFull;
import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Observed;
import dev.everwire.session.Observer;
import dev.everwire.session.flow.RateLimiters;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.OutboundCall;
import dev.everwire.session.internal.Outgoing;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a client's calls go, connected or not: the shell of a {@link CallQueue}. Event loop only,
 * except where {@link Outgoing} says otherwise.
 */
public final class Calls implements Outgoing, CallQueue.Watcher {
  private static final Logger LOG = System.getLogger(Calls.class.getName());

  /** How many posts from other threads may outrun the loop before it drops the oldest. */
  private static final int AHEAD = 2;

  private final Loop loop;
  private final WhileAway away;
  private final int maxPending;
  private final boolean streams;
  private final RateLimiters limiters;
  private final Observer observer;
  private final Bell bell;
  private final Room room;
  private final CallQueue queue;
  private Loop.@Nullable Timer timer;
  private long rings; // when the timer does, while there is one

  // Written on the loop, read by anybody.
  private volatile @Nullable Connection live;
  private volatile boolean closed;
  private volatile long oldestSince = Item.NEVER;

  /**
   * @param maxPending calls that wait or are on the wire
   * @param streams whether a server may take streams as arguments
   * @param onPressure is told on workers
   */
  public Calls(
      Loop loop,
      WhileAway away,
      int maxPending,
      boolean streams,
      RateLimiters limiters,
      Observer observer,
      Consumer<Boolean> onPressure,
      Executor workers) {
    this.loop = loop;
    this.away = away;
    this.maxPending = maxPending;
    this.streams = streams;
    this.limiters = limiters;
    this.observer = Observer.guarded(observer);
    this.room = new Room(this::pressure);
    this.bell = new Bell(room::pressed, onPressure, workers);
    this.queue = new CallQueue(away, maxPending, limiters, this, room, loop::now);
  }

  // ---- from any thread

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public boolean takesStreams() {
    Connection now = live;
    return now == null ? streams : now.takesStreams();
  }

  @Override
  public void check(CallOptions options, boolean batched) {
    CallOptions.Limit limit = options.limit().orElse(null);
    if (limit == null) {
      return;
    }
    if (batched) {
      throw new IllegalArgumentException(
          "limitedBy: " + limit.name() + " (expected: no limiter in a batch)");
    }
    limiters.timeUntilAvailable(limit.name()); // throws if there is none of this name
  }

  /** What waits at the moment. */
  public Queued queued() {
    long since = oldestSince;
    long age = since == Item.NEVER ? 0 : Math.max(0, loop.now() - since);
    return new Queued(room.messages(), room.bytes(), Duration.ofNanos(age));
  }

  @Override
  public Offer notify(String method, @Nullable RawJson params) {
    if (closed) {
      return Offer.CLOSED;
    }
    if (loop.inLoop()) {
      Offer offer = queue.tell(method, params);
      settle();
      return offer;
    }
    Connection now = live;
    if (now != null && room.messages() == 0) {
      Offer offer = now.notify(method, params, () -> told(method, params, false));
      if (offer != Offer.CLOSED || !away.queues()) {
        return offer;
      }
    }
    return now == null && !away.queues() ? Offer.CLOSED : post(method, params);
  }

  private Offer post(String method, @Nullable RawJson params) {
    int times = away.whenFull() == WhenFull.DROP_OLDEST && live == null ? AHEAD : 1;
    long bytes = Item.size(method, params);
    if (!room.take(1, bytes, times)) {
      return Offer.FULL;
    }
    try {
      loop.execute(() -> told(method, params, true));
    } catch (RejectedExecutionException e) {
      room.give(1, bytes);
      return Offer.CLOSED;
    }
    return Offer.QUEUED;
  }

  // ---- the user's side, on the loop

  @Override
  public Running call(OutboundCall call) {
    Running running = queue.call(call);
    settle();
    return running;
  }

  @Override
  public List<Running> batch(List<Member> members) {
    List<Running> running = queue.batch(members);
    settle();
    return running;
  }

  private void told(String method, @Nullable RawJson params, boolean roomTaken) {
    queue.told(method, params, roomTaken);
    settle();
  }

  // ---- the connection's side

  /**
   * There is a connection; also when one takes the place of another.
   *
   * @param answer what becomes of calls that were sent before; they go first, by their numbers
   * @param then says what is to be said before everything that waits
   */
  public void online(Connection connection, Resumption answer, Runnable then) {
    live = connection;
    int most = answer.window().isZero() ? maxPending : Math.min(maxPending, Kept.MOST);
    int inflight = Math.min(most, connection.profile().maxCalls());
    queue.online(new LinkWire(connection), inflight, answer, then);
    settle();
  }

  /** Another connection is about to take the place of this one, or after all is not. */
  public void hold(boolean on) {
    queue.hold(on);
    settle();
  }

  /** The numbers of calls that wait for an answer, and may be taken up on another connection. */
  public List<Long> unanswered() {
    return queue.unanswered();
  }

  public void offline() {
    live = null;
    queue.offline();
    settle();
  }

  /** For good. */
  public void end(String why) {
    closed = true;
    live = null;
    queue.end(why);
    settle();
  }

  // ---- time

  /** After each step: what is due next, and what others may know. */
  private void settle() {
    oldestSince = queue.oldestSince();
    long until = queue.untilDue();
    long now = loop.now();
    if (timer != null && until != Item.NEVER && rings - now <= until) {
      return; // it rings soon enough, and looks again then
    }
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    if (until != Item.NEVER) {
      rings = now + Math.max(0, until);
      try {
        timer = loop.schedule(Math.max(0, until), this::ring);
      } catch (RejectedExecutionException e) {
        LOG.log(Level.DEBUG, "the loop has ended", e);
      }
    }
  }

  private void ring() {
    timer = null;
    queue.due();
    settle();
  }

  // ---- what happens

  private void pressure() {
    bell.ring();
  }

  @Override
  public void ended(String method, CallOutcome outcome, long nanos) {
    Observed.CallEnd how =
        switch (outcome) {
          case CallOutcome.Answered answered -> Observed.CallEnd.ANSWERED;
          case CallOutcome.Refused refused -> Observed.CallEnd.REFUSED;
          case CallOutcome.Expired expired -> Observed.CallEnd.EXPIRED;
          case CallOutcome.Cancelled cancelled -> Observed.CallEnd.CANCELLED;
          case CallOutcome.Lost lost -> Observed.CallEnd.LOST;
        };
    observer.on(new Observed.CallEnded(method, how, nanos));
  }

  @Override
  public void stepped() {
    settle();
  }

  @Override
  public void dropped(int messages, String why) {
    LOG.log(
        Level.WARNING, "messages that waited are not sent messages=" + messages + " why=" + why);
    observer.on(new Observed.QueueDropped(messages, why));
  }
}
