package dev.everwire.protocol.wire;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code $/progress}: how far a call has come.
 *
 * @param token the caller's {@code progressToken}, a string or a number
 * @param value whatever the method tells
 */
public record Progress(RawJson token, RawJson value) {

  /**
   * @throws JsonException naming the member that does not fit
   */
  public static Progress read(@Nullable RawJson params) {
    JsonMembers members = StreamIds.members(params, "token");
    RawJson value = members.get("value");
    return new Progress(StreamIds.literal(members, "token"), value == null ? RawJson.NULL : value);
  }

  public RawJson write() {
    return new JsonWriter()
        .beginObject()
        .name("token")
        .value(token)
        .name("value")
        .value(value)
        .endObject()
        .toRawJson();
  }
}
