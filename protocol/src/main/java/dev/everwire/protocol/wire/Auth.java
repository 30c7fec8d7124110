package dev.everwire.protocol.wire;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code rpc.auth}: a new token for the connection that is there.
 *
 * @param token secret; opaque to Everwire
 */
public record Auth(String token) {

  /**
   * The answer.
   *
   * @param user empty if the server does not say
   * @param expiresIn seconds until the token ends, 0 if the server does not say
   */
  public record Accepted(String user, long expiresIn) {

    /**
     * @throws JsonException naming the member that does not fit
     */
    public static Accepted read(RawJson result) {
      JsonMembers members = result.members();
      String user = members.stringOrNull("user");
      return new Accepted(
          user == null ? "" : user, Lists.seconds(members.integer("authExpiresIn", 0)));
    }

    public RawJson write() {
      JsonWriter out = new JsonWriter().beginObject();
      if (!user.isEmpty()) {
        out.name("user").value(user);
      }
      if (expiresIn > 0) {
        out.name("authExpiresIn").value(expiresIn);
      }
      return out.endObject().toRawJson();
    }
  }

  /**
   * @throws JsonException naming the member that does not fit
   */
  public static Auth read(@Nullable RawJson params) {
    if (params == null) {
      throw new JsonException("token: missing");
    }
    return new Auth(params.members().string("token"));
  }

  public RawJson write() {
    return new JsonWriter().beginObject().name("token").value(token).endObject().toRawJson();
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Auth[…]";
  }
}
