package dev.everwire.protocol.wire;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code $/ack}: what has arrived, so that the other end need not keep it.
 *
 * @param upTo every answer to a call of this id or a smaller one has arrived; 0 if none is named
 * @param also ids behind {@code upTo} whose answers have arrived, at most 1 000
 * @param inbox offset of the last message of the inbox that was dealt with; 0 if none is named
 */
public record Ack(long upTo, List<Long> also, long inbox) {
  /** As many as there can be calls. */
  public static final int MOST_ALSO = 1_000;

  private static final int MOST_DIGITS = 17; // of 2^53, and a comma

  public Ack {
    also = List.copyOf(also);
  }

  /** Of answers only. */
  public static Ack calls(long upTo, List<Long> also) {
    return new Ack(upTo, also, 0);
  }

  /** Of the inbox only. */
  public static Ack inbox(long offset) {
    return new Ack(0, List.of(), offset);
  }

  /**
   * @throws JsonException naming the member that does not fit
   */
  public static Ack read(@Nullable RawJson params) {
    if (params == null) {
      throw new JsonException("calls: missing");
    }
    JsonMembers members = params.members();
    JsonMembers calls = members.object("calls");
    return new Ack(
        calls == null ? 0 : atLeastZero("upTo", calls.integer("upTo", 0)),
        calls == null ? List.of() : also(calls.get("also")),
        atLeastZero("inbox", members.integer("inbox", 0)));
  }

  private static List<Long> also(@Nullable RawJson also) {
    if (also == null) {
      return List.of();
    }
    if (also.length() > MOST_ALSO * MOST_DIGITS) {
      throw new JsonException("also: expected at most " + MOST_ALSO + " ids");
    }
    List<Long> ids = also.elements().stream().map(RawJson::asLong).toList();
    if (ids.size() > MOST_ALSO) {
      throw new JsonException("also: expected at most " + MOST_ALSO + " ids");
    }
    return ids;
  }

  private static long atLeastZero(String name, long value) {
    if (value < 0) {
      throw new JsonException(name + ": expected >= 0");
    }
    return value;
  }

  public RawJson write() {
    JsonWriter out = new JsonWriter().beginObject();
    if (upTo > 0 || !also.isEmpty()) {
      out.name("calls").beginObject();
      if (upTo > 0) {
        out.name("upTo").value(upTo);
      }
      if (!also.isEmpty()) {
        out.name("also").beginArray();
        also.forEach(out::value);
        out.endArray();
      }
      out.endObject();
    }
    if (inbox > 0) {
      out.name("inbox").value(inbox);
    }
    return out.endObject().toRawJson();
  }
}
