package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.Status;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Observed;
import dev.everwire.testkit.MemoryNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a client gives a silent server up, and when it does not. */
class ClientHeartbeatTest {
  private static final String PONG = "{\"jsonrpc\":\"2.0\",\"method\":\"$/pong\"}";
  private static final String EVERY_HALF_MINUTE =
      ScriptedServer.WELCOME.replace("\"interval\":25000", "\"interval\":30000");

  private final MemoryNetwork network = new MemoryNetwork();
  private final ScriptedServer server = new ScriptedServer(network, "server");
  private final List<Observed> observed = new ArrayList<>();
  private Client client;

  @AfterEach
  void close() {
    CompletableFuture<Void> ended = client.closeAsync();
    network.advance(Duration.ofSeconds(1));
    assertThat(ended).isCompleted();
  }

  private void start(int misses) {
    client =
        Client.builder(URI.create("ws://server/ws"))
            .dialer(network.dialer())
            .values(new TextValues())
            .workers(Runnable::run)
            .heartbeat(new Heartbeat(Duration.ofSeconds(30), Duration.ofSeconds(10), misses))
            .observer(observed::add)
            .start();
    assertThat(server.hear()).contains("rpc.hello");
    server.say(EVERY_HALF_MINUTE);
  }

  private void passUntilHeard(String what) {
    String heard = "";
    for (int i = 0; i < 400 && heard.isEmpty(); i++) {
      network.advance(Duration.ofMillis(100));
      heard = server.hearIfAny();
    }
    assertThat(heard).contains(what);
  }

  @Test
  void aLinkThatAnswersEachPingIsNeverDroppedThoughTheTimeoutIsShorterThanTheInterval() {
    start(1);
    for (int i = 0; i < 100; i++) {
      passUntilHeard("$/ping");
      network.advance(Duration.ofSeconds(9));
      server.say(PONG);
    }
    assertThat(server.connections()).isEqualTo(1);
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
    assertThat(observed).noneMatch(Observed.HeartbeatMissed.class::isInstance);
  }

  @Test
  void asManyPingsMayBeMissedInARowAsWasSaid() {
    start(2);
    passUntilHeard("$/ping");
    passUntilHeard("$/ping");
    assertThat(observed).contains(new Observed.HeartbeatMissed(1));
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
    server.say(PONG);
    passUntilHeard("$/ping");
    passUntilHeard("$/ping");
    network.advance(Duration.ofSeconds(11));
    assertThat(observed).contains(new Observed.HeartbeatMissed(2));
    assertThat(server.closes()).containsExactly(4001);
  }
}
