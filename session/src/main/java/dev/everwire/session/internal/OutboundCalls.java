package dev.everwire.session.internal;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.internal.rpc.Acks;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.rpc.CallTable;
import dev.everwire.session.internal.stream.Outflow;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Our calls, from their request to their end. Event loop only; times are the loop's nanoseconds.
 */
final class OutboundCalls {

  private static final Logger LOG = System.getLogger(OutboundCalls.class.getName());

  /** How a call goes out that was sent on a former connection of the session. */
  private interface Sending {
    @Nullable RequestId send(
        Function<RequestId, Message.Request> request, long deadline, CallTable.Completion done);
  }

  /** A call with which something comes and goes while it runs. */
  record Lively(OutboundCall call, List<Outflow> arguments) {}

  private final Role role;
  private final Effects effects;
  private final CallTable calls;
  private final Map<RequestId, Lively> lively = new HashMap<>(1);
  private final OutboundMeta meta = new OutboundMeta();
  private @Nullable List<Message> gathering; // while a batch is put together
  private int streams; // of the calls, those whose result is one
  private boolean cancellable; // the peer understands $/cancelRequest
  private PeerProfile profile = PeerProfile.PLAIN;
  private @Nullable Acks acks; // in a session that is kept
  private boolean lost;

  OutboundCalls(Role role, int maxPending, Effects effects) {
    this.role = role;
    this.effects = effects;
    this.calls = new CallTable(maxPending, role::id, this::out);
  }

  // ---- from here to the peer

  /**
   * Sends a call. It is completed exactly once, perhaps before this returns.
   *
   * @return the id to {@link #cancel} it by; null if it has ended already
   */
  @Nullable RequestId call(OutboundCall asked, long deadline, long now) {
    return call(asked, calls::send, deadline, now);
  }

  /** As {@link #call} under the number it had on a former connection of the session. */
  @Nullable RequestId again(long number, OutboundCall asked, long deadline, long now) {
    return call(
        asked,
        (request, until, done) -> calls.sendNumbered(number, request, until, done),
        deadline,
        now);
  }

  /** Waits for the answer to a call that the peer has from a former connection of the session. */
  @Nullable RequestId adopt(long number, OutboundCall asked, long deadline, long now) {
    return call(
        asked, (request, until, done) -> adopt(number, request, until, done), deadline, now);
  }

  private @Nullable RequestId adopt(
      long number,
      Function<RequestId, Message.Request> request,
      long deadline,
      CallTable.Completion done) {
    RequestId id = calls.adopt(number, deadline, done);
    if (id != null) {
      var unused = request.apply(id); // what comes and goes with it knows its id from now on
    }
    return id;
  }

  private @Nullable RequestId call(OutboundCall asked, Sending sending, long deadline, long now) {
    OutboundCall call = asked.begun();
    if (!call.arguments().isEmpty() && !profile.can(PeerProfile.STREAM)) {
      // The link has changed since its parameters were written.
      call.done().complete(new CallOutcome.Lost(false, "the peer takes no streams"));
      return null;
    }
    if (!call.lively()) {
      return sending.send(id -> request(id, call, 0, deadline, now), deadline, call.done());
    }
    int credits = call.result() == null ? 0 : call.result().first();
    Began began = new Began();
    RequestId sent =
        sending.send(
            id -> {
              began.id = id;
              begin(id, call);
              return request(id, call, credits, deadline, now);
            },
            deadline,
            outcome -> {
              end(began.id);
              call.done().complete(outcome);
            });
    if (sent != null) {
      produce(lively.get(sent));
    }
    return sent;
  }

  private void produce(@Nullable Lively call) {
    for (int i = 0; call != null && i < call.arguments().size(); i++) {
      effects.produce(call.call().arguments().get(i), call.arguments().get(i));
    }
  }

  /** Remembers under which id a call was begun. */
  private static final class Began {
    @Nullable RequestId id;
  }

