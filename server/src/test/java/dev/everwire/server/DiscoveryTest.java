package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.testkit.MemoryNetwork;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DiscoveryTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String ASK = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.discover\"}";

  private final MemoryNetwork network = new MemoryNetwork();

  private ServerBuilder builder() {
    return Server.builder()
        .listen(network.listener("server"))
        .drainFor(Duration.ZERO)
        .values(new TestValues())
        .method("desk.add", call -> 1)
        .method("desk.close", call -> null)
        .describe("Desk", "1.4");
  }

  private RawJson ask(ServerBuilder builder) throws Exception {
    Server server = builder.start();
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.queue(ASK);
    network.runUntil(() -> !peer.heardNothing(), SOON);
    var driving = network.drive();
    server.close();
    driving.close();
    return RawJson.parse(peer.heard().getFirst());
  }

  @Test
  void aServerSaysWhichMethodsItHasAndNoneOfEverwiresOwn() throws Exception {
    assertThat(ask(builder()).members().get("result"))
        .hasToString(
            "{\"openrpc\":\"1.3.2\",\"info\":{\"title\":\"Desk\",\"version\":\"1.4\"},\"methods\":["
                + "{\"name\":\"desk.add\",\"tags\":[{\"name\":\"desk\"}],"
                + "\"paramStructure\":\"either\",\"params\":[],"
                + "\"result\":{\"name\":\"result\",\"schema\":{}},\"x-everwire-untyped\":true},"
                + "{\"name\":\"desk.close\",\"tags\":[{\"name\":\"desk\"}],"
                + "\"paramStructure\":\"either\",\"params\":[],"
                + "\"result\":{\"name\":\"result\",\"schema\":{}},\"x-everwire-untyped\":true}]}");
  }

  @Test
  void switchedOffItIsAMethodThatDoesNotExist() throws Exception {
    assertThat(ask(builder().discovery(false)).members().get("error"))
        .hasToString("{\"code\":-32601,\"message\":\"Method not found\"}");
  }
}
