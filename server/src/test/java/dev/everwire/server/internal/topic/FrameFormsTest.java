package dev.everwire.server.internal.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Gap;
import dev.everwire.session.internal.Form;
import dev.everwire.session.transport.Encoded;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A publication is encoded once for all subscribers of one form. */
final class FrameFormsTest {
  private static final Position AT = new Position("e", 7);
  private static final String PLAIN =
      "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.event\",\"params\":{\"topic\":\"a/b\",\"offset\":7,\"data\":[1]}}";

  private final TopicFrame event = TopicFrame.event("a/b", AT, RawJson.parse("[1]"));

  @Test
  void eachFormHasItsText() {
    assertThat(text(event, new Form(Dialect.JSON_RPC, false))).isEqualTo(PLAIN);
    assertThat(text(event, new Form(Dialect.JSON_RPC, true))).isEqualTo(PLAIN);
    assertThat(text(event, new Form(Dialect.RPC_WEBSOCKETS, false)))
        .isEqualTo("{\"notification\":\"a/b\",\"params\":[[1]]}");
    assertThat(text(event, new Form(Dialect.FASTAPI_RPC, false)))
        .isEqualTo(
            "{\"request\":{\"method\":\"rpc.event\",\"arguments\":"
                + "{\"topic\":\"a/b\",\"offset\":7,\"data\":[1]},\"call_id\":null},\"response\":null}");
  }

  @Test
  void subscribersOfOneFormShareOneEncoding() {
    for (Dialect dialect : Dialect.values()) {
      Encoded text = event.in(new Form(dialect, false));
      Encoded binary = event.in(new Form(dialect, true));

      assertThat(event.in(new Form(dialect, false))).isSameAs(text);
      assertThat(event.in(new Form(dialect, true))).isSameAs(binary);
      assertThat(Objects.requireNonNull(text).isText()).isTrue();
      assertThat(Objects.requireNonNull(binary).isText()).isFalse();
    }
    assertThat(event.in(Form.TEXT)).isSameAs(event.message());
  }

  @Test
  void theFormsAreReleasedWithTheMessage() {
    Encoded kept = Objects.requireNonNull(event.in(new Form(Dialect.RPC_WEBSOCKETS, true)));
    event.message().release();

    assertThatThrownBy(kept::release).hasMessage("released once too often");
  }

  @Test
  void aFrameKeepsItsTextAndNothingElse() {
    byte[] large = ("[0," + " ".repeat(5_000) + "\"" + "x".repeat(5_000) + "\"]").getBytes(UTF_8);
    RawJson data = RawJson.checked(large).elements().get(1);
    TopicFrame frame = TopicFrame.event("a/b", AT, data);

    assertThat(frame.bytes()).isEqualTo(frame.message().payload().length + 128);
    assertThat(frame.data((TopicFrame.Content.Event) frame.content()).array())
        .isSameAs(frame.message().payload());
    assertThat(text(frame, new Form(Dialect.RPC_WEBSOCKETS, false)))
        .isEqualTo("{\"notification\":\"a/b\",\"params\":[" + data + "]}");
  }

  @Test
  void rpcWebsocketsHasNoWordForAGap() {
    TopicFrame gap = TopicFrame.gap(new Gap("a/b", 1, 6, "trimmed"), AT);

    assertThat(gap.in(new Form(Dialect.RPC_WEBSOCKETS, false))).isNull();
    assertThat(text(gap, new Form(Dialect.FASTAPI_RPC, false))).contains("$/gap");
  }

  private static String text(TopicFrame frame, Form form) {
    return new String(Objects.requireNonNull(frame.in(form)).payload(), UTF_8);
  }
}
