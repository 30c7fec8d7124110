package dev.everwire.client.internal.calls;

import dev.everwire.client.internal.calls.Item.Call;
import dev.everwire.client.internal.calls.Item.Stage;
import dev.everwire.client.internal.calls.Item.Together;
import dev.everwire.client.internal.calls.Item.Told;
import dev.everwire.client.link.WhenFull;
import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.flow.RateLimiters;
import dev.everwire.session.internal.OutboundCall;
import dev.everwire.session.internal.Outgoing;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a client's calls and notifications are sent. They wait here while there is no
 * connection, while as many calls are on the wire as the server takes, and for their limiters; they
 * leave in the order they were made. Every call ends exactly once. Event loop only.
 *
 * <p>With room for one call on the wire, of the calls a, b and c: a is sent, b and c wait. The link
 * drops: a ends as lost or, if it is idempotent, goes back before b. The next connection gets a, b
 * and c.
 *
 * <p>In a session that the server keeps, what was sent waits for the next connection instead, see
 * {@link Kept}.
 *
 * <p>A call with streams waits like any other, but is never sent twice. A batch waits as one and
 * leaves as one; when it was lost its idempotent calls are sent again one by one.
 */
final class CallQueue implements OnWire.Returns, Kept.Queue {

  /** While there is a connection: what waits for the server to take more calls. */
  static final int CONNECTED_MESSAGES = 10_000;

  static final long CONNECTED_BYTES = 16L * 1024 * 1024;

  private static final long LOOK_AGAIN_AFTER = 20_000_000; // nanoseconds

  /** Is told what users want to know. */
  interface Watcher {
    void ended(String method, CallOutcome outcome, long nanos);

    void dropped(int messages, String why);

    /** Something came back or was given up: what is due next may have changed. */
    void stepped();
  }

  private final WhileAway away;
  private final int maxPending;
  private final Watcher watcher;
  private final Room room;
  private final LongSupplier clock; // the loop's
  private final Waiting waiting;
  private final Discard discard;
  private final OnWire out = new OnWire(this);
  private final Kept kept = new Kept(this, out);
  private final Pump pump;

  private int pending; // calls that have not ended
  private long places; // given
  private @Nullable String ended; // why, for good

  /**
   * @param maxPending calls that wait or are on the wire
   */
  CallQueue(
      WhileAway away,
      int maxPending,
      RateLimiters limiters,
      Watcher watcher,
      Room room,
      LongSupplier clock) {
    this.away = away;
    this.maxPending = maxPending;
    this.watcher = watcher;
    this.room = room;
    this.clock = clock;
    this.waiting = new Waiting(room);
    this.discard = new Discard(away, waiting, this::finish, watcher, clock.getAsLong());
    this.pump = new Pump(waiting, out, new LimiterGate(limiters), this::finish, clock);
    room.bounds(away.messages(), away.bytes());
  }

  // ---- the connection

  /**
   * There is a connection: what waits leaves.
   *
   * @param inflight calls that may be on the wire at once
   * @param answer what becomes of those that were sent before
   * @param then comes behind those
   */
  void online(Wire connection, int inflight, Resumption answer, Runnable then) {
    if (ended != null) {
      then.run();
    } else {
      out.online(connection, inflight);
      room.bounds(CONNECTED_MESSAGES, CONNECTED_BYTES);
      pump.behind(() -> {
        kept.online(answer, clock.getAsLong());
        then.run();
      });
    }
  }

  /** Another connection is about to take the place of the present one: nothing is sent now. */
  void hold(boolean on) {
    out.hold(on);
    pump.run();
  }

  /** The numbers of calls that wait for an answer, and may be taken up on another connection. */
  List<Long> unanswered() {
    return kept.pending();
  }

  /** There is none any more. What was sent on it ends by itself, before or after this. */
  void offline() {
    if (ended == null && out.connected()) {
      out.offline();
      kept.offline(clock.getAsLong());
      discard.offline(clock.getAsLong());
      room.bounds(away.messages(), away.bytes());
    }
  }

  /** For good: what waits ends, and what comes later ends at once. */
  void end(String why) {
    if (ended == null) {
      ended = why;
      out.offline();
      kept.end(why);
      discard.all(new CallOutcome.Lost(false, why), why);
      room.bounds(0, 0);
    }
  }

