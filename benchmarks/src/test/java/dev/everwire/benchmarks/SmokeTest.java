package dev.everwire.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.app.bench.Bench;
import dev.everwire.app.bench.Plan;
import dev.everwire.app.bench.Report;
import dev.everwire.client.internal.foreign.PendingRequests;
import dev.everwire.client.internal.foreign.UpdateBuffer;
import dev.everwire.client.internal.topic.Piece;
import dev.everwire.netty.NettyDialer;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each benchmark runs for a moment; nothing is measured. */
final class SmokeTest {
  private static final Duration MOMENT = Duration.ofMillis(150);

  @ParameterizedTest
  @ValueSource(strings = {"/echo", "/rpc", "/broadcast"})
  void theRawNettyPeerServes(String path) throws Exception {
    try (var peer = new RawNettyPeer(0);
        var dialer = NettyDialer.create()) {
      URI uri = URI.create("ws://127.0.0.1:" + peer.port() + path);
      Plan plan = new Plan(uri, 5, 4, 200, 0, Duration.ZERO, MOMENT);
      Bench bench = new Bench(plan, "smoke", dialer, null, line -> {});
      Report report =
          switch (path) {
            case "/rpc" -> bench.rpc("echo", null);
            case "/broadcast" -> bench.fanout(null);
            default -> bench.echo(false);
          };
      assertThat(report.ok()).as(report.text()).isTrue();
    }
  }

  @Test
  void theCodecBenchmarkRuns() {
    CodecBenchmark codec = new CodecBenchmark();
    codec.size = 64;
    codec.setUp();
    assertThat(codec.writeRequest().remaining()).isGreaterThan(64);
    assertThat(codec.writeAnswer().remaining()).isGreaterThan(64);
    assertThat(codec.readRequest()).hasToString(codec.readRequest().toString());
  }

  @Test
  void theCallBenchmarkRuns() {
    assertThat(new CallBenchmark().callAndAnswer().toString()).endsWith("x\",42]");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000})
  void theCorrelationBenchmarkRuns(int pending) {
    CorrelationBenchmark correlation = new CorrelationBenchmark();
    correlation.pending = pending;
    correlation.setUp();
    for (int i = 0; i < 5_000; i++) {
      assertThat(correlation.callOfEverwire()).isInstanceOf(CallOutcome.Answered.class);
      assertThat(correlation.requestOfAnyProtocol())
          .isInstanceOf(PendingRequests.Outcome.Answered.class);
    }
    assertThat(correlation.waiting()).isEqualTo(2 * (pending - 1));
  }

  @Test
  void theLocalFanoutBenchmarkRuns() {
    LocalFanoutBenchmark fanout = new LocalFanoutBenchmark();
    fanout.subscribers = 10;
    fanout.setUp();
    assertThat(fanout.publishOfEverwire()).isInstanceOf(Piece.Item.class);
    assertThat(fanout.publishOfAnyProtocol()).isInstanceOf(UpdateBuffer.Piece.Update.class);
  }

  @Test
  void thePageTakesTheMachinesPartBetweenItsMarks() {
    String document =
        "before\n<!-- calls, written by benchmarks/run, from here -->\nold\n<!-- calls, to here -->\nx";
    assertThat(Page.into(document, "calls", "new\n")).isEqualTo(document.replace("old", "new"));
  }

  @Test
  void ratiosAreTakenWithinARound() {
    Results results = new Results(List.of("a", "b"));
    double[][] rounds = {{10, 20}, {40, 40}, {90, 60}};
    for (double[] round : rounds) {
      results.add("cell", "a", json(round[0]));
      results.add("cell", "b", json(round[1]));
    }
    assertThat(results.ratios("cell", "a", "b", Results.ofServer("x")))
        .containsExactly(0.5, 1, 1.5);
    assertThat(results.median("cell", "a", Results.ofServer("x"))).isEqualTo(40);
    assertThat(results.median("other", "a", Results.ofServer("x"))).isNaN();
  }

  @Test
  void theParameterOfACallHas64Bytes() {
    for (Peer peer :
        List.of(
            Peer.everwire(List.of(), Path.of("")),
            Peer.everwireOnTheLoop(List.of(), Path.of("")),
            Peer.rpcOnly("other", List.of(), Path.of("")))) {
      List<String> target = peer.target("rpc", "http://127.0.0.1:1");
      assertThat(target.getFirst()).startsWith("ws://127.0.0.1:1/");
      int method = target.indexOf("--method");
      String name = method < 0 ? "echo" : target.get(method + 1);
      String request =
          "{\"jsonrpc\":\"2.0\",\"id\":1000000000,\"method\":\"%s\",\"params\":[\"%s\"]}"
              .formatted(name, "x".repeat(64));
      assertThat(target).endsWith("--size", Integer.toString(request.length()));
    }
  }

  @Test
  void theTypedCallBenchmarkRuns() {
    TypedCallBenchmark typed = new TypedCallBenchmark();
    String result =
        "\"result\":{\"id\":\"o-123456\",\"sku\":\"sku-1234\",\"quantity\":2,\"open\":true}";
    assertThat(StandardCharsets.UTF_8.decode(typed.call()).toString()).contains(result);
    assertThat(new String(typed.callByJacksonAlone(), StandardCharsets.UTF_8)).contains(result);
    assertThat(typed.decodeParameter()).hasToString(typed.decodeParameter().toString());
    assertThat("\"result\":" + typed.encodeResult()).isEqualTo(result);
  }

  private static JsonMembers json(double x) {
    return RawJson.parse("{\"server\":{\"x\":" + x + "}}").members();
  }
}
