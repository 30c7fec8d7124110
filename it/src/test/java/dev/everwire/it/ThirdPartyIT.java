package dev.everwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A client that others wrote: npm's json-rpc-2.0 over ws, in Node. */
final class ThirdPartyIT {
  @Test
  void aJsonRpcClientThatKnowsNothingOfEverwireCallsAndIsCalled() throws Exception {
    var directory = Tools.npm("node").toFile();
    try (Serving server = Serving.on(0);
        Program client =
            Program.start(
                "thirdparty.mjs",
                List.of("node", "thirdparty.mjs", server.uri("/ws").toString()),
                directory)) {
      assertThat(client.exit()).as("%s", client).isZero();
      assertThat(client.outLines(0)).last().asString().startsWith("ok: ");
    }
  }
}
