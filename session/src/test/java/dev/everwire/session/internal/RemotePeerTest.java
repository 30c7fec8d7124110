package dev.everwire.session.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Batch;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Errors;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.stream.ItemStream;
import dev.everwire.session.transport.Loop;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of calls that are made, given up, or cannot be made; the loop is run by hand. */
class RemotePeerTest {
  private static final ValueCodec NUMBERS =
      new ValueCodec() {
        @Override
        public @Nullable Object decode(RawJson json, Type type) {
          return (int) json.asLong();
        }

        @Override
        public RawJson encode(@Nullable Object value) {
          if (value instanceof Integer number) {
            return RawJson.number(number);
          }
          throw new IllegalArgumentException("no number");
        }
      };

  private final ByHand loop = new ByHand();
  private final Sent sent = new Sent();
  private final ArrayDeque<Runnable> work = new ArrayDeque<>();
  private final AtomicInteger closed = new AtomicInteger();
  private final RemotePeer peer = new RemotePeer(sent, NUMBERS, work::add, Errors.NONE);

  private ItemStream<Integer> numbers() {
    return ItemStream.of(List.of(1, 2).iterator(), closed::incrementAndGet);
  }

  private void runAll() {
    while (!loop.tasks.isEmpty() || !work.isEmpty()) {
      (loop.tasks.isEmpty() ? work : loop.tasks).remove().run();
    }
  }

  private CompletableFuture<@Nullable Object> ask(List<?> params) {
    return peer.callAsync("hers", params, Integer.class, CallOptions.DEFAULT);
  }

  // ---- batches

  @Test
  void aCallOfABatchThatIsCancelledBeforeIsNotSent() {
    Batch batch = peer.batch();
    CompletableFuture<@Nullable Integer> dropped =
        batch.call("a", List.of(numbers()), Integer.class);
    CompletableFuture<@Nullable Integer> kept = batch.call("b", null, Integer.class);
    dropped.cancel(false);
    batch.notify("c", null).send();
    runAll();

    assertThat(sent.calls).extracting(OutboundCall::method).containsExactly("b");
    assertThat(sent.told).containsExactly("c");
    assertThat(closed).hasValue(1);
    sent.calls.getFirst().done().complete(new CallOutcome.Answered(RawJson.number(3)));
    runAll();
    assertThat(kept).isCompletedWithValue(3);
  }

  @Test
  void aCallOfABatchThatIsCancelledLaterIsCancelledThere() {
    Batch batch = peer.batch();
    batch.notify("c", null);
    CompletableFuture<@Nullable Integer> call = batch.call("a", null, Integer.class);
    batch.send();
    runAll();
    call.cancel(false);
    runAll();
    assertThat(sent.cancelled).hasValue(1);
  }

  @Test
  void aBatchThatFailsOnTheLoopEndsAllItsCalls() {
    sent.broken = true;
    Batch batch = peer.batch();
    CompletableFuture<@Nullable Integer> one = batch.call("a", null, Integer.class);
    CompletableFuture<@Nullable Integer> two = batch.call("b", null, Integer.class);
    batch.send();
    assertThatThrownBy(this::runAll).hasMessage("broken");
    runAll();
    for (var call : List.of(one, two)) {
      assertThatThrownBy(call::join).hasCauseInstanceOf(ConnectionLostException.class);
    }
  }

  @Test
  void aCallThatFailsOnTheLoopEnds() {
    sent.broken = true;
    CompletableFuture<@Nullable Object> call = ask(List.of(numbers()));
    assertThatThrownBy(this::runAll).hasMessage("broken");
    runAll();
    assertThatThrownBy(call::join).hasCauseInstanceOf(ConnectionLostException.class);
    assertThat(closed).hasValue(1);
  }

  // ---- streams as arguments

  @Test
  void anArgumentIsClosedWhenItsCallIsCancelled() {
    CompletableFuture<@Nullable Object> call = ask(List.of(numbers()));
    runAll();
    call.cancel(false);
    runAll();
    assertThat(closed).hasValue(1);
  }