  // ---- what is to be sent

  /** Sends a call or lets it wait. It is completed exactly once, perhaps before this returns. */
  Outgoing.Running call(OutboundCall asked) {
    Call call = new Call(places++, asked, clock.getAsLong());
    pending++;
    CallOutcome refusal = refusal(asked.options().failsFast());
    if (refusal != null) {
      finish(call, refusal);
    } else if (direct(1) && asked.options().limit().isEmpty()) {
      out.send(call, false, call.since);
    } else {
      enqueue(call);
    }
    return handle(call);
  }

  /** Sends messages together or lets them wait together; answers the calls among them. */
  List<Outgoing.Running> batch(List<Outgoing.Member> asked) {
    long now = clock.getAsLong();
    Together batch = Together.of(asked, places, now);
    places += asked.size() + 1;
    List<Call> calls = batch.callsInIt();
    pending += calls.size();
    CallOutcome refusal = refusal(false);
    if (refusal != null) {
      calls.forEach(call -> finish(call, refusal));
      discard.tell(asked.size() - calls.size(), "their batch was refused");
    } else if (direct(calls.size())) {
      out.send(batch, false, now);
    } else if (!enqueue(batch)) {
      discard.tell(asked.size() - calls.size(), "their batch was refused");
    } else if (out.working() == null) {
      discard.failingFast(batch);
    }
    return calls.stream().map(this::handle).toList();
  }

  /** Sends a notification or lets it wait. */
  Offer tell(String method, @Nullable RawJson params) {
    if (direct(0)) {
      Offer offer = out.offer(method, params);
      if (offer != Offer.CLOSED) {
        return offer;
      }
    }
    if (unwanted()) {
      return Offer.CLOSED;
    }
    return enqueue(new Told(places++, method, params, clock.getAsLong()))
        ? Offer.QUEUED
        : Offer.FULL;
  }

  /**
   * A notification that was answered QUEUED on another thread has come to the loop.
   *
   * @param roomTaken whether it took its room there; otherwise it found a connection
   */
  void told(String method, @Nullable RawJson params, boolean roomTaken) {
    Told told = new Told(places++, method, params, clock.getAsLong());
    boolean direct = direct(0);
    if (direct || unwanted()) {
      if (roomTaken) {
        room.give(1, told.bytes());
      }
      if (direct) {
        out.send(told, true, told.since);
      } else {
        discard.tell(1, "there is no connection");
      }
    } else {
      if (!roomTaken) {
        room.force(1, told.bytes());
      }
      hold(told);
    }
  }

  private boolean unwanted() {
    return ended != null || (out.working() == null && !away.queues());
  }

  /** Why calls that were counted already may not even wait; null if they may. */
  private @Nullable CallOutcome refusal(boolean failsFast) {
    if (ended != null) {
      return new CallOutcome.Lost(false, ended);
    }
    if (out.working() == null && (failsFast || !away.queues())) {
      return Ends.NOT_CONNECTED;
    }
    return pending > maxPending && !olderCallsGiveWay() ? Ends.TOO_MANY : null;
  }

  /** False if there are none, or may not. */
  private boolean olderCallsGiveWay() {
    discard.oldest(waiting::oldestCall, () -> pending > maxPending && dropsOldest());
    return pending <= maxPending;
  }

  private boolean dropsOldest() {
    return !out.connected() && away.whenFull() == WhenFull.DROP_OLDEST;
  }

  /** Whether what comes now need not wait. */
  private boolean direct(int calls) {
    return waiting.isEmpty() && !pump.running() && out.takes(calls);
  }

  // ---- what waits

  /** False if there is no room; then its calls have ended. */
  private boolean enqueue(Item item) {
    if (!room.take(item.messages(), item.bytes())) {
      if (!dropsOldest()) {
        item.callsInIt().forEach(call -> finish(call, Ends.NO_ROOM));
        return false;
      }
      room.force(item.messages(), item.bytes());
    }
    hold(item);
    return true;
  }

