package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Gap;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.internal.Form;
import dev.everwire.session.transport.Encoded;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message of a topic as all its subscribers get it: an event, or the notice of a gap. Encoded
 * once for each {@link Form} that somebody wants.
 *
 * @param after where a subscriber stands once it had this
 * @param message in JSON-RPC as text; keeps the other forms
 * @param content what is told; holds no bytes of its own
 */
record TopicFrame(Position after, Encoded message, Content content) {

  /** What a frame tells. */
  sealed interface Content {
    /**
     * @param length of the data, which stands at the end of the message
     */
    record Event(String topic, int length) implements Content {}

    record Hole(Gap gap) implements Content {}
  }

  private static final int BEHIND_DATA = 2; // bytes: }}
  private static final int OVERHEAD = 128; // objects around the bytes, about
  private static final byte[] PARAMS = ",\"params\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EVENT = opening(Names.EVENT);
  private static final byte[] GAP = opening(Names.GAP);

  /** With one reference, the caller's. */
  static TopicFrame event(String topic, Position at, RawJson data) {
    JsonWriter out = new JsonWriter().raw(EVENT);
    out.beginObject().name("topic").value(InboxTopics.told(topic));
    out.name("offset").value(at.offset());
    out.name("data").value(data).endObject().endObject();
    return new TopicFrame(at, Encoded.text(out.toBytes()), new Content.Event(topic, data.length()));
  }

  /** With one reference, the caller's. */
  static TopicFrame gap(Gap hole, Position after) {
    Gap gap = InboxTopics.told(hole);
    JsonWriter out = new JsonWriter().raw(GAP).value(gap.write()).endObject();
    return new TopicFrame(after, Encoded.text(out.toBytes()), new Content.Hole(gap));
  }

  /** What is announced; null for an event. */
  @Nullable Gap gap() {
    return content instanceof Content.Hole(Gap gap) ? gap : null;
  }

  /**
   * This in another form, made by the first subscriber that needs it and kept as long as {@link
   * #message}. Null if the form has no word for it.
   */
  @Nullable Encoded in(Form form) {
    return form.equals(Form.TEXT) ? message : FrameForms.of(this, form);
  }

  /** Whether a subscriber who stands there had this already. */
  boolean knownAt(Position stands) {
    return after.epoch().equals(stands.epoch()) && after.offset() <= stands.offset();
  }

  /** The data of an event, as part of {@link #message}. */
  RawJson data(Content.Event event) {
    byte[] payload = message.payload();
    int end = payload.length - BEHIND_DATA;
    return RawJson.trusted(payload, end - event.length(), end);
  }

  /**
   * What it costs to keep, from the beginning to the end: bytes of its one text. Other forms are
   * made when it is told, so what waits to be told has none of this loop's.
   */
  int bytes() {
    return message.payload().length + OVERHEAD;
  }

  private static byte[] opening(String method) {
    JsonWriter out = new JsonWriter().beginObject().name("jsonrpc").value("2.0");
    return out.name("method").value(method).raw(PARAMS).toBytes();
  }
}
