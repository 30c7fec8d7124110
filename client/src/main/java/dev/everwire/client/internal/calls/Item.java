package dev.everwire.client.internal.calls;

import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.OutboundCall;
import dev.everwire.session.internal.Outgoing;
import dev.everwire.session.internal.rpc.FrameLimit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that waits, or a call on its way. Event loop only; times are the loop's. */
abstract sealed class Item {
  static final long NEVER = Long.MAX_VALUE;

  /** Its place: what was made earlier has a smaller one and goes first. */
  final long place;

  /** When it was made. */
  final long since;

  private Item(long place, long since) {
    this.place = place;
    this.since = since;
  }

  /** Messages in it. */
  abstract int messages();

  /** About how many bytes it takes. */
  abstract long bytes();

  /** The calls that go out with it. */
  abstract List<Call> callsInIt();

  final int calls() {
    return callsInIt().size();
  }

  /** Where it waits: the limiter's name, or empty for everything else. */
  String lane() {
    return "";
  }

  static long size(String method, @Nullable RawJson params) {
    return FrameLimit.size(RequestId.NULL, method, params);
  }

  /** Where a call is. */
  enum Stage {
    WAITING,
    SENT,
    SUSPENDED, // until the session is resumed
    ENDED
  }

  static final class Call extends Item {
    final OutboundCall asked;
    final long deadline; // NEVER without one
    final boolean limitedAndWaits;
    private final long bytes;
    Stage stage = Stage.WAITING;
    boolean maybeExecuted; // it was sent on a connection that is gone
    boolean readerWaits;
    int sending; // counts how often it was sent, to know whose outcome comes
    long link; // while sent: on which connection
    long number; // on the wire, while the session is kept; else 0
    Outgoing.Running running = Outgoing.Running.ENDED; // while sent
    @Nullable Together batch; // while it waits in one

    Call(long place, OutboundCall asked, long now) {
      super(place, now);
      this.asked = asked;
      this.deadline = asked.options().within().map(within -> now + within.toNanos()).orElse(NEVER);
      this.bytes = size(asked.method(), asked.params());
      this.limitedAndWaits = asked.options().limit().map(CallOptions.Limit::waits).orElse(false);
    }

    @Override
    int messages() {
      return 1;
    }

    @Override
    long bytes() {
      return bytes;
    }

    @Override
    List<Call> callsInIt() {
      return List.of(this);
    }

    @Override
    String lane() {
      return limitedAndWaits ? asked.options().limit().orElseThrow().name() : "";
    }

    /** Nothing of it was consumed by sending it, so it can be sent once more. */
    boolean sendable() {
      return asked.result() == null && asked.arguments().isEmpty();
    }
  }

  static final class Told extends Item {
    final String method;
    final @Nullable RawJson params;
    private final long bytes;

    Told(long place, String method, @Nullable RawJson params, long now) {
      super(place, now);
      this.method = method;
      this.params = params;
      this.bytes = size(method, params);
    }

    @Override
    int messages() {
      return 1;
    }

    @Override
    long bytes() {
      return bytes;
    }

    @Override
    List<Call> callsInIt() {
      return List.of();
    }
  }

  /** A batch that waits as one. Its members are not in the queue themselves. */
  static final class Together extends Item {
    final List<Item> members; // calls that ended are taken out

    /**
     * @param places the first of as many as there are members and one more
     */
    static Together of(List<Outgoing.Member> asked, long places, long now) {
      List<Item> members = new ArrayList<>();
      for (Outgoing.Member member : asked) {
        long place = places + members.size();
        members.add(
            switch (member) {
              case Outgoing.Member.Called(OutboundCall call) -> new Call(place, call, now);
              case Outgoing.Member.Told(String method, RawJson params) ->
                  new Told(place, method, params, now);
            });
      }
      return new Together(places + members.size(), members, now);
    }

    private Together(long place, List<Item> members, long now) {
      super(place, now);
      this.members = members;
      callsInIt().forEach(call -> call.batch = this);
    }

    @Override
    int messages() {
      return members.size();
    }

    @Override
    long bytes() {
      return members.stream().mapToLong(Item::bytes).sum();
    }

    @Override
    List<Call> callsInIt() {
      List<Call> calls = new ArrayList<>();
      members.forEach(member -> calls.addAll(member.callsInIt()));
      return calls;
    }
  }
}
