package dev.everwire.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.it.rpc.Driven.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What a client asks for when it connects or speaks first: a subprotocol, binary frames. */
@ExtendWith(Peers.Shared.class)
final class HandshakeIT {
  private static House house;

  private final Peers peers;

  HandshakeIT(Peers peers) {
    this.peers = peers;
  }

  @BeforeAll
  static void build() throws Exception {
    house = new House();
  }

  @AfterAll
  static void close() {
    house.close();
  }

  /** Both libraries give up where a server selects what was not offered. */
  @ParameterizedTest
  @EnumSource(names = {"JSON_RPC_2_0", "PYLSP_JSONRPC"})
  void jsonrpcIsSelectedWhereItIsOffered(Library library) throws Exception {
    assertSelected("jsonrpc2.0", library, List.of("jsonrpc2.0"));
    assertSelected("jsonrpc2.0", library, List.of("soap", "jsonrpc2.0", "other"));
    assertSelected("", library, List.of());
  }

  /** Python's library bears it if nothing is selected. */
  @Test
  void nothingIsSelectedThatWasNotOffered() throws Exception {
    assertSelected("", Library.PYLSP_JSONRPC, List.of("soap"));
    assertSelected("", Library.PYLSP_JSONRPC, List.of("jsonrpc", "jsonrpc2.00", "JSONRPC2.0"));
  }

  @ParameterizedTest
  @EnumSource(names = {"JSON_RPC_2_0", "PYLSP_JSONRPC"})
  void whoBeginsWithABinaryFrameIsSpokenToInBinaryFrames(Library library) throws Exception {
    Connection client = peers.driven(library).connect(house.uri(), Map.of("binary", true));
    JsonNode params = Json.of("['ü😀', {'a': null}]");
    assertThat(client.ask("echo", params)).isEqualTo(new Answer.Result(params));
    assertThat(client.ask("foobar", params)).isInstanceOf(Answer.Refused.class);
    client.notify("note", Json.of("{'of': '" + library + "', 'n': 1}"));
    assertThat(client.ask("noted", Map.of("of", library.name()))).isEqualTo(Answer.result("[1]"));
    assertThat(client.ask("back", Json.of("{'method': 'echo', 'params': {'deep': 'ü'}}")))
        .isEqualTo(Answer.result("{'deep': 'ü'}"));
    client.cut();
  }

  private void assertSelected(String selected, Library library, List<String> offered)
      throws Exception {
    Map<String, ?> options = offered.isEmpty() ? Map.of() : Map.of("protocols", offered);
    Connection client = peers.driven(library).connect(house.uri(), options);
    assertThat(client.protocol()).as("%s offers %s", library, offered).isEqualTo(selected);
    assertThat(client.ask("subtract", Json.of("[42, 23]"))).isEqualTo(Answer.result("19"));
    client.cut();
  }
}
