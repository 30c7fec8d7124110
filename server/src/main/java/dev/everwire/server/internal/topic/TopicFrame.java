package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Gap;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.transport.Encoded;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message of a topic as all its subscribers get it: an event, or the notice of a gap.
 *
 * @param after where a subscriber stands once it had this
 * @param gap what is announced, null for an event
 */
record TopicFrame(Position after, Encoded message, @Nullable Gap gap) {
  private static final int OVERHEAD = 128; // objects around the bytes, about
  private static final byte[] PARAMS = ",\"params\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EVENT = opening(Names.EVENT);
  private static final byte[] GAP = opening(Names.GAP);

  /** With one reference, the caller's. */
  static TopicFrame event(String topic, Position at, RawJson data) {
    JsonWriter out = new JsonWriter().raw(EVENT);
    out.beginObject().name("topic").value(topic).name("offset").value(at.offset());
    out.name("data").value(data).endObject().endObject();
    return new TopicFrame(at, Encoded.text(out.toBytes()), null);
  }

  /** With one reference, the caller's. */
  static TopicFrame gap(Gap gap, Position after) {
    JsonWriter out = new JsonWriter().raw(GAP).value(gap.write()).endObject();
    return new TopicFrame(after, Encoded.text(out.toBytes()), gap);
  }

  /** Whether a subscriber who stands there had this already. */
  boolean knownAt(Position stands) {
    return after.epoch().equals(stands.epoch()) && after.offset() <= stands.offset();
  }

  /** What it costs to keep. */
  int bytes() {
    return message.payload().length + OVERHEAD;
  }

  private static byte[] opening(String method) {
    JsonWriter out = new JsonWriter().beginObject().name("jsonrpc").value("2.0");
    return out.name("method").value(method).raw(PARAMS).toBytes();
  }
}
