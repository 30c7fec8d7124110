package dev.everwire.protocol.wire;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * What travels beside the parameters of a call: inside {@code params._meta} where they are named,
 * in {@code rpc.call} where they are positional. Unknown members are ignored.
 *
 * @param timeoutMs how long the caller still waits, at least 0; null if it did not say
 * @param stream whether the caller takes a streamed result as items
 * @param credits how many items it takes before it grants more, at least 0
 * @param progressToken a string or number under which it wants to hear of progress, null if not
 * @param idem key under which the call may be recognised as a repetition
 * @param traceparent W3C trace context, as it came
 * @param tracestate W3C trace context, as it came
 */
public record CallMeta(
    @Nullable Long timeoutMs,
    boolean stream,
    long credits,
    @Nullable RawJson progressToken,
    @Nullable String idem,
    @Nullable String traceparent,
    @Nullable String tracestate) {
  public static final CallMeta NONE = new CallMeta(null, false, 0, null, null, null, null);

  /**
   * @throws JsonException naming the member that does not fit
   */
  public static CallMeta read(RawJson meta) {
    JsonMembers members = meta.members();
    RawJson timeout = members.get("timeoutMs");
    return new CallMeta(
        timeout == null ? null : notNegative("timeoutMs", members.integer("timeoutMs")),
        members.bool("stream", false),
        notNegative("credits", members.integer("credits", 0)),
        token(members.get("progressToken")),
        members.stringOrNull("idem"),
        members.stringOrNull("traceparent"),
        members.stringOrNull("tracestate"));
  }

  public RawJson write() {
    JsonWriter out = new JsonWriter();
    out.beginObject();
    if (timeoutMs != null) {
      out.name("timeoutMs").value(timeoutMs);
    }
    if (stream) {
      out.name("stream").value(true).name("credits").value(credits);
    }
    if (progressToken != null) {
      out.name("progressToken").value(progressToken);
    }
    text(out, "idem", idem);
    text(out, "traceparent", traceparent);
    text(out, "tracestate", tracestate);
    return out.endObject().toRawJson();
  }

  private static void text(JsonWriter out, String name, @Nullable String value) {
    if (value != null) {
      out.name(name).value(value);
    }
  }

  private static long notNegative(String name, long value) {
    if (value < 0) {
      throw new JsonException(name + ": expected >= 0");
    }
    return value;
  }

  private static @Nullable RawJson token(@Nullable RawJson token) {
    if (token == null) {
      return null;
    }
    return switch (token.kind()) {
      case STRING, NUMBER -> token;
      case OBJECT, ARRAY, BOOLEAN, NULL ->
          throw new JsonException("progressToken: expected a string or a number");
    };
  }
}
