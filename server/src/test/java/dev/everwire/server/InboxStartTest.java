package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.server.memory.MemoryBroker;
import dev.everwire.spi.Broker;
import dev.everwire.spi.History;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Where a client begins to hear its inbox. */
final class InboxStartTest {

  /** Keeps what is published, and does not say so. */
  private static final class Silent implements Broker {
    private final MemoryBroker kept = new MemoryBroker(new Random(1));

    @Override
    public void start(Listener listener) {
      kept.start(listener);
    }

    @Override
    public CompletionStage<Position> publish(String topic, RawJson data, Retention retention) {
      var unused = kept.publish(topic, data, retention);
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Position> subscribe(String topic) {
      return kept.subscribe(topic);
    }

    @Override
    public void unsubscribe(String topic) {
      kept.unsubscribe(topic);
    }

    @Override
    public CompletionStage<History> history(String topic, HistoryQuery query) {
      return kept.history(topic, query);
    }

    @Override
    public void close() {
      kept.close();
    }
  }

  @Test
  void whatIsSentWhileTheClientSubscribesIsNotMissed() throws IOException {
    MemoryNetwork network = new MemoryNetwork();
    Broker broker = new Silent();
    Server server =
        Server.builder()
            .listen(network.listener("server"))
            .drainFor(Duration.ZERO)
            .values(new TestValues())
            .broker(broker)
            .start();
    try {
      TestPeer peer = TestPeer.dial(network, "ws://server/ws");
      peer.send(
          "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1,\"caps\":[\"ack\"]}}");
      RawJson result = RawJson.parse(peer.heard().getFirst()).members().get("result");
      if (result == null) {
        throw new AssertionError("no answer to hello");
      }
      var unused =
          server.inbox(Welcome.read(result).session()).orElseThrow().send("invoice", "one");

      String answer = peer.call(1, "rpc.subscribe", "{\"topic\":\"$inbox\"}").toString();
      assertThat(answer).contains("\"offset\":1", "\"payload\":\"one\"");
    } finally {
      var driving = network.drive();
      server.close();
      driving.close();
      broker.close();
    }
  }
}
