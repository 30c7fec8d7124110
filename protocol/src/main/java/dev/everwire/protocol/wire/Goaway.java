package dev.everwire.protocol.wire;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code $/goaway}: the server will end this connection, and says when another is to
 * be opened.
 *
 * @param reason one word, such as {@code deploy}; may be empty
 * @param in when to open the other connection, at most a day
 * @param closeIn when this connection is ended, not before {@code in}
 * @param url where to, or null for the same place; what is no address counts as none
 * @param retryAfter not to come back before, at most a day; null if that is not said
 */
public record Goaway(
    String reason,
    Duration in,
    Duration closeIn,
    @Nullable URI url,
    @Nullable Duration retryAfter) {
  private static final long LONGEST_MS = Duration.ofDays(1).toMillis();

  public Goaway(String reason, Duration in, Duration closeIn, @Nullable URI url) {
    this(reason, in, closeIn, url, null);
  }

  /**
   * @throws JsonException naming the member that does not fit
   */
  public static Goaway read(@Nullable RawJson params) {
    if (params == null) {
      return new Goaway("", Duration.ZERO, Duration.ZERO, null);
    }
    JsonMembers members = params.members();
    String reason = members.stringOrNull("reason");
    long in = bounded(members.integer("inMs", 0));
    long closeIn = Math.max(in, bounded(members.integer("closeAtMs", in)));
    long retryAfter = bounded(members.integer("retryAfterMs", 0));
    return new Goaway(
        reason == null ? "" : reason,
        Duration.ofMillis(in),
        Duration.ofMillis(closeIn),
        uri(members.stringOrNull("url")),
        retryAfter == 0 ? null : Duration.ofMillis(retryAfter));
  }

  public RawJson write() {
    JsonWriter out = new JsonWriter().beginObject();
    out.name("reason").value(reason);
    out.name("inMs").value(in.toMillis()).name("closeAtMs").value(closeIn.toMillis());
    if (url != null) {
      out.name("url").value(url.toString());
    }
    if (retryAfter != null) {
      out.name("retryAfterMs").value(retryAfter.toMillis());
    }
    return out.endObject().toRawJson();
  }

  private static long bounded(long millis) {
    return Math.max(0, Math.min(millis, LONGEST_MS));
  }

  private static @Nullable URI uri(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return null; // the rest is worth knowing
    }
  }
}
