package dev.everwire.client.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.flow.RateLimiters;
import dev.everwire.session.internal.OutboundCall;
import dev.everwire.session.internal.Outgoing;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A {@link CallQueue} that is stepped by hand. Times are seconds. */
final class QueueByHand implements CallQueue.Watcher {
  static final long SECOND = 1_000_000_000L;

  long now;

  final List<Boolean> pressure = new ArrayList<>();
  final Room room = new Room(this::pressure);
  final TreeMap<String, CallOutcome> outcomes = new TreeMap<>(); // by method
  final List<String> endings = new ArrayList<>(); // of calls, in order
  final List<String> dropped = new ArrayList<>();
  final RateLimiters limiters = new RateLimiters(() -> now);
  final CallQueue queue;
  int ended;

  QueueByHand(WhileAway away, int maxPending) {
    queue = new CallQueue(away, maxPending, limiters, this, room, () -> now);
  }

  QueueByHand(WhileAway away) {
    this(away, 1_000);
  }

  FakeWire online(int inflight) {
    return online(inflight, Resumption.NONE);
  }

  FakeWire online(int inflight, Resumption answer) {
    FakeWire wire = new FakeWire();
    queue.online(wire, inflight, answer, () -> {});
    return wire;
  }

  /** The link drops as links do: calls end first, then the queue is told. */
  void lose(FakeWire wire) {
    wire.lose();
    queue.offline();
  }

  Outgoing.Running call(String method) {
    return call(method, CallOptions.DEFAULT);
  }

  Outgoing.Running call(String method, CallOptions options) {
    return queue.call(outbound(method, options, null));
  }

  OutboundCall outbound(String method, CallOptions options, @Nullable RawJson params) {
    return OutboundCall.of(
        method,
        params,
        options,
        outcome -> assertThat(outcomes.put(method, outcome)).as("%s ended twice", method).isNull());
  }

  void calls(String... methods) {
    for (String method : methods) {
      call(method);
    }
  }

  void at(double seconds) {
    now = (long) (seconds * SECOND);
    queue.due();
  }

  CallOutcome outcome(String method) {
    CallOutcome outcome = outcomes.get(method);
    assertThat(outcome).as("outcome of %s", method).isNotNull();
    return outcome;
  }

  /** Everything has ended and nothing is left. */
  void assertExhausted() {
    assertThat(queue.pending()).isZero();
    assertThat(room.messages()).isZero();
    assertThat(room.bytes()).isZero();
    assertThat(queue.untilDue()).isEqualTo(Item.NEVER);
    assertThat(ended).isEqualTo(outcomes.size());
  }

  private void pressure() {
    pressure.add(room.pressed());
  }

  static WhileAway keeping(int messages) {
    return WhileAway.queue(messages, 1 << 20, Duration.ofSeconds(30));
  }

  @Override
  public void ended(String method, CallOutcome outcome, long nanos) {
    ended++;
    endings.add(method);
  }

  @Override
  public void stepped() {}

  @Override
  public void dropped(int messages, String why) {
    dropped.add(messages + ": " + why);
  }
}
