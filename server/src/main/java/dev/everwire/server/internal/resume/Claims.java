package dev.everwire.server.internal.resume;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a resume token says.
 *
 * @param session whose token it is
 * @param client as the client named itself, null if it did not
 * @param user null for an anonymous one
 * @param generation of the connection on whose hello it was given
 * @param issued whole seconds
 * @param expires whole seconds; valid before
 * @param nonce makes it differ from every other
 * @param former what the token replaces when that was another session's; null otherwise
 */
public record Claims(
    String session,
    @Nullable String client,
    @Nullable String user,
    long generation,
    Instant issued,
    Instant expires,
    String nonce,
    @Nullable Former former) {

  /** A session that is gone, in whose place this one was given. */
  public record Former(String session, long generation) {}

  /**
   * @throws JsonException naming the member that does not fit
   */
  static Claims read(RawJson json) {
    JsonMembers members = json.members();
    JsonMembers former = members.object("former");
    return new Claims(
        members.string("sess"),
        members.stringOrNull("cid"),
        members.stringOrNull("uid"),
        members.integer("gen"),
        Instant.ofEpochSecond(members.integer("iat")),
        Instant.ofEpochSecond(members.integer("exp")),
        members.string("nonce"),
        former == null ? null : new Former(former.string("sess"), former.integer("gen")));
  }

  RawJson write() {
    JsonWriter out = new JsonWriter();
    out.beginObject().name("sess").value(session);
    if (client != null) {
      out.name("cid").value(client);
    }
    if (user != null) {
      out.name("uid").value(user);
    }
    out.name("gen").value(generation);
    out.name("iat").value(issued.getEpochSecond()).name("exp").value(expires.getEpochSecond());
    out.name("nonce").value(nonce);
    if (former != null) {
      out.name("former").beginObject();
      out.name("sess").value(former.session()).name("gen").value(former.generation());
      out.endObject();
    }
    return out.endObject().toRawJson();
  }
}
