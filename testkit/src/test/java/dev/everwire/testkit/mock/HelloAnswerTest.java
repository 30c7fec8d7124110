package dev.everwire.testkit.mock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HelloAnswerTest {
  @Test
  void aResumedSessionSaysWhatBecameOfItsCalls() {
    JsonMembers said =
        RawJson.parse(
                HelloAnswer.standard()
                    .caps("meta")
                    .keptFor(Duration.ofMinutes(2))
                    .resumeToken("R2")
                    .resumed(true)
                    .call(17, "done")
                    .call(18, "new")
                    .result())
            .members();
    assertThat(said.strings("caps")).containsExactly("meta", "ack");
    assertThat(said.integer("resumeWindow")).isEqualTo(120_000);
    assertThat(said.string("resumeToken")).isEqualTo("R2");
    assertThat(said.bool("resumed", false)).isTrue();
    assertThat(said.get("calls")).hasToString("{\"17\":\"done\",\"18\":\"new\"}");
  }
}