  private void begin(RequestId id, OutboundCall call) {
    List<Outflow> arguments = new ArrayList<>(0);
    for (int i = 1; i <= call.arguments().size(); i++) {
      arguments.add(new Outflow(id, i, 0));
    }
    lively.put(id, new Lively(call, arguments));
    streams += call.result() == null ? 0 : 1;
  }

  private void end(@Nullable RequestId id) {
    Lively ended = id == null ? null : lively.remove(id);
    if (ended != null) {
      ended.arguments().forEach(Outflow::close);
      streams -= ended.call().result() == null ? 0 : 1;
    }
  }

  private Message.Request request(
      RequestId id, OutboundCall call, int credits, long deadline, long now) {
    return profile.can(PeerProfile.META)
        ? meta.request(id, call, credits, deadline - now, profile.can(PeerProfile.STREAM))
        : new Message.Request(id, call.method(), call.params());
  }

  private Offer out(Message.Request request) {
    if (gathering != null) {
      gathering.add(request);
      return Offer.QUEUED;
    }
    return effects.offer(request);
  }

  /** Sends {@code rpc.hello} under its own id, so that calls still begin at 1. */
  void hello(RawJson params, long deadline, CallTable.Completion completion) {
    calls.sendAs(new RequestId(Names.HELLO_ID), Names.HELLO, params, deadline, completion);
  }

  /**
   * Sends messages together, in one array unless the peer is a client that reads none; in several
   * if it reads no message as long as that. A notification too large by itself is left out.
   *
   * @param deadlines of the calls among them, in their order
   * @return the calls' ids; null for each that has ended already
   */
  List<@Nullable RequestId> batch(List<Outgoing.Member> members, List<Long> deadlines, long now) {
    boolean array = role == Role.CLIENT || profile.can(PeerProfile.BATCH);
    List<Message> together = new ArrayList<>();
    List<@Nullable RequestId> ids = new ArrayList<>();
    gathering = array ? together : null;
    try {
      for (Outgoing.Member member : members) {
        switch (member) {
          case Outgoing.Member.Called(OutboundCall call) ->
              ids.add(call(call, deadlines.get(ids.size()), now));
          case Outgoing.Member.Told(String method, RawJson params) -> {
            Message.Notification told = new Message.Notification(method, params);
            if (MessageArrays.size(told) > profile.frameLimit().bytes()) {
              LOG.log(Level.WARNING, "a notification of a batch is larger than the peer reads");
            } else if (array) {
              together.add(told);
            } else {
              var unused = effects.offer(told);
            }
          }
        }
      }
    } finally {
      gathering = null;
    }
    if (!lost) {
      for (List<Message> one : MessageArrays.fitting(together, profile.frameLimit())) {
        takeBack(one, offerArray(one));
      }
    }
    return ids;
  }

  /** None may wait for an answer to what could not be written. */
  private Offer offerArray(List<Message> array) {
    try {
      return effects.offerBatch(array);
    } catch (RuntimeException | Error e) {
      endAll(array, CallTable.NEVER_WRITTEN);
      throw e;
    }
  }

  private void endAll(List<Message> array, CallOutcome outcome) {
    for (Message message : array) {
      if (message instanceof Message.Request request) {
        calls.end(request.id(), outcome);
      }
    }
  }

  /** Ends the calls of a batch that did not leave. */
  private void takeBack(List<Message> array, Offer offer) {
    CallOutcome outcome =
        switch (offer) {
          case QUEUED -> null;
          case FULL ->
              new CallOutcome.Refused(Fault.of(FaultCode.OVERLOADED, "the outbound queue is full"));
          case CLOSED -> new CallOutcome.Lost(false, "closed");
        };
    if (outcome != null) {
      endAll(array, outcome);
    }
  }

  // ---- from the peer to here

