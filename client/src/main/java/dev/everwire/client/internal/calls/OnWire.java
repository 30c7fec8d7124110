package dev.everwire.client.internal.calls;

import dev.everwire.client.internal.calls.Item.Call;
import dev.everwire.client.internal.calls.Item.Stage;
import dev.everwire.client.internal.calls.Item.Together;
import dev.everwire.client.internal.calls.Item.Told;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.OutboundCall;
import dev.everwire.session.internal.Outgoing;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The calls that were sent on the present connection, if there is one, and those that former ones
 * have not ended yet. A connection whose end was noticed is no longer used, though its end may be
 * told only after the closing handshake. Event loop only; times are nanoseconds of the loop.
 */
final class OnWire {
  private static final Logger LOG = System.getLogger(OnWire.class.getName());

  /** What waits is not poured into the connection's own queue, which has a bound, too. */
  private static final long MOST_UNSENT = 256 * 1024;

  /** Is told what became of a call that was sent; once for each time it was. */
  interface Returns {
    /** It ended, or was lost with its connection. */
    void returned(Call call, CallOutcome outcome);

    /** It is out, and has this number there, or 0. */
    void begun(Call call, long number);

    /** The connection had no room for it, or was closing; it never left. */
    void bounced(Item item);

    /** The peer would close for its size. */
    void unsendable(Told told);
  }

  private final Returns returns;
  private @Nullable Wire wire;
  private long link; // counts connections, to know which one a call was sent on
  private boolean broken; // its end is about to be told
  private boolean held; // another is about to take its place
  private int limit; // of calls
  private int calls;
  private boolean handing; // something that waited
  private boolean full; // the connection had no room

  OnWire(Returns returns) {
    this.returns = returns;
  }

  void online(Wire connection, int inflight) {
    wire = connection;
    link++;
    broken = false;
    held = false;
    limit = inflight;
    calls = 0;
  }

  void offline() {
    wire = null;
    held = false;
    link++;
    calls = 0;
  }

  /** Whether nothing may be sent for the moment. */
  void hold(boolean on) {
    held = on;
  }

  boolean connected() {
    return wire != null;
  }

  /** The connection, if it is believed to work. */
  @Nullable Wire working() {
    return wire == null || broken || !wire.open() ? null : wire;
  }

  /**
   * Whether so many calls may go now. More than the server takes at all go when no other is out.
   */
  boolean takes(int more) {
    return !held && working() != null && (more == 0 || calls == 0 || calls + more <= limit);
  }

  /** Whether what waited should wait a little longer: the connection has enough to do. */
  boolean busy() {
    Wire now = working();
    boolean busy = full || (now != null && now.unsentBytes() > MOST_UNSENT);
    full = false;
    return busy;
  }

  // ---- out

  /**
   * Sends something. What had to wait comes back if there is no room for it; what did not is
   * refused then.
   */
  void send(Item item, boolean waited, long now) {
    Wire to = wire;
    if (to == null) {
      return;
    }
    boolean before = handing;
    handing = waited;
    try {
      switch (item) {
        case Call call -> call(to, call, now);
        case Told told -> tell(to, told);
        case Together batch -> batch(to, batch, now);
      }
    } finally {
      handing = before;
    }
  }

  private void call(Wire to, Call call, long now) {
    OutboundCall going = going(call, now);
    try {
      begun(call, to.call(going));
    } catch (RuntimeException e) {
      failed(call, e);
    }
  }

  /** Sends a call once more under its number. What comes back goes as a new one. */
  void again(Call call, long number, long now) {
    takeUp(call, now, (to, going) -> to.again(number, going));
  }

  /** Waits for the answer to a call that the peer has. */
  void adopt(Call call, long number, long now) {
    takeUp(call, now, (to, going) -> to.adopt(number, going));
  }

  private void takeUp(
      Call call, long now, BiFunction<Wire, OutboundCall, Outgoing.Running> sending) {
    Wire to = wire;
    if (to == null) {
      return;
    }
    boolean before = handing;
    handing = true;
    try {
      begun(call, sending.apply(to, going(call, now)));
    } catch (RuntimeException e) {
      failed(call, e);
    } finally {
      handing = before;
    }
  }

  /** Says that nobody waits for the answer to a call of a former connection. */
  void giveUp(long number) {
    if (wire != null) {
      wire.giveUp(number);
    }
  }

  private void batch(Wire to, Together batch, long now) {
    List<Outgoing.Member> members = new ArrayList<>();
    List<Call> going = new ArrayList<>();
    for (Item member : batch.members) {
      switch (member) {
        case Call call -> {
          going.add(call);
          members.add(new Outgoing.Member.Called(going(call, now)));
        }
        case Told told -> members.add(new Outgoing.Member.Told(told.method, told.params));
        case Together nested -> {}
      }
    }
    try {
      List<Outgoing.Running> running = to.batch(members);
      for (int i = 0; i < running.size(); i++) {
        begun(going.get(i), running.get(i));
      }
    } catch (RuntimeException e) {
      going.forEach(call -> failed(call, e));
    }
  }

  private void tell(Wire to, Told told) {
    try {
      switch (to.send(told.method, told.params)) {
        case QUEUED -> {}
        case FULL -> returns.unsendable(told);
        case CLOSED -> {
          broken = true;
          returns.bounced(told);
        }
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a notification could not be sent method=" + told.method, e);
    }
  }

  /** Sends a notification that need not wait. CLOSED if the connection turns out to be closing. */
  Offer offer(String method, @Nullable RawJson params) {
    Wire to = working();
    Offer offer = to == null ? Offer.CLOSED : to.offer(method, params);
    broken |= offer == Offer.CLOSED;
    return offer;
  }

  /** Marks a call as sent; answers what goes on the wire for it, with the time that is left. */
  private OutboundCall going(Call call, long now) {
    call.stage = Stage.SENT;
    call.link = link;
    call.batch = null;
    call.running = Outgoing.Running.ENDED;
    int sending = ++call.sending;
    calls++;
    CallOptions options = call.asked.options();
    return call.asked.with(
        call.deadline == Item.NEVER || call.since == now
            ? options
            : options.lasting(Duration.ofNanos(Math.max(1, call.deadline - now))),
        outcome -> returned(call, sending, outcome));
  }

  private void begun(Call call, Outgoing.Running running) {
    if (call.stage == Stage.SENT) {
      call.running = running;
      returns.begun(call, running.number());
      if (call.readerWaits) {
        running.readerWaits(true);
      }
    }
  }

  // ---- back

  /** Nobody may wait for what did not leave. */
  private void failed(Call call, RuntimeException why) {
    if (call.stage == Stage.SENT) {
      LOG.log(Level.ERROR, "a call could not be sent method=" + call.asked.method(), why);
      left(call);
      returns.returned(call, Ends.NOT_MADE);
    }
  }

  private void returned(Call call, int sending, CallOutcome outcome) {
    if (call.stage != Stage.SENT || call.sending != sending) {
      return;
    }
    boolean present = call.link == link;
    left(call);
    switch (outcome) {
      case CallOutcome.Lost(boolean maybeExecuted, var why)
          when present && (maybeExecuted || call.asked.arguments().isEmpty()) -> {
        broken = true;
        returns.returned(call, outcome);
      }
      case CallOutcome.Refused(var fault)
          when handing && fault.code() == FaultCode.OVERLOADED && call.sendable() -> {
        full = true;
        returns.bounced(call);
      }
      default -> returns.returned(call, outcome);
    }
  }

  private void left(Call call) {
    if (call.link == link) {
      calls--;
    }
    call.running = Outgoing.Running.ENDED;
  }
}
