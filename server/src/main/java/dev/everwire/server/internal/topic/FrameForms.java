package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Message;
import dev.everwire.protocol.codec.Codec;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.dialect.Dialects;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.wire.Names;
import dev.everwire.protocol.wire.TopicEvent;
import dev.everwire.session.internal.Form;
import dev.everwire.session.transport.Encoded;
import org.jspecify.annotations.Nullable;

/** What a {@link TopicFrame} looks like to those who do not speak JSON-RPC in text. */
final class FrameForms {
  private static final Dialects WRITERS = Dialects.of(2, 1); // limits of reading mean nothing here

  /** One form, kept with the message until that is released for the last time. */
  private record Kept(Encoded encoded) implements Encoded.Variant {
    @Override
    public void free() {
      encoded.release();
    }
  }

  private FrameForms() {}

  static @Nullable Encoded of(TopicFrame frame, Form form) {
    if (form.dialect() == Dialect.JSON_RPC) {
      return kept(frame, form, () -> frame.message().payload());
    }
    if (form.dialect() == Dialect.RPC_WEBSOCKETS && frame.gap() != null) {
      return null; // it has no word for it
    }
    return kept(frame, form, () -> written(told(frame, form.dialect()), form.dialect()));
  }

  private static Message.Notification told(TopicFrame frame, Dialect dialect) {
    return switch (frame.content()) {
      case TopicFrame.Content.Event event ->
          dialect == Dialect.RPC_WEBSOCKETS
              ? new Message.Notification(
                  event.topic(),
                  new JsonWriter().beginArray().value(frame.data(event)).endArray().toRawJson())
              : new Message.Notification(
                  Names.EVENT,
                  new TopicEvent(event.topic(), frame.after().offset(), frame.data(event)).write());
      case TopicFrame.Content.Hole(var gap) -> new Message.Notification(Names.GAP, gap.write());
    };
  }

  private static byte[] written(Message message, Dialect dialect) {
    Codec codec = WRITERS.codec(dialect);
    JsonWriter out = new JsonWriter();
    codec.write(message, out);
    return out.toBytes();
  }

  private interface Bytes {
    byte[] make();
  }

  private static Encoded kept(TopicFrame frame, Form form, Bytes bytes) {
    return frame
        .message()
        .variant(
            form,
            Kept.class,
            text ->
                new Kept(form.binary() ? Encoded.binary(bytes.make()) : Encoded.text(bytes.make())))
        .encoded();
  }
}
