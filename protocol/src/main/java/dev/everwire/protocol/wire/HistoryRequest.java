package dev.everwire.protocol.wire;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code rpc.history}.
 *
 * @param topic not yet checked to be a valid name
 * @param since null for all that is kept
 * @param limit most events answered, 0 for the server's own bound
 */
public record HistoryRequest(String topic, @Nullable Position since, int limit) {

  /**
   * @throws JsonException naming the member that does not fit
   */
  public static HistoryRequest read(@Nullable RawJson params) {
    JsonMembers members = Positions.members(params, "topic");
    long limit = members.integer("limit", 0);
    if (limit < 0 || limit > Integer.MAX_VALUE) {
      throw new JsonException("limit: expected an integer >= 0");
    }
    return new HistoryRequest(
        members.string("topic"), Positions.read(members, "since"), (int) limit);
  }

  public RawJson write() {
    JsonWriter out = new JsonWriter().beginObject().name("topic").value(topic);
    Positions.write(out, "since", since);
    if (limit > 0) {
      out.name("limit").value(limit);
    }
    return out.endObject().toRawJson();
  }

  /**
   * The answer to {@code rpc.history}.
   *
   * @param position the stream's top when it was read
   * @param events oldest first, without a hole
   * @param more whether the run was cut at a limit: ask again behind the last event
   */
  public record Answer(String topic, Position position, List<Entry> events, boolean more) {
    public Answer {
      events = List.copyOf(events);
    }

    /**
     * @throws JsonException naming the member that does not fit
     */
    public static Answer read(RawJson result) {
      JsonMembers members = result.members();
      return new Answer(
          members.string("topic"),
          Positions.of(members.string("epoch"), members.integer("offset"), "position"),
          Entry.readList(members, "events"),
          members.bool("more", false));
    }

    public RawJson write() {
      JsonWriter out = new JsonWriter().beginObject().name("topic").value(topic);
      out.name("epoch").value(position.epoch()).name("offset").value(position.offset());
      Entry.writeList(out, "events", events);
      if (more) {
        out.name("more").value(true);
      }
      return out.endObject().toRawJson();
    }
  }
}
