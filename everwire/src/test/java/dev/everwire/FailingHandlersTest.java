package dev.everwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.session.Call;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Execution;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handlers that fail, hang or answer too much: the right error, and nobody else feels it. */
@Timeout(120)
class FailingHandlersTest {
  /** What carries client and server. */
  enum Carrier {
    MEMORY,
    SOCKETS
  }

  private static final int LIMIT = 100_000;
  private static final TransportLimits SMALL = TransportLimits.SERVER.withMaxMessageBytes(LIMIT);

  private final MemoryNetwork network = new MemoryNetwork();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("clock").unstarted(task));
  private final List<Client> clients = new ArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private Carrier carrier = Carrier.MEMORY;
  private Server server;

  @AfterEach
  void close() {
    release.countDown();
    clients.forEach(Client::close);
    if (server != null) {
      server.close();
    }
    clock.shutdownNow();
  }

  @ParameterizedTest
  @EnumSource
  void whateverAHandlerThrowsIsAnIncidentAndTheConnectionGoesOn(Carrier by) throws IOException {
    start(by, builder(by));
    Client client = connect(client());
    for (String method :
        List.of("throws", "overflows", "exhausts", "asserts", "unwritable", "throwsNow")) {
      Fault fault = faultOf(client, method, List.of());
      assertThat(fault.code()).describedAs(method).isEqualTo(FaultCode.INTERNAL);
      assertThat(fault.message())
          .describedAs(method)
          .matches("Internal error: incident [0-9a-f]{8}");
      assertThat(fault.data()).describedAs(method).isNull();
      assertThat(client.call("add", List.of(1, 2), int.class)).describedAs(method).isEqualTo(3);
    }
    assertThat(client.call("nothing", null, Object.class)).isNull();
    assertThat(server.connections()).isOne();
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatDisclosesSaysWhatWasThrown(Carrier by) throws IOException {
    start(by, builder(by).discloseErrors(true));
    Fault fault = faultOf(connect(client()), "throws", List.of());
    assertThat(fault.data())
        .asString()
        .contains("\"type\":\"java.lang.IllegalStateException\"", "\"message\":\"secret\"");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsLargerThanTheOtherEndReadsEndsOnlyItsCall(Carrier by) throws IOException {
    start(by, builder(by).transportLimits(SMALL));
    Client client = connect(client().transportLimits(SMALL));
    String session = client.sessionId().orElseThrow();

    Fault result = faultOf(client, "repeat", List.of("x", LIMIT));
    assertThat(result.code()).isEqualTo(FaultCode.TOO_LARGE);
    assertThat(result.data()).asString().contains("\"limit\":" + LIMIT);
    Fault request = faultOf(client, "repeat", List.of("x".repeat(LIMIT), 1));
    assertThat(request.code()).isEqualTo(FaultCode.TOO_LARGE);
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> client.notify("add", List.of("x".repeat(LIMIT))));

    assertThat(client.call("repeat", List.of("x", LIMIT / 2), String.class)).hasSize(LIMIT / 2);
    assertThat(client.sessionId()).contains(session);
  }

  @ParameterizedTest
  @EnumSource
  void aFloodOfHangingCallsIsRefusedBeyondTheBoundAndLeavesNothingBehind(Carrier by)
      throws Exception {
    start(by, builder(by));
    // One that knows no bound: an Everwire client keeps to the server's.
    Client flooding = connect(client().plain().cancelPlain());
    Client other = connect(client());
    List<CompletableFuture<Object>> calls = new ArrayList<>();
    CountDownLatch refused = new CountDownLatch(300 - 256);
    for (int i = 0; i < 300; i++) {
      CompletableFuture<Object> call =
          flooding.callAsync("hang", null, Object.class, CallOptions.within(Duration.ofMinutes(5)));
      calls.add(call);
      var unused =
          call.whenComplete((value, failure) -> {
            if (failure != null && overloaded(failure)) {
              refused.countDown();
            }
          });
    }
    assertThat(refused.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(other.call("add", List.of(1, 2), int.class)).isEqualTo(3);
    assertThat(flooding.call("addNow", List.of(1, 2), int.class)).isEqualTo(3);

    // Those that wait first, so that none of them starts when the others make room.
    calls.reversed().forEach(call -> call.cancel(true));
    for (int i = 0; i < 32; i++) {
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("interrupted");
    }
    assertThat(flooding.call("add", List.of(2, 2), int.class)).isEqualTo(4);
    assertThat(seen).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aHandlerThatHangsIsInterruptedAtTheDeadlineThatTravelled(Carrier by) throws Exception {
    start(by, builder(by));
    Client client = connect(client());
    Map<String, Object> params = Map.of("_meta", Map.of("timeoutMs", 200));
    assertThat(faultOf(client, "hang", params).code()).isEqualTo(FaultCode.DEADLINE_PASSED);
    assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("interrupted");
    assertThat(client.call("add", List.of(1, 2), int.class)).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void callsInOrderNestInBothDirections(Carrier by) throws IOException {
    start(by, builder(by));
    Client client =
        connect(
            client()
                .method("back", FailingHandlersTest::down, Execution.IN_ORDER)
                .method("free", FailingHandlersTest::down));
    for (String method : List.of("back", "free")) {
      assertThat(client.call("nest", List.of(method, 6), int.class))
          .describedAs(method)
          .isEqualTo(6);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBlockingCallOnTheLoopIsRefusedAtOnce(Carrier by) throws IOException {
    start(by, builder(by));
    Client client = connect(client().method("back", call -> 1));
    assertThat(faultOf(client, "blocksNow", List.of()).code()).isEqualTo(FaultCode.INTERNAL);
    assertThat(client.call("addNow", List.of(1, 2), int.class)).isEqualTo(3);
  }

  // ---- what is served

  private ServerBuilder builder(Carrier by) {
    ServerBuilder builder =
        switch (by) {
          case MEMORY ->
              Server.builder().listen(network.listener("server", 2)).values(JacksonValues.create());
          case SOCKETS -> Everwire.server(0);
        };
    return builder
        .drainFor(Duration.ofMillis(100))
        .method("add", FailingHandlersTest::add)
        .method("addNow", FailingHandlersTest::add, Execution.NON_BLOCKING)
        .method("nothing", call -> null)
        .method("throws", FailingHandlersTest::fail)
        .method("throwsNow", FailingHandlersTest::fail, Execution.NON_BLOCKING)
        .method("overflows", call -> overflow(1))
        .method("exhausts", call -> new long[Integer.MAX_VALUE])
        .method(
            "asserts",
            call -> {
              throw new AssertionError("secret");
            })
        .method("unwritable", call -> cycle())
        .method(
            "repeat",
            call ->
                call.params()
                    .get(0, "text", String.class)
                    .repeat(call.params().get(1, "times", int.class)))
        .method("hang", this::hang)
        .method("nest", FailingHandlersTest::nest, Execution.IN_ORDER)
        .method(
            "blocksNow",
            call -> call.caller().peer().call("back", null, int.class),
            Execution.NON_BLOCKING);
  }

  private static int add(Call call) {
    return call.params().get(0, "a", int.class) + call.params().get(1, "b", int.class);
  }

  private static Object fail(Call call) {
    throw new IllegalStateException("secret");
  }

  @SuppressWarnings("InfiniteRecursion") // on purpose
  private static int overflow(int depth) {
    return overflow(depth + 1) + 1;
  }

  private static Object cycle() {
    Map<String, Object> cycle = new HashMap<>();
    cycle.put("self", cycle);
    return cycle;
  }

  private Object hang(Call call) {
    try {
      release.await();
    } catch (InterruptedException e) {
      seen.add("interrupted");
    }
    return 1;
  }

  /** At the server: asks the client, which asks the server again, as often as it is told. */
  private static Object nest(Call call) {
    String method = call.params().get(0, "method", String.class);
    int left = call.params().get(1, "left", int.class);
    return left == 0 ? 0 : ask(call, method, List.of(method, left));
  }

  /** At the client. */
  private static Object down(Call call) {
    String method = call.params().get(0, "method", String.class);
    int left = call.params().get(1, "left", int.class);
    return ask(call, "nest", List.of(method, left - 1)) + 1;
  }

  private static int ask(Call call, String method, Object params) {
    Integer answer = call.caller().peer().call(method, params, Integer.class);
    return answer == null ? -1 : answer;
  }

  // ---- words

  private void start(Carrier by, ServerBuilder builder) throws IOException {
    carrier = by;
    if (by == Carrier.MEMORY) {
      clock.scheduleAtFixedRate(
          () -> network.advance(Duration.ofMillis(5)), 5, 5, TimeUnit.MILLISECONDS);
    }
    server = builder.start();
  }

  private ClientBuilder client() {
    return switch (carrier) {
      case MEMORY ->
          Client.builder(URI.create("ws://server/ws"))
              .ownDialer(network::dialer)
              .values(JacksonValues.create());
      case SOCKETS -> Everwire.client(URI.create("ws://127.0.0.1:" + server.port() + "/ws"));
    };
  }

  private Client connect(ClientBuilder builder) {
    Client client = builder.connect();
    clients.add(client);
    return client;
  }

  private static Fault faultOf(Client client, String method, Object params) {
    try {
      Object answer = client.call(method, params, Object.class);
      throw new AssertionError(method + " answered " + answer);
    } catch (FaultException e) {
      return e.fault();
    }
  }

  private static boolean overloaded(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof FaultException e
        && e.fault().code() == FaultCode.OVERLOADED
        && String.valueOf(e.fault().data()).contains("retryAfterMs");
  }
}
