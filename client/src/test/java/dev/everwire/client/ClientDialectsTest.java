package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.Status;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.transport.Dialer;
import dev.everwire.testkit.MemoryNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client of servers with other habits. */
final class ClientDialectsTest {
  private final MemoryNetwork network = new MemoryNetwork();
  private final ScriptedServer server = new ScriptedServer(network, "server");
  private final Dialer dialer = network.dialer();
  private final List<String> told = new ArrayList<>();
  private Client client;

  @AfterEach
  void close() {
    CompletableFuture<Void> ended = client.closeAsync();
    network.advance(Duration.ofSeconds(1));
    assertThat(ended).isCompleted();
  }

  @Test
  void subprotocolsAreOfferedAsGiven() {
    start(client().plain().subprotocols("jsonrpc2.0", "other"));

    assertThat(server.handshake().subprotocols()).containsExactly("jsonrpc2.0", "other");
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
  }

  @Test
  void binaryMessagesGoBothWays() {
    start(client().plain().binaryMessages());
    CompletableFuture<?> sum = call("add", "[2,3]");
    String request = server.hear();
    assertThat(request)
        .isEqualTo("binary {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"add\",\"params\":[2,3]}");

    server.sayBinary("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":5}");
    assertThat(sum.join()).isEqualTo(RawJson.number(5));
    CompletableFuture<?> other = call("add", "[2,4]");
    assertThat(server.hear()).startsWith("binary ");
    server.say("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":6}");
    assertThat(other.join()).isEqualTo(RawJson.number(6));
  }

  @Test
  void eventsOfRpcWebsocketsAreNotifications() {
    start(client().dialect(Dialect.RPC_WEBSOCKETS));
    CompletableFuture<?> on = call("rpc.on", "[\"feedUpdated\"]");
    assertThat(server.hear())
        .as("no hello, and plain JSON-RPC")
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.on\",\"params\":[\"feedUpdated\"]}");
    server.say("{\"jsonrpc\":\"2.0\",\"result\":{\"feedUpdated\":\"ok\"},\"id\":1}");
    assertThat(on.join()).isEqualTo(RawJson.parse("{\"feedUpdated\":\"ok\"}"));

    server.say("{\"notification\":\"feedUpdated\",\"params\":[1,\"x\"]}");
    server.say("{\"notification\":\"feedUpdated\"}");
    server.say("{\"notification\":\"nobody\",\"params\":[]}");
    assertThat(told).containsExactly("[1,\"x\"]", "null");
    var offered = client.notify("seen", List.of());
    assertThat(offered).isEqualTo(Offer.QUEUED);
    assertThat(server.hear()).isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"seen\",\"params\":[]}");
  }

  @Test
  void theOlderWireIsSpokenAndHeard() {
    start(client().dialect(Dialect.FASTAPI_RPC));
    CompletableFuture<?> sum = call("add", "{\"a\":2,\"b\":3}");
    assertThat(server.hear())
        .isEqualTo(
            "{\"request\":{\"method\":\"add\",\"arguments\":{\"a\":2,\"b\":3},\"call_id\":\"1\"},\"response\":null}");
    server.say("{\"response\":{\"result\":5,\"result_type\":\"int\",\"call_id\":\"1\"}}");
    assertThat(sum.join()).isEqualTo(RawJson.number(5));

    server.say(
        "{\"request\":{\"method\":\"greet\",\"arguments\":{\"name\":\"ann\"},\"call_id\":\"5f\"}}");
    assertThat(server.hear())
        .isEqualTo(
            "{\"request\":null,\"response\":{\"result\":\"hello\",\"result_type\":\"str\",\"call_id\":\"5f\"}}");
  }

  private ClientBuilder client() {
    return Client.builder(URI.create("ws://server/ws"))
        .dialer(dialer)
        .values(new TextValues())
        .workers(Runnable::run)
        .method("feedUpdated", call -> told.add(String.valueOf(call.params().raw())))
        .method("greet", call -> "hello");
  }

  private void start(ClientBuilder builder) {
    client = builder.start();
    network.runUntilIdle();
  }

  private CompletableFuture<?> call(String method, String params) {
    CompletableFuture<?> answer =
        client.callAsync(
            method,
            RawJson.parse(params),
            RawJson.class,
            CallOptions.within(Duration.ofSeconds(5)));
    network.runUntilIdle();
    return answer;
  }
}
