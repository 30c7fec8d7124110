package dev.everwire.protocol.wire;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code $/unsubscribed}: the server has ended a subscription, and nothing of that
 * topic follows.
 *
 * @param code as of a fault: −32003 if it is not allowed any more
 * @param reason one short sentence for a developer
 */
public record Unsubscribed(String topic, int code, String reason) {

  /**
   * @throws JsonException naming the member that does not fit
   */
  public static Unsubscribed read(@Nullable RawJson params) {
    JsonMembers members = Positions.members(params, "topic");
    long code = members.integer("code");
    if (code != (int) code) {
      throw new JsonException("code: out of range");
    }
    String reason = members.stringOrNull("reason");
    return new Unsubscribed(members.string("topic"), (int) code, reason == null ? "" : reason);
  }

  public RawJson write() {
    return new JsonWriter()
        .beginObject()
        .name("topic")
        .value(topic)
        .name("code")
        .value(code)
        .name("reason")
        .value(reason)
        .endObject()
        .toRawJson();
  }
}
