package dev.everwire.client.internal.calls;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.internal.OutboundCall;
import dev.everwire.session.internal.Outgoing;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection by hand: remembers what was sent and ends it when told. */
final class FakeWire implements Wire {
  /** In order; a batch in brackets, notifications with an exclamation mark. */
  final List<String> sent = new ArrayList<>();

  /** The newest of each name, until it ends. */
  final Map<String, OutboundCall> open = new LinkedHashMap<>();

  final List<String> cancelled = new ArrayList<>();

  /** What number each call was sent under. */
  final Map<String, Long> numbers = new LinkedHashMap<>();

  final List<Long> givenUp = new ArrayList<>();
  long number; // the last one given
  Consumer<String> onSend = method -> {};
  long unsent;
  boolean full; // refuses calls as a connection without room does
  boolean dead; // ends calls as a connection that is gone does
  boolean closing; // and says so
  boolean throwing;

  @Override
  public Outgoing.Running call(OutboundCall call) {
    sent.add(call.method());
    return begin(call, ++number);
  }

  @Override
  public Outgoing.Running again(long under, OutboundCall call) {
    sent.add(call.method() + "@" + under);
    return begin(call, under);
  }

  @Override
  public Outgoing.Running adopt(long under, OutboundCall call) {
    sent.add(call.method() + " is awaited as " + under);
    return begin(call, under);
  }

  @Override
  public void giveUp(long under) {
    givenUp.add(under);
  }

  private Outgoing.Running begin(OutboundCall call, long under) {
    if (throwing) {
      throw new IllegalStateException("cannot be written");
    }
    if (dead) {
      call.done().complete(new CallOutcome.Lost(false, "closed"));
      return Outgoing.Running.ENDED;
    }
    if (full) {
      call.done()
          .complete(new CallOutcome.Refused(Fault.of(FaultCode.OVERLOADED, "the queue is full")));
      return Outgoing.Running.ENDED;
    }
    onSend.accept(call.method());
    open.put(call.method(), call);
    numbers.put(call.method(), under);
    return new Outgoing.Running() {
      @Override
      public void cancel() {
        if (open.remove(call.method(), call)) {
          cancelled.add(call.method());
          call.done().complete(new CallOutcome.Cancelled());
        }
      }

      @Override
      public long number() {
        return under;
      }

      @Override
      public void forget() {
        if (open.remove(call.method(), call)) {
          sent.add(call.method() + " is forgotten");
          call.done().complete(new CallOutcome.Lost(true, "goes on elsewhere"));
        }
      }

      @Override
      public void grant(int n) {}

      @Override
      public void readerWaits(boolean on) {
        sent.add(call.method() + (on ? " is waited for" : " is not waited for"));
      }
    };
  }

  @Override
  public List<Outgoing.Running> batch(List<Outgoing.Member> members) {
    List<String> names = new ArrayList<>();
    List<Outgoing.Running> running = new ArrayList<>();
    for (Outgoing.Member member : members) {
      switch (member) {
        case Outgoing.Member.Called(OutboundCall call) -> {
          names.add(call.method());
          running.add(begin(call, ++number));
        }
        case Outgoing.Member.Told(String method, RawJson params) -> names.add(method + "!");
      }
    }
    sent.add(names.toString());
    return running;
  }

  @Override
  public Offer offer(String method, @Nullable RawJson params) {
    if (dead) {
      return Offer.CLOSED;
    }
    sent.add(method + "!");
    return full ? Offer.FULL : Offer.QUEUED;
  }

  @Override
  public Offer send(String method, @Nullable RawJson params) {
    if (dead) {
      return Offer.CLOSED;
    }
    sent.add(method + "!");
    return Offer.QUEUED;
  }

  @Override
  public boolean open() {
    return !closing;
  }

  @Override
  public long unsentBytes() {
    return unsent;
  }

  void answer(String method) {
    end(method, new CallOutcome.Answered(RawJson.NULL));
  }

  void end(String method, CallOutcome outcome) {
    OutboundCall call = open.remove(method);
    if (call == null) {
      throw new AssertionError(method + " is not open: " + open.keySet());
    }
    call.done().complete(outcome);
  }

  /** Ends all its calls as a link does that drops; in the opposite order, for good measure. */
  void lose() {
    dead = true;
    for (String method : List.copyOf(open.keySet()).reversed()) {
      end(method, new CallOutcome.Lost(true, "cut"));
    }
  }
}
