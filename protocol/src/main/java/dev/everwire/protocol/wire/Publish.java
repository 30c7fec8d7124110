package dev.everwire.protocol.wire;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code rpc.publish}; the answer is a {@link Published}.
 *
 * @param topic not yet checked to be a valid name
 */
public record Publish(String topic, RawJson data) {

  /**
   * @throws dev.everwire.protocol.json.JsonException naming the member that does not fit
   */
  public static Publish read(@Nullable RawJson params) {
    JsonMembers members = Positions.members(params, "topic");
    return new Publish(members.string("topic"), Entry.data(members).compact()); // it is kept
  }

  public RawJson write() {
    return new JsonWriter()
        .beginObject()
        .name("topic")
        .value(topic)
        .name("data")
        .value(data)
        .endObject()
        .toRawJson();
  }

  /**
   * The answer to {@code rpc.publish}.
   *
   * @param position of the publication
   */
  public record Published(Position position) {

    /**
     * @throws dev.everwire.protocol.json.JsonException naming the member that does not fit
     */
    public static Published read(RawJson result) {
      JsonMembers members = result.members();
      return new Published(
          Positions.of(members.string("epoch"), members.integer("offset"), "position"));
    }

    public RawJson write() {
      return new JsonWriter()
          .beginObject()
          .name("epoch")
          .value(position.epoch())
          .name("offset")
          .value(position.offset())
          .name("duplicate")
          .value(false)
          .endObject()
          .toRawJson();
    }
  }
}
