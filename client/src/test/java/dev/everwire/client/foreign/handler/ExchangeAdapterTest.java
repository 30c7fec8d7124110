package dev.everwire.client.foreign.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.foreign.ForeignMessage;
import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.client.foreign.MessageKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ExchangeAdapterTest {
  private final ExchangeAdapter adapter =
      new ExchangeAdapter(
          new ExchangeHandler() {
            @Override
            public Optional<String> topic(Text message) {
              return Optional.ofNullable(JsonFields.string(message, "ch"));
            }

            @Override
            public ForeignMessage subscribe(String topic) {
              return ForeignMessage.text("sub " + topic);
            }

            @Override
            public ForeignMessage unsubscribe(String topic) {
              return ForeignMessage.text("unsub " + topic);
            }

            @Override
            public List<ForeignMessage> onConnect() {
              return List.of(ForeignMessage.text("hello"));
            }
          });

  @Test
  void topicsAreAskedForOneByOne() {
    assertThat(adapter.onConnect()).hasToString("[hello]");
    assertThat(adapter.subscribe(List.of("a", "b"), "X")).hasToString("[sub a, sub b]");
    assertThat(adapter.unsubscribe(List.of("a"), "X")).hasToString("[unsub a]");
    assertThat(adapter.confirmsSubscriptions()).isFalse();
  }

  @Test
  void whatHasATopicIsAnUpdateAndNothingIsAResponse() {
    Text update = ForeignMessage.text("{\"ch\":\"a\",\"req_id\":\"1\"}");
    assertThat(adapter.classify(update)).isEqualTo(MessageKind.UPDATE);
    assertThat(adapter.requestId(update)).isEmpty();
    assertThat(adapter.classify(ForeignMessage.text("{}"))).isEqualTo(MessageKind.UNKNOWN);
  }

  @Test
  void compressedMessagesAreRead() {
    byte[] bytes = BinaryCodingTest.gzip("{\"ch\":\"a\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(adapter.topic(adapter.decodeBinary(bytes, 100))).contains("a");
  }
}
