package dev.everwire.protocol.wire;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code $/end}: a streamed argument has no more items. (A streamed result ends with
 * the call's response.)
 *
 * @param id the sender's own call
 * @param arg which argument, from 1
 * @param error why the items ended early, in the shape of a response's error; null if all came
 */
public record StreamEnd(RequestId id, int arg, @Nullable Fault error) {

  /**
   * @throws JsonException naming the member that does not fit
   */
  public static StreamEnd read(@Nullable RawJson params) {
    JsonMembers members = StreamIds.members(params);
    int arg = StreamIds.arg(members);
    if (arg == 0) {
      throw new JsonException("arg: missing");
    }
    JsonMembers error = members.object("error");
    return new StreamEnd(StreamIds.id(members), arg, error == null ? null : fault(error));
  }

  public RawJson write() {
    JsonWriter out = StreamIds.begin(id, arg);
    if (error != null) {
      out.name("error").beginObject().name("code").value(error.code());
      out.name("message").value(error.message());
      if (error.data() != null) {
        out.name("data").value(error.data());
      }
      out.endObject();
    }
    return out.endObject().toRawJson();
  }

  private static Fault fault(JsonMembers error) {
    long code = error.integer("code");
    if (code != (int) code) {
      throw new JsonException("code: expected an integer of 32 bits");
    }
    return new Fault((int) code, error.string("message"), error.get("data"));
  }
}
