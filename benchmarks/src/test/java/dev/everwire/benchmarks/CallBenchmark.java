package dev.everwire.benchmarks;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.Argument;
import dev.everwire.session.internal.Effects;
import dev.everwire.session.internal.Role;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.SessionEngine;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.internal.stream.Outflow;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A call from one engine to another and its answer, as text, with no thread and no socket. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CallBenchmark {
  private final End client = new End(Role.CLIENT);
  private final End server = new End(Role.SERVER);
  private final RawJson params = RawJson.parse("[\"" + "x".repeat(64) + "\",42]");

  public CallBenchmark() {
    client.peer = server;
    server.peer = client;
  }

  /** What came back. */
  @Benchmark
  public Object callAndAnswer() {
    client.outcome = null;
    client.engine.call("echo", params, Long.MAX_VALUE, outcome -> client.outcome = outcome);
    if (client.outcome instanceof CallOutcome.Answered(RawJson result)) {
      return result;
    }
    throw new IllegalStateException("not answered");
  }

  /** One end: what it sends is read by the other at once. */
  private static final class End implements Effects {
    private final JsonRpcCodec codec = new JsonRpcCodec(200, 100);
    private final JsonWriter out = new JsonWriter();
    private final SessionEngine engine;
    private @Nullable End peer;
    private @Nullable CallOutcome outcome;

    End(Role role) {
      Route echo = new Route.Served(Exposed.of("echo", call -> null, Execution.CONCURRENT));
      this.engine =
          new SessionEngine(
              role,
              method -> method.equals("echo") ? echo : null,
              SessionLimits.DEFAULT,
              Heartbeat.DEFAULT,
              1.0,
              0,
              this);
    }

    @Override
    public void send(Message message) {
      End to = peer;
      if (to != null) {
        codec.write(message, out.reset());
        to.engine.receive(codec.read(out.buffer()), 0);
      }
    }

    @Override
    public Offer offerBatch(List<? extends Message> messages) {
      throw new AssertionError();
    }

    @Override
    public void later(Runnable task) {
      throw new AssertionError();
    }

    @Override
    public void produce(Argument argument, Outflow out) {
      throw new AssertionError();
    }

    @Override
    public Offer offer(Message message) {
      send(message);
      return Offer.QUEUED;
    }

    @Override
    public void run(InboundCall call, Exposed method) {
      RawJson given = call.params();
      call.answer(given == null ? RawJson.NULL : given);
      engine.returned(call, 0);
    }

    @Override
    public void sendBatch(List<Message.Response> responses) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void runInline(InboundCall call, Route.InlineHandler handler) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void runNow(InboundCall call, Exposed method) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void interrupt(InboundCall call) {}

    @Override
    public void wakeBy(long at) {}

    @Override
    public void pingFrame() {}

    @Override
    public void reading(boolean on) {}

    @Override
    public void close(CloseCode code, String reason) {}
  }
}
