package dev.everwire.protocol.wire;

import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code $/item}: items of a stream, in order. Example: items 1, 2 and 3 of call 9
 * come as {@code {"id":9,"seq":1,"items":["a","b"]}} and {@code {"id":9,"seq":3,"items":["c"]}}.
 *
 * @param id the call: the receiver's own for a result, the sender's own for an argument
 * @param arg which argument, from 1; 0 for the result
 * @param seq the number of the first of these items, counted from 1
 */
public record Items(RequestId id, int arg, long seq, List<RawJson> items) {
  public Items {
    items = List.copyOf(items);
  }

  /**
   * @throws JsonException naming the member that does not fit
   */
  public static Items read(@Nullable RawJson params) {
    JsonMembers members = StreamIds.members(params);
    RawJson items = members.get("items");
    if (items == null || items.kind() != RawJson.Kind.ARRAY) {
      throw new JsonException("items: expected an array");
    }
    return new Items(
        StreamIds.id(members), StreamIds.arg(members), members.integer("seq"), items.elements());
  }

  public RawJson write() {
    JsonWriter out = StreamIds.begin(id, arg).name("seq").value(seq).name("items").beginArray();
    for (RawJson item : items) {
      out.value(item);
    }
    return out.endArray().endObject().toRawJson();
  }
}
