package dev.everwire.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.netty.NettyDialer;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Offer;
import dev.everwire.server.Server;
import dev.everwire.session.CallOptions;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One peer says too much, over real sockets; another one must not notice. */
@Timeout(120)
class FloodTest {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();
  private Server server;
  private Client good;
  private Dialer dialer;

  @BeforeEach
  void start() throws IOException {
    server =
        Everwire.server(0)
            .method("echo", call -> call.params().raw())
            .method("hang", call -> hang())
            .start();
    good = Everwire.client(uri()).connect();
    dialer = NettyDialer.create();
  }

  private int hang() throws InterruptedException {
    running.incrementAndGet();
    try {
      release.await();
    } finally {
      running.decrementAndGet();
    }
    return 1;
  }

  private URI uri() {
    return URI.create("ws://" + server.host() + ":" + server.port() + "/ws");
  }

  @AfterEach
  void nothingIsLeft() {
    release.countDown();
    good.close();
    dialer.close();
    Await.until(() -> server.connections() == 0, LONGEST);
    Await.until(() -> running.get() == 0, LONGEST);
    server.close();
  }

  private void theOtherOneIsServed() {
    assertThat(good.call("echo", List.of("still", "here"), List.class, CallOptions.within(LONGEST)))
        .isEqualTo(List.of("still", "here"));
  }

