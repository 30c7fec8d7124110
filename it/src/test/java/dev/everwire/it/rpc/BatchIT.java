package dev.everwire.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.it.rpc.Driven.Connection;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What npm's json-rpc-2.0 can do besides: arrays of requests, and ids of its user's choice. */
@ExtendWith(Peers.Shared.class)
final class BatchIT {
  private static House house;

  private final Driven library;
  private Connection client;

  BatchIT(Peers peers) throws Exception {
    library = peers.driven(Library.JSON_RPC_2_0);
  }

  @BeforeAll
  static void build() throws Exception {
    house = new House();
  }

  @AfterAll
  static void close() {
    house.close();
  }

  @BeforeEach
  void connect() throws Exception {
    client = library.connect(house.uri());
  }

  @AfterEach
  void disconnect() throws Exception {
    client.cut();
  }

  @Test
  void theRequestsOfAnArrayAreAnsweredByOneArray() throws Exception {
    assertThat(client.ask("echo", Json.of("[0]"))).isEqualTo(Answer.result("[0]"));
    long before = client.received();
    Answer answers =
        batch(
            """
            [{'jsonrpc': '2.0', 'id': 'a', 'method': 'subtract', 'params': [42, 23]},
             {'jsonrpc': '2.0', 'method': 'note', 'params': {'of': 'array', 'n': 1}},
             {'jsonrpc': '2.0', 'id': 7.5, 'method': 'foobar'},
             {'jsonrpc': '2.0', 'id': 9, 'method': 'fail'},
             {'jsonrpc': '2.0', 'method': 'note', 'params': {'of': 'array', 'n': 2}}]
            """);
    assertThat(answers)
        .isInstanceOfSatisfying(
            Answer.Result.class,
            array -> {
              JsonNode value = array.value();
              assertThat(value).hasSize(3);
              assertThat(value.path(0).path("result")).isEqualTo(Json.of("19"));
              assertThat(value.path(1).path("error").path("code").asInt()).isEqualTo(-32601);
              assertThat(value.path(2).path("error"))
                  .isEqualTo(Json.of("{'code': 7, 'message': 'seven', 'data': {'why': [1, 'ü']}}"));
            });
    assertThat(client.received()).isEqualTo(before + 1);
    assertThat(client.ask("noted", Map.of("of", "array"))).isEqualTo(Answer.result("[1, 2]"));
  }

  @Test
  void theRequestsOfAnArrayRunBesideEachOther() throws Exception {
    Answer answers =
        batch(
            """
            [{'jsonrpc': '2.0', 'id': 1, 'method': 'hold', 'params': {'token': 'array'}},
             {'jsonrpc': '2.0', 'id': 2, 'method': 'release', 'params': {'token': 'array'}}]
            """);
    assertThat(answers)
        .isEqualTo(
            Answer.result(
                """
                [{'jsonrpc': '2.0', 'id': 1, 'result': 'array'},
                 {'jsonrpc': '2.0', 'id': 2, 'result': true}]
                """));
  }

  @Test
  void anIdComesBackAsItWas() throws Exception {
    JsonNode ids = Json.of("['', 'ü😀', '1', 1, 1.5, -3, 0, 9007199254740991, 1e300, '1e300']");
    Connection own = library.connect(house.uri(), Map.of("ids", ids));
    for (JsonNode id : ids) {
      JsonNode params = Json.value(new JsonNode[] {id});
      assertThat(own.ask("echo", params)).as("id %s", id).isEqualTo(new Answer.Result(params));
    }
    own.cut();
  }

  private Answer batch(String requests) throws Exception {
    return client.order("batch", "", Json.of(requests)).answer();
  }
}
