package dev.everwire.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.it.rpc.Driven.Connection;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code $/progress} to those who know it from the Language Server Protocol. */
@ExtendWith(Peers.Shared.class)
final class ProgressIT {
  private final Peers peers;
  private House house;

  ProgressIT(Peers peers) {
    this.peers = peers;
  }

  @BeforeEach
  void build() throws Exception {
    house =
        new House(
            Everwire.server(0)
                .method(
                    "paint",
                    call -> {
                      call.caller().progress(Map.of("coats", 1));
                      call.caller().progress("dry");
                      return call.params().size();
                    }));
  }

  @AfterEach
  void close() {
    house.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"VSCODE_JSONRPC", "PYLSP_JSONRPC"})
  void whoGivesATokenHearsHowFarACallHasCome(Library library) throws Exception {
    Connection client = peers.driven(library).connect(house.uri());
    client.tell("progress", Map.of("token", "p 1"));
    Answer painted =
        client.ask("paint", Json.of("{'wall': 'ü', '_meta': {'progressToken': 'p 1'}}"));
    assertThat(painted).isEqualTo(Answer.result("1")); // what is not the method's is taken out
    assertThat(client.hear("progress").path("value")).isEqualTo(Json.of("{'coats': 1}"));
    assertThat(client.hear("progress").path("value")).isEqualTo(Json.of("'dry'"));
    client.cut();
  }

  @ParameterizedTest
  @EnumSource(names = {"VSCODE_JSONRPC", "PYLSP_JSONRPC"})
  void aTokenAmongTheParametersIsForTheHandlerToUse(Library library) throws Exception {
    Connection client = peers.driven(library).connect(house.uri());
    client.tell("progress", Map.of("token", 7));
    assertThat(client.ask("work", Json.of("{'token': 7, 'steps': 3}")))
        .isEqualTo(Answer.result("3"));
    for (int step = 1; step <= 3; step++) {
      assertThat(client.hear("progress").path("value"))
          .isEqualTo(Json.of("{'step': " + step + "}"));
    }
    client.cut();
  }
}
