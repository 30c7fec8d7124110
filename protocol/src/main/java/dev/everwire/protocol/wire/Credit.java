package dev.everwire.protocol.wire;

import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code $/credit}: how many more items of a stream may be sent.
 *
 * @param id the call: the sender's own for a result, the receiver's own for an argument
 * @param arg which argument, from 1; 0 for the result
 * @param n added to what was granted before, at least 1
 */
public record Credit(RequestId id, int arg, long n) {

  /**
   * @throws JsonException naming the member that does not fit
   */
  public static Credit read(@Nullable RawJson params) {
    JsonMembers members = StreamIds.members(params);
    long n = members.integer("n");
    if (n < 1) {
      throw new JsonException("n: expected >= 1");
    }
    return new Credit(StreamIds.id(members), StreamIds.arg(members), n);
  }

  public RawJson write() {
    return StreamIds.begin(id, arg).name("n").value(n).endObject().toRawJson();
  }
}
