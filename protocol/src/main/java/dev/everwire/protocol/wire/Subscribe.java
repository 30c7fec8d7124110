package dev.everwire.protocol.wire;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code rpc.subscribe}.
 *
 * @param topic not yet checked to be a valid name
 * @param since the last position seen, or null to begin with what is published next
 */
public record Subscribe(String topic, @Nullable Position since) {

  /**
   * @throws JsonException naming the member that does not fit
   */
  public static Subscribe read(@Nullable RawJson params) {
    JsonMembers members = Positions.members(params, "topic");
    return new Subscribe(members.string("topic"), Positions.read(members, "since"));
  }

  public RawJson write() {
    JsonWriter out = new JsonWriter().beginObject().name("topic").value(topic);
    Positions.write(out, "since", since);
    return out.endObject().toRawJson();
  }
}