  /** It has its room. */
  private void hold(Item item) {
    waiting.add(item);
    discard.oldest(
        waiting::oldest, () -> dropsOldest() && room.over() && !item.equals(waiting.oldest()));
    pump.run();
  }

  // ---- what comes back

  @Override
  public void returned(Call call, CallOutcome outcome) {
    if (!(outcome instanceof CallOutcome.Lost(boolean maybeExecuted, var why))) {
      finish(call, outcome);
    } else if (!maybeExecuted || !kept.suspend(call, clock.getAsLong())) {
      lost(call, maybeExecuted, outcome);
    }
    pump.run();
    watcher.stepped();
  }

  @Override
  public void begun(Call call, long number) {
    kept.sent(call, number);
  }

  @Override
  public void unknown(Call call, String why) {
    lost(call, true, new CallOutcome.Lost(true, why));
  }

  private void lost(Call call, boolean maybeExecuted, CallOutcome outcome) {
    if (mayGoAgain(call, maybeExecuted)) {
      call.maybeExecuted |= maybeExecuted;
      bounced(call);
    } else {
      finish(call, outcome);
    }
  }

  /** To its old place, which is before all that was made later. */
  @Override
  public void bounced(Item item) {
    if (item instanceof Call call) {
      kept.left(call);
      call.stage = Stage.WAITING;
    } else if (unwanted()) {
      discard.tell(item.messages(), "the connection is closing");
      return;
    }
    room.force(item.messages(), item.bytes());
    waiting.add(item);
  }

  @Override
  public void unsendable(Told told) {
    discard.tell(1, "larger than the server reads");
  }

  private boolean mayGoAgain(Call call, boolean maybeExecuted) {
    CallOptions options = call.asked.options();
    return ended == null
        && away.queues()
        && !options.failsFast()
        && call.sendable()
        && (!maybeExecuted || options.repeatable());
  }

  @Override
  public void finish(Call call, CallOutcome outcome) {
    if (call.stage == Stage.ENDED) {
      return;
    }
    kept.left(call);
    call.stage = Stage.ENDED;
    pending--;
    CallOutcome told = Ends.told(call, outcome);
    call.asked.done().complete(told);
    watcher.ended(call.asked.method(), told, clock.getAsLong() - call.since);
  }

  private Outgoing.Running handle(Call call) {
    return call.stage == Stage.ENDED ? Outgoing.Running.ENDED : new Handle(this, call);
  }

  /** Its caller has given up. */
  void cancel(Call call) {
    switch (call.stage) {
      case WAITING -> {
        discard.one(call, new CallOutcome.Cancelled());
        pump.run(); // those behind it may be able to go
        watcher.stepped();
      }
      case SUSPENDED -> {
        kept.giveUp(call, new CallOutcome.Cancelled());
        watcher.stepped();
      }
      case SENT -> {
        kept.cancelled(call);
        call.running.cancel();
      }
      case ENDED -> {}
    }
  }

  // ---- time

  /** Ends what is too late or waited too long, and sends what may go now. */
  void due() {
    long now = clock.getAsLong();
    kept.due(now);
    for (Call late = waiting.late(now); late != null; late = waiting.late(now)) {
      discard.one(late, new CallOutcome.Expired());
    }
    if (!out.connected()) {
      discard.old(now);
    }
    pump.run();
  }

  /** Nanoseconds until {@link #due} has something to do; {@link Item#NEVER} if nothing waits. */
  long untilDue() {
    Item oldest = waiting.oldest();
    long now = clock.getAsLong();
    long until = kept.untilDue(now);
    if (oldest == null) {
      return until;
    }
    until = Math.min(until, waiting.untilDeadline(now));
    if (!out.connected()) {
      return Math.min(until, discard.untilTooOld(oldest, now));
    }
    until = Math.min(until, waiting.untilToken(now));
    return pump.stalled() ? Math.min(until, LOOK_AGAIN_AFTER) : until;
  }

  /** Calls that wait or are on the wire. */
  int pending() {
    return pending;
  }

  /** When the first was made of those that wait; {@link Item#NEVER} if none does. */
  long oldestSince() {
    Item oldest = waiting.oldest();
    return oldest == null ? Item.NEVER : oldest.since;
  }
}
