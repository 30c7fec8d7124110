package dev.everwire.protocol.wire;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code $/authExpiring}: the client's token ends soon.
 *
 * @param in when, at most 365 days
 */
public record AuthExpiring(Duration in) {
  private static final long LONGEST_MS = Duration.ofDays(365).toMillis();

  /**
   * @throws JsonException naming the member that does not fit
   */
  public static AuthExpiring read(@Nullable RawJson params) {
    if (params == null) {
      throw new JsonException("inMs: missing");
    }
    long millis = params.members().integer("inMs");
    return new AuthExpiring(Duration.ofMillis(Math.max(0, Math.min(millis, LONGEST_MS))));
  }

  public RawJson write() {
    return new JsonWriter().beginObject().name("inMs").value(in.toMillis()).endObject().toRawJson();
  }
}
