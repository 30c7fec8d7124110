package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.session.CallOptions;
import dev.everwire.session.Caller;
import dev.everwire.session.Gather;
import dev.everwire.session.Gathered;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GatheringTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final MemoryNetwork network = new MemoryNetwork();
  private final Server server = start();

  private Server start() {
    try {
      return Server.builder()
          .listen(network.listener("server"))
          .drainFor(Duration.ZERO)
          .values(new TestValues())
          .node("n1")
          .utilities()
          .formerUtilities()
          .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    var driving = network.drive();
    server.close();
    driving.close();
  }

  private CompletableFuture<Gathered<Caller, @Nullable Integer>> gather() {
    var gathering =
        Gather.callAsync(
            server.callers(), Caller::peer, "load", null, Integer.class, CallOptions.DEFAULT);
    network.runUntilIdle();
    return gathering;
  }

  @Test
  void thoseWhoAreConnectedCanBeCalled() {
    assertThat(server.callers()).isEmpty();

    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    assertThat(server.callers()).extracting(Caller::connectionId).containsExactly("n1-1");

    peer.close();
    assertThat(server.callers()).isEmpty();
  }

  @Test
  void oneThatGoesCostsOnlyItsOwnAnswer() {
    TestPeer first = TestPeer.dial(network, "ws://server/ws");
    TestPeer second = TestPeer.dial(network, "ws://server/ws");
    var gathering = gather();
    first.send("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"result\":5}");
    assertThat(gathering).isNotDone();
    second.abort();
    network.runUntil(gathering::isDone, SOON);

    Map<String, Gathered.Answer<Caller, @Nullable Integer>> answers =
        gathering.join().answers().stream()
            .collect(Collectors.toMap(answer -> answer.from().connectionId(), answer -> answer));
    assertThat(answers.get("n1-1"))
        .isInstanceOfSatisfying(
            Gathered.Answered.class, answered -> assertThat(answered.value()).isEqualTo(5));
    assertThat(answers.get("n1-2"))
        .isInstanceOfSatisfying(
            Gathered.Lost.class, lost -> assertThat(lost.maybeExecuted()).isTrue());
  }

  @Test
  void aCallerIsCalledBackAndFetchesTheAnswer() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.queue(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"call_me_back\",\"params\":[\"add\",[1,2]]}");
    network.runUntil(() -> peer.heardBoth("\"s:1\"", "\"b1\""), SOON);
    peer.queue("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"result\":3}");
    peer.queue("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"get_response\",\"params\":[\"b1\"]}");
    network.runUntil(() -> peer.heardBoth("\"id\":2", "\"result\":3"), SOON);

    assertThat(peer.response(2)).hasToString("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":3}");
  }
}