  /** An answer came. False if none of ours waits for it: late, repeated or foreign. */
  boolean answered(RequestId id, CallOutcome outcome) {
    return calls.end(id, outcome);
  }

  /** What comes and goes with one of our calls; null for most. */
  @Nullable Lively lively(RequestId id) {
    return lively.get(id);
  }

  /** The peer tells how far a call has come. False if nobody wants to know. */
  boolean progress(RawJson token, RawJson value) {
    Lively call = lively.get(new RequestId(token.toString()));
    ProgressTeller teller = call == null ? null : call.call().progress();
    if (teller == null) {
      return false;
    }
    teller.tell(value);
    return true;
  }

  // ---- their end

  /** Ends one of our calls and tells the peer that nobody waits for it. False if it had ended. */
  boolean cancel(RequestId id) {
    boolean waited = calls.end(id, new CallOutcome.Cancelled());
    if (waited) {
      tellCancelled(id);
    }
    return waited;
  }

  /** Ends what is past its deadline. */
  void expire(long now) {
    for (RequestId late : calls.expire(now)) {
      tellCancelled(late);
    }
  }

  /** Ends one of our calls here without a word to the peer. */
  void forget(RequestId id) {
    var unused = calls.end(id, new CallOutcome.Lost(true, "goes on elsewhere"));
  }

  /** Tells the peer that nobody waits for a call of a former connection of the session. */
  void giveUp(long number) {
    tellCancelled(role.id(number));
  }

  private void tellCancelled(RequestId id) {
    if (cancellable && !lost) {
      RawJson params = RawJson.parse("{\"id\":" + id.literal() + "}");
      effects.send(new Message.Notification(Names.CANCEL, params));
    }
  }

  long untilNextDeadline(long now) {
    return calls.untilNextDeadline(now);
  }

  /** Those that wait for an answer. */
  int size() {
    return calls.size();
  }

  /** As {@link #size} without streams: who reads one waits only now and then. */
  int answersAwaited() {
    return calls.size() - streams;
  }

  /** An Everwire session was agreed on. */
  void negotiated(PeerProfile told) {
    cancellable();
    profile = told;
    calls.limit(told.frameLimit());
  }

  /**
   * The peer keeps the session when the connection is lost: it is told which answers have arrived,
   * and numbers go on where they were.
   *
   * @param last the largest one given in this session
   */
  void keptBehind(long last) {
    calls.goOnBehind(last);
    acks = new Acks();
    calls.acknowledge(acks);
  }

  /** Numbers go on behind this one. */
  void goOnBehind(long last) {
    calls.goOnBehind(last);
  }

  /** The largest number given to a call. */
  long last() {
    return calls.last();
  }

  /** All messages of the inbox up to this one were dealt with. */
  void inboxDone(Position position) {
    if (acks != null) {
      acks.inbox(position.epoch(), position.offset());
    }
  }

  /** Tells the peer what it may forget: at once if that is much, else soon. */
  void acknowledge(long now) {
    long until = untilAcknowledged(now);
    if (acks != null && until == 0) {
      RawJson ack = acks.take(calls.firstAwaited()).write();
      effects.send(new Message.Notification(Names.ACK, ack));
    } else if (until != Long.MAX_VALUE) {
      effects.wakeBy(now + until);
    }
  }

  /** Nanoseconds until {@link #acknowledge} has something to do. */
  long untilAcknowledged(long now) {
    return acks == null ? Long.MAX_VALUE : acks.untilDue(now);
  }

  /** The session goes on elsewhere. */
  void leftBehind() {
    acks = null;
    calls.acknowledge(null);
  }

  /** The peer understands {@code $/cancelRequest}, or ignores it as LSP wants it. */
  void cancellable() {
    cancellable = true;
  }

  PeerProfile profile() {
    return profile;
  }

  /** The link is gone: what was sent ends, and what comes later ends at once. */
  void lost(String reason) {
    lost = true;
    acks = null;
    calls.close(reason);
  }
}
