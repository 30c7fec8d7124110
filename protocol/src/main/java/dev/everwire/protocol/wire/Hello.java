package dev.everwire.protocol.wire;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of {@code rpc.hello}, the first message of an Everwire session.
 *
 * @param version of the protocol, 1
 * @param clientName for logs, may be empty
 * @param clientVersion for logs, may be empty
 * @param caps what the client can do beyond the base
 * @param resume the session to go on with, or null for a fresh one
 * @param limits bounds the server should keep to, by name, such as {@code frame} for the largest
 *     text the client reads, in bytes, at least 4096
 * @param token who the client is, secret, or null
 * @param clientId what the client calls itself on all its connections, 1–128 characters; null if it
 *     leaves that to the server
 */
public record Hello(
    int version,
    String clientName,
    String clientVersion,
    List<String> caps,
    @Nullable Resume resume,
    Map<String, Long> limits,
    @Nullable String token,
    @Nullable String clientId) {

  /** A client that reads less could not even be told what went wrong. */
  private static final long LEAST_FRAME = 4096;

  private static final int MAX_CLIENT_ID = 128;

  private static final String FRAME = "frame";

  /** As many as a client may have outstanding. */
  private static final int MAX_PENDING = 1_000;

  private static final int MAX_ID_DIGITS = 17; // of 2^53, and a comma

  /**
   * @param session public name of the former session
   * @param token its newest resume token
   * @param pending ids of calls that were sent and not answered
   */
  public record Resume(String session, String token, List<Long> pending) {
    public Resume {
      pending = List.copyOf(pending);
    }

    /** Without the token. */
    @Override
    public String toString() {
      return "Resume[session=" + session + ", pending=" + pending + "]";
    }
  }

  public Hello {
    caps = List.copyOf(caps);
    limits = Map.copyOf(limits);
  }

  /** As the other, of a client that names no limits. */
  public Hello(
      int version,
      String clientName,
      String clientVersion,
      List<String> caps,
      @Nullable Resume resume) {
    this(version, clientName, clientVersion, caps, resume, Map.of(), null);
  }

  /** As the other, of a client that does not name itself. */
  public Hello(
      int version,
      String clientName,
      String clientVersion,
      List<String> caps,
      @Nullable Resume resume,
      Map<String, Long> limits,
      @Nullable String token) {
    this(version, clientName, clientVersion, caps, resume, limits, token, null);
  }

  /**
   * @throws JsonException naming the member that does not fit
   */
  public static Hello read(@Nullable RawJson params) {
    if (params == null) {
      throw new JsonException("v: missing");
    }
    JsonMembers members = params.members();
    long version = members.integer("v");
    if (version != 1) {
      throw new JsonException("v: expected 1");
    }
    JsonMembers client = members.object("client");
    return new Hello(
        1,
        client == null ? "" : orEmpty(client.stringOrNull("name")),
        client == null ? "" : orEmpty(client.stringOrNull("version")),
        Lists.readNames(members, "caps"),
        readResume(members.object("resume")),
        limits(members),
        token(members.object("auth")),
        client == null ? null : id(client));
  }

  private static @Nullable String id(JsonMembers client) {
    String id = client.stringOrNull("id");
    if (id != null
        && (id.isEmpty()
            || id.length() > MAX_CLIENT_ID
            || id.chars().anyMatch(Character::isISOControl))) {
      throw new JsonException("client: id: expected 1-" + MAX_CLIENT_ID + " printable characters");
    }
    return id;
  }

  private static @Nullable String token(@Nullable JsonMembers auth) {
    return auth == null ? null : auth.stringOrNull("token");
  }

  private static Map<String, Long> limits(JsonMembers members) {
    Map<String, Long> limits = Lists.readLimits(members);
    if (limits.getOrDefault(FRAME, LEAST_FRAME) < LEAST_FRAME) {
      throw new JsonException("limits: " + FRAME + ": expected >= " + LEAST_FRAME);
    }
    return limits;
  }

  private static @Nullable Resume readResume(@Nullable JsonMembers resume) {
    if (resume == null) {
      return null;
    }
    RawJson pending = resume.get("pending");
    if (pending != null && pending.length() > MAX_PENDING * MAX_ID_DIGITS) {
      throw new JsonException("pending: expected at most " + MAX_PENDING + " ids");
    }
    List<Long> ids =
        pending == null
            ? List.of()
            : pending.elements().stream().map(RawJson::asLong).distinct().toList();
    if (ids.size() > MAX_PENDING) {
      throw new JsonException("pending: expected at most " + MAX_PENDING + " ids");
    }
    return new Resume(resume.string("session"), resume.string("token"), ids);
  }

  public RawJson write() {
    JsonWriter out = new JsonWriter();
    out.beginObject().name("v").value(version);
    out.name("client").beginObject();
    out.name("name").value(clientName).name("version").value(clientVersion);
    if (clientId != null) {
      out.name("id").value(clientId);
    }
    out.endObject();
    Lists.writeStrings(out, "caps", caps);
    if (token != null) {
      out.name("auth").beginObject().name("token").value(token).endObject();
    }
    if (resume != null) {
      out.name("resume").beginObject();
      out.name("session").value(resume.session()).name("token").value(resume.token());
      out.name("pending").beginArray();
      resume.pending().forEach(out::value);
      out.endArray().endObject();
    }
    if (!limits.isEmpty()) {
      Lists.writeLimits(out, limits);
    }
    return out.endObject().toRawJson();
  }

  /** Without the tokens. */
  @Override
  public String toString() {
    return "Hello[client=" + clientName + " " + clientVersion + ", caps=" + caps + "]";
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }
}
