package dev.everwire.session.internal;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.rpc.Turn;
import dev.everwire.session.internal.stream.Inflow;
import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes our calls on one connection, alone or together, and takes over those of a former connection
 * of the session. Event loop only.
 */
public final class Calling {
  private static final Logger LOG = System.getLogger(Calling.class.getName());
  private static final Duration NEVER_ENDING = Duration.ofDays(366);

  private final SessionEngine engine;
  private final Loop loop;
  private final Speech speech;
  private final BiFunction<String, @Nullable RawJson, Offer> notify;
  private final Runnable rearm;

  /**
   * @param rearm what is due next may have changed
   */
  Calling(
      SessionEngine engine,
      Loop loop,
      Speech speech,
      BiFunction<String, @Nullable RawJson, Offer> notify,
      Runnable rearm) {
    this.engine = engine;
    this.loop = loop;
    this.speech = speech;
    this.notify = notify;
    this.rearm = rearm;
  }

  static long deadline(CallOptions options, long now) {
    return now + options.within().orElse(NEVER_ENDING).toNanos();
  }

  Outgoing.Running call(OutboundCall call) {
    Fault refusal = speech.refusal(call.params());
    if (refusal != null) {
      call.done().complete(new CallOutcome.Refused(refusal));
      return Outgoing.Running.ENDED;
    }
    long now = loop.now();
    return running(call, engine.call(call, deadline(call.options(), now), now));
  }

  // ---- a session that goes on

  /**
   * The peer keeps the session when this connection is lost: it is told which answers have arrived.
   *
   * @param last the largest number that was given to a call in this session; numbers go on behind
   *     it
   */
  public void keptBehind(long last) {
    engine.ours().keptBehind(last);
  }

  /**
   * Numbers go on behind those of this session, whether it is kept from now on or not.
   *
   * @param last the largest one given
   */
  public void goOnBehind(long last) {
    engine.ours().goOnBehind(last);
  }

  /** The largest number given to a call. Also after the end. */
  public long last() {
    return engine.ours().last();
  }

  /** The session goes on elsewhere: nothing is acknowledged here any more. */
  public void leftBehind() {
    engine.ours().leftBehind();
  }

  /** Sends a call once more under its number. */
  public Outgoing.Running again(long number, OutboundCall call) {
    long now = loop.now();
    long deadline = deadline(call.options(), now);
    return woken(running(call, engine.ours().again(number, call, deadline, now)));
  }

  /** Waits for the answer to a call that the peer has already. */
  public Outgoing.Running adopt(long number, OutboundCall call) {
    long now = loop.now();
    long deadline = deadline(call.options(), now);
    return woken(running(call, engine.ours().adopt(number, call, deadline, now)));
  }

  private Outgoing.Running woken(Outgoing.Running running) {
    rearm.run();
    return running;
  }

  /** Tells the peer that nobody waits for this call any more. */
  public void giveUp(long number) {
    engine.ours().giveUp(number);
  }

  /** All messages of the inbox up to this one were dealt with; the peer is told soon. */
  public void inboxDone(Position position) {
    engine.ours().inboxDone(position);
    engine.ours().acknowledge(loop.now());
  }

  List<Outgoing.Running> batch(List<Outgoing.Member> members) {
    return speech.form().dialect() == Dialect.JSON_RPC ? together(members) : oneByOne(members);
  }

  private List<Outgoing.Running> together(List<Outgoing.Member> members) {
    List<OutboundCall> calls = new ArrayList<>();
    List<Long> deadlines = new ArrayList<>();
    long now = loop.now();
    for (Outgoing.Member member : members) {
      if (member instanceof Outgoing.Member.Called(OutboundCall call)) {
        calls.add(call);
        deadlines.add(deadline(call.options(), now));
      }
    }
    List<@Nullable RequestId> ids = engine.batch(members, deadlines, now);
    List<Outgoing.Running> running = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      running.add(running(calls.get(i), ids.get(i)));
    }
    return running;
  }

  private List<Outgoing.Running> oneByOne(List<Outgoing.Member> members) {
    List<Outgoing.Running> running = new ArrayList<>();
    for (Outgoing.Member member : members) {
      switch (member) {
        case Outgoing.Member.Called(OutboundCall call) -> running.add(call(call));
        case Outgoing.Member.Told(String method, RawJson params) -> tell(method, params);
      }
    }
    return running;
  }

  private void tell(String method, @Nullable RawJson params) {
    try {
      var unused = notify.apply(method, params);
    } catch (FaultException e) { // one too large must not cost the others their way
      LOG.log(Level.WARNING, "a notification of a batch is not sent: {0}", e.getMessage());
    }
  }

  private Outgoing.Running running(OutboundCall call, @Nullable RequestId id) {
    return id == null ? Outgoing.Running.ENDED : new RunningCall(id, call.result(), call.turn());
  }

  private final class RunningCall implements Outgoing.Running {
    private final RequestId id;
    private final @Nullable Inflow result;
    private final @Nullable Turn turn;

    RunningCall(RequestId id, @Nullable Inflow result, @Nullable Turn turn) {
      this.id = id;
      this.result = result;
      this.turn = turn;
    }

    @Override
    public void cancel() {
      engine.cancel(id);
      rearm.run();
    }

    @Override
    public long number() {
      String text = id.literal();
      return text.startsWith("\"") ? 0 : Long.parseLong(text);
    }

    @Override
    public void forget() {
      engine.ours().forget(id);
    }

    @Override
    public void grant(int n) {
      engine.grant(id, n);
    }

    @Override
    public void readerWaits(boolean on) {
      if (result != null) {
        engine.readerWaits(result, turn, on);
      }
    }
  }
}
