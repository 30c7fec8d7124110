package dev.everwire.protocol.wire;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code rpc.event}. Carries nothing that differs between subscribers, so that one
 * encoding serves them all.
 */
public record TopicEvent(String topic, long offset, RawJson data) {

  /**
   * @throws dev.everwire.protocol.json.JsonException naming the member that does not fit
   */
  public static TopicEvent read(@Nullable RawJson params) {
    JsonMembers members = Positions.members(params, "topic");
    return new TopicEvent(members.string("topic"), Entry.offset(members), Entry.data(members));
  }

  public RawJson write() {
    return new JsonWriter()
        .beginObject()
        .name("topic")
        .value(topic)
        .name("offset")
        .value(offset)
        .name("data")
        .value(data)
        .endObject()
        .toRawJson();
  }
}
