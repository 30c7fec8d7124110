package dev.everwire.protocol.wire;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code $/gap}: events that this subscriber will not get. The next event's offset is
 * {@code to + 1}.
 *
 * <p>With an epoch the stream began a new life: what was left of the former one is lost, and the
 * subscriber stands at {@code (epoch, to)} from now on. {@code from} and {@code to} are 0 then.
 *
 * @param from first offset lost
 * @param to last offset lost
 * @param reason {@code epoch}, {@code trimmed} or {@code unavailable}
 * @param epoch the new one if the stream began a new life, null while the epoch goes on
 */
public record Gap(String topic, long from, long to, String reason, @Nullable String epoch) {

  /** A range lost within the epoch that goes on. */
  public Gap(String topic, long from, long to, String reason) {
    this(topic, from, to, reason, null);
  }

  /**
   * @throws dev.everwire.protocol.json.JsonException naming the member that does not fit
   */
  public static Gap read(@Nullable RawJson params) {
    JsonMembers members = Positions.members(params, "topic");
    return new Gap(
        members.string("topic"),
        members.integer("from"),
        members.integer("to"),
        members.string("reason"),
        members.stringOrNull("epoch"));
  }

  /**
   * Where the subscriber stands if the stream began a new life, null otherwise.
   *
   * @throws dev.everwire.protocol.json.JsonException if that is no position
   */
  public @Nullable Position newLife() {
    return epoch == null ? null : Positions.of(epoch, to, "epoch");
  }

  public RawJson write() {
    JsonWriter out =
        new JsonWriter()
            .beginObject()
            .name("topic")
            .value(topic)
            .name("from")
            .value(from)
            .name("to")
            .value(to)
            .name("reason")
            .value(reason);
    if (epoch != null) {
      out.name("epoch").value(epoch);
    }
    return out.endObject().toRawJson();
  }
}
