package dev.everwire.protocol.wire;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code $/alert}: an administrator has something to say to people.
 *
 * @param severity one word of 1–16 small letters; {@link #INFO}, {@link #WARNING} and {@link
 *     #CRITICAL} mean what they say
 * @param message at most 4 096 characters; may be empty if there is data
 * @param data for programs, at most 16 KiB, or null
 */
public record Alert(String severity, String message, @Nullable RawJson data) {
  public static final String INFO = "info";
  public static final String WARNING = "warning";
  public static final String CRITICAL = "critical";

  public static final int MAX_SEVERITY = 16;
  public static final int MAX_MESSAGE = 4_096;
  public static final int MAX_DATA_BYTES = 16 * 1024;

  private static final Pattern WORD = Pattern.compile("[a-z]{1," + MAX_SEVERITY + "}");

  public Alert {
    if (!WORD.matcher(severity).matches()) {
      throw new IllegalArgumentException("severity: expected 1-" + MAX_SEVERITY + " small letters");
    }
    if (message.length() > MAX_MESSAGE) {
      throw new IllegalArgumentException(
          "message: expected at most " + MAX_MESSAGE + " characters");
    }
    if (data != null && data.length() > MAX_DATA_BYTES) {
      throw new IllegalArgumentException("data: expected at most " + MAX_DATA_BYTES + " bytes");
    }
  }

  /**
   * @throws JsonException naming the member that does not fit
   */
  public static Alert read(@Nullable RawJson params) {
    if (params == null) {
      throw new JsonException("severity: missing");
    }
    JsonMembers members = params.members();
    String message = members.stringOrNull("message");
    RawJson data = members.get("data");
    try {
      return new Alert(
          members.string("severity"),
          message == null ? "" : message,
          data == null ? null : data.compact());
    } catch (IllegalArgumentException e) {
      throw new JsonException(String.valueOf(e.getMessage()));
    }
  }

  public RawJson write() {
    JsonWriter out = new JsonWriter().beginObject().name("severity").value(severity);
    out.name("message").value(message);
    if (data != null) {
      out.name("data").value(data);
    }
    return out.endObject().toRawJson();
  }
}
