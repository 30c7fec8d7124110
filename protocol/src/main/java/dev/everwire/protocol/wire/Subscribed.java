package dev.everwire.protocol.wire;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code rpc.subscribe}.
 *
 * @param position where the subscriber stands after {@code events}; live events go on behind it
 * @param recovery what came of {@code since}
 * @param events what was missed, oldest first, without a hole
 * @param more the run was cut at a limit: nothing is live yet, subscribe again from {@code
 *     position}
 * @param reason why nothing was recovered: {@code epoch}, {@code trimmed} or {@code limit}; null
 *     otherwise
 * @param first oldest offset that history still holds when nothing was recovered, 0 otherwise
 */
public record Subscribed(
    String topic,
    Position position,
    Recovery recovery,
    List<Entry> events,
    boolean more,
    @Nullable String reason,
    long first) {

  /** What came of the position that the subscriber named. */
  public enum Recovery {
    /** It named none. */
    NOT_ASKED,
    /** Everything behind it is in the events, or nothing was missed. */
    COMPLETE,
    /** The gap cannot be filled; the subscription begins at the stream's top. */
    IMPOSSIBLE
  }

  public Subscribed {
    events = List.copyOf(events);
  }

  /**
   * @throws dev.everwire.protocol.json.JsonException naming the member that does not fit
   */
  public static Subscribed read(RawJson result) {
    JsonMembers members = result.members();
    Position position =
        Positions.of(members.string("epoch"), members.integer("offset"), "position");
    Recovery recovery =
        members.get("recovered") == null
            ? Recovery.NOT_ASKED
            : members.bool("recovered", false) ? Recovery.COMPLETE : Recovery.IMPOSSIBLE;
    return new Subscribed(
        members.string("topic"),
        position,
        recovery,
        Entry.readList(members, "events"),
        members.bool("more", false),
        members.stringOrNull("reason"),
        members.integer("first", 0));
  }

  public RawJson write() {
    JsonWriter out = new JsonWriter().beginObject().name("topic").value(topic);
    out.name("epoch").value(position.epoch()).name("offset").value(position.offset());
    if (recovery != Recovery.NOT_ASKED) {
      out.name("recovered").value(recovery == Recovery.COMPLETE);
    }
    if (reason != null) {
      out.name("reason").value(reason).name("first").value(first);
    }
    if (!events.isEmpty()) {
      Entry.writeList(out, "events", events);
    }
    if (more) {
      out.name("more").value(true);
    }
    return out.endObject().toRawJson();
  }
}