  @Test
  void argumentsAreClosedWhenAnotherParameterCannotBeWritten() {
    assertThatThrownBy(() -> ask(List.of(numbers(), "text", numbers())))
        .isInstanceOf(IllegalArgumentException.class);
    sent.plain = true;
    assertThatThrownBy(() -> peer.notify("told", List.of(numbers(), "text", numbers())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(closed).hasValue(4);
  }

  // ---- progress

  @Test
  void onlyAnAnswerWaitsForTheListenerOfProgress() {
    List<Integer> heard = new ArrayList<>();
    CallOptions options = CallOptions.DEFAULT.onProgress(Integer.class, heard::add);
    List<CompletableFuture<@Nullable Object>> calls = new ArrayList<>();
    List<CallOutcome> ends =
        List.of(
            new CallOutcome.Expired(),
            new CallOutcome.Lost(true, "cut"),
            new CallOutcome.Refused(Fault.of(7, "no")),
            new CallOutcome.Answered(RawJson.number(3)));
    for (CallOutcome end : ends) {
      calls.add(peer.callAsync("slow", null, Integer.class, options));
      loop.tasks.remove().run();
      OutboundCall call = sent.calls.getLast();
      ProgressTeller teller = call.progress();
      assertThat(teller).isNotNull();
      teller.tell(RawJson.number(50)); // the worker that tells it does not run
      call.done().complete(end);
    }
    List<Runnable> tellers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      tellers.add(work.remove()); // tells
      work.remove().run(); // binds the outcome
      assertThat(calls.get(i)).isCompletedExceptionally();
    }
    assertThat(calls.get(2)).isNotDone();
    assertThat(calls.get(3)).isNotDone();
    tellers.forEach(Runnable::run);
    assertThat(heard).isEmpty();
    runAll();
    assertThat(heard).containsExactly(50, 50);
    assertThat(calls.get(3)).isCompletedWithValue(3);
  }

  @Test
  void whereCallsPassNoLimiterNamingOneIsAnErrorAndClosesTheArguments() {
    CallOptions limited = CallOptions.DEFAULT.limitedBy("orders");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> peer.callAsync("hers", List.of(numbers()), Integer.class, limited))
        .withMessage("limitedBy: orders (expected: none, calls pass no limiter)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> peer.batch().call("hers", List.of(numbers()), Integer.class, limited))
        .withMessageStartingWith("limitedBy: orders");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> peer.stream("hers", null, Integer.class, limited))
        .withMessageStartingWith("limitedBy: orders");
    runAll();
    assertThat(closed).hasValue(2);
    assertThat(sent.calls).isEmpty();
  }

  private final class Sent implements Outgoing {
    final List<OutboundCall> calls = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    final AtomicInteger cancelled = new AtomicInteger();
    boolean broken;
    boolean plain;

    @Override
    public Loop loop() {
      return loop;
    }

    @Override
    public boolean takesStreams() {
      return !plain;
    }

    @Override
    public Running call(OutboundCall call) {
      if (broken) {
        throw new IllegalStateException("broken");
      }
      calls.add(call);
      return new Running() {
        @Override
        public void cancel() {
          cancelled.incrementAndGet();
          call.done().complete(new CallOutcome.Cancelled());
        }

        @Override
        public void grant(int n) {}

        @Override
        public void readerWaits(boolean on) {}
      };
    }

    @Override
    public List<Running> batch(List<Member> members) {
      List<Running> running = new ArrayList<>();
      for (Member member : members) {
        switch (member) {
          case Member.Called(OutboundCall call) -> running.add(call(call));
          case Member.Told(String method, var params) -> told.add(method);
        }
      }
      return running;
    }

    @Override
    public Offer notify(String method, @Nullable RawJson params) {
      told.add(method);
      return Offer.QUEUED;
    }
  }

  private static final class ByHand implements Loop {
    final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public boolean inLoop() {
      return false;
    }

    @Override
    public long now() {
      return 0;
    }

    @Override
    public Instant wallTime() {
      return Instant.EPOCH;
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
      throw new UnsupportedOperationException();
    }
  }
}
