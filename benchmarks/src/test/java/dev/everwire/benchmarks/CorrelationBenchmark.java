package dev.everwire.benchmarks;

import dev.everwire.client.internal.foreign.PendingRequests;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.rpc.CallTable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One more call is registered, and its answer finds it: among those that wait, the same number all
 * the time. To an Everwire server, and to somebody else's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CorrelationBenchmark {
  private static final int IDS = 4_096; // more than wait at once
  private static final long LONG = TimeUnit.SECONDS.toNanos(30);

  private final RawJson params = RawJson.parse("[\"" + "x".repeat(64) + "\",42]");
  private final RequestId[] ids = new RequestId[IDS];
  private final String[] names = new String[IDS];

  /** Calls that wait, the measured one among them. */
  @Param({"1", "1000"})
  public int pending;

  private CallTable calls = new CallTable(1, RequestId::number, request -> Offer.QUEUED);
  private PendingRequests<RawJson> requests = new PendingRequests<>(1);
  private int callsMade;
  private int requestsMade;
  private @Nullable Object answer;

  /** Fills the tables, up to one call. */
  @Setup
  public void setUp() {
    for (int i = 0; i < IDS; i++) {
      ids[i] = RequestId.number(1_000_000 + i);
      names[i] = "01K%023d".formatted(i); // as long as a ULID
    }
    calls = new CallTable(pending, n -> ids[(int) (n % IDS)], request -> Offer.QUEUED);
    requests = new PendingRequests<>(pending);
    for (int i = 1; i < pending; i++) {
      call();
      request();
    }
  }

  /** One more call is made, and the oldest answered. */
  @Benchmark
  public @Nullable Object callOfEverwire() {
    call();
    calls.end(ids[(callsMade - pending + 1) % IDS], new CallOutcome.Answered(params));
    return answer;
  }

  /** As {@link #callOfEverwire}, of the client for any protocol. */
  @Benchmark
  public @Nullable Object requestOfAnyProtocol() {
    request();
    requests.answer(names[(requestsMade - pending + 1) % IDS], params);
    return answer;
  }

  /** How many wait now. */
  int waiting() {
    return calls.size() + requests.size();
  }

  private void call() {
    callsMade++;
    calls.send("orders.place", params, callsMade + LONG, outcome -> answer = outcome);
  }

  private void request() {
    requestsMade++;
    String id = names[requestsMade % IDS];
    requests.add(id, requestsMade + LONG, false, outcome -> answer = outcome);
    requests.sent(id);
  }
}