  private static String request(int id, String method) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\""
        + method
        + "\",\"params\":["
        + id
        + "]}";
  }

  @Test
  void ofAHundredThousandCallsInOneGoEachIsAnsweredOnceOrRefusedAsTooMany() {
    int count = 100_000;
    Flooder flooder = new Flooder();

    flooder.flood(count, id -> request(id, "echo"));
    theOtherOneIsServed();

    Await.until(() -> flooder.answers.get() == count, LONGEST);
    assertThat(flooder.doubles).hasValue(0);
    assertThat(flooder.results.get() + flooder.overloaded.get()).isEqualTo(count);
    assertThat(flooder.results).hasPositiveValue();
  }

  @Test
  void aFloodOfCancellationsEndsWhatItNamesAndNothingElse() {
    Flooder flooder = new Flooder();
    flooder.flood(200, id -> request(id, "hang"));
    Await.until(() -> running.get() == 32, LONGEST);

    flooder.flood(
        50_000,
        id ->
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":" + id + "}}");
    theOtherOneIsServed();

    Await.until(() -> flooder.answers.get() == 200, LONGEST);
    assertThat(flooder.cancelled).hasValue(200);
    assertThat(flooder.doubles).hasValue(0);
    Await.until(() -> running.get() == 0, LONGEST);
  }

  @Test
  void aFloodOfAnswersThatNobodyAskedForIsIgnored() {
    Flooder flooder = new Flooder();

    flooder.flood(50_000, id -> "{\"jsonrpc\":\"2.0\",\"id\":\"s:" + id + "\",\"result\":0}");
    theOtherOneIsServed();
    flooder.flood(1, id -> request(id, "echo"));

    Await.until(() -> flooder.answers.get() == 1, LONGEST);
    assertThat(flooder.results).hasValue(1);
  }

  @Test
  void whatIsTooDeepIsAParseErrorAndWhatIsTooLongEndsItsConnectionOnly() {
    Flooder flooder = new Flooder();

    flooder.flood(100, id -> "[".repeat(90_000));
    Await.until(() -> flooder.parseErrors.get() == 100, LONGEST);
    flooder.flood(
        100,
        id ->
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":"
                + "{\"a\":".repeat(9_000));
    Await.until(() -> flooder.parseErrors.get() == 200, LONGEST);
    flooder.flood(1, id -> "[\"" + "x".repeat(11 * 1024 * 1024) + "\"]");

    Await.until(() -> flooder.closeCode.get() != null, LONGEST);
    assertThat(flooder.closeCode.get()).isEqualTo(1009);
    theOtherOneIsServed();
    Await.until(() -> server.connections() == 1, LONGEST);
  }

  @Test
  void aSlowCallHoldsUpNoneBehindIt() {
    List<CompletableFuture<?>> slow = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      slow.add(good.callAsync("hang", null, int.class, CallOptions.within(LONGEST)));
    }

    for (int i = 0; i < 20; i++) {
      theOtherOneIsServed();
    }

    assertThat(slow).noneMatch(CompletableFuture::isDone);
    release.countDown();
    assertThat(slow).allSatisfy(call -> assertThat(call.join()).isEqualTo(1));
  }

  @Test
  void aConnectionThatGoesWhileItsHandlersRunLeavesNothing() {
    for (int i = 0; i < 50; i++) {
      Flooder flooder = new Flooder();
      flooder.flood(10, id -> request(id, id % 2 == 0 ? "hang" : "echo"));
      flooder.abort();
    }

    theOtherOneIsServed();
    Await.until(() -> server.connections() == 1, LONGEST);
  }

  /** Sends as fast as the network takes it, and counts what comes back. */
  private final class Flooder implements Dialer.Result, Receiver {
    final AtomicInteger answers = new AtomicInteger();
    final AtomicInteger results = new AtomicInteger();
    final AtomicInteger overloaded = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
    final AtomicInteger parseErrors = new AtomicInteger();
    final AtomicInteger doubles = new AtomicInteger();
    final AtomicReference<@Nullable Integer> closeCode = new AtomicReference<>();
    private final CompletableFuture<Transport> transport = new CompletableFuture<>();
    private final Set<String> ids = new HashSet<>(); // on the loop

    Flooder() {
      var request =
          new Dialer.Request(
              uri(), Map.of(), List.of(), Duration.ofSeconds(20), TransportLimits.CLIENT);
      var unused = dialer.dial(request, dialer.loop(), this);
    }

    /** Ids begin with 1. Returns when all was queued. */
    void flood(int count, IntFunction<String> message) {
      CompletableFuture<Void> queued = new CompletableFuture<>();
      Transport to = transport.join();
      to.loop().execute(() -> send(to, 1, count, message, queued));
      queued.join();
    }

    private void send(
        Transport to,
        int from,
        int count,
        IntFunction<String> message,
        CompletableFuture<Void> queued) {
      for (int id = from; id <= count; id++) {
        ByteBuffer utf8 = ByteBuffer.wrap(message.apply(id).getBytes(StandardCharsets.UTF_8));
        if (to.sendText(utf8) == Offer.FULL) {
          int next = id;
          to.loop().schedule(1_000_000, () -> send(to, next, count, message, queued));
          return;
        }
      }
      queued.complete(null);
    }

    void abort() {
      Transport to = transport.join();
      to.loop().execute(to::abort);
    }

    @Override
    public Receiver opened(Transport opened, @Nullable String subprotocol) {
      transport.complete(opened);
      return this;
    }

    @Override
    public void failed(Dialer.Failure failure) {
      transport.completeExceptionally(new AssertionError(failure.message()));
    }

    @Override
    public void onText(ByteBuffer utf8) {
      String text = StandardCharsets.UTF_8.decode(utf8).toString();
      String id =
          text.substring(text.indexOf("\"id\":"), text.indexOf(',', text.indexOf("\"id\":")));
      if (!id.equals("\"id\":null") && !ids.add(id)) {
        doubles.incrementAndGet();
      }
      if (text.contains("\"result\"")) {
        results.incrementAndGet();
      } else if (text.contains("\"code\":" + FaultCode.OVERLOADED)) {
        overloaded.incrementAndGet();
      } else if (text.contains("\"code\":" + FaultCode.CANCELLED)) {
        cancelled.incrementAndGet();
      } else if (text.contains("\"code\":" + FaultCode.PARSE_ERROR)) {
        parseErrors.incrementAndGet();
      }
      answers.incrementAndGet();
    }

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onWritable(boolean writable) {}

    @Override
    public void onClosed(int code, String reason) {
      closeCode.set(code);
    }
  }
}
