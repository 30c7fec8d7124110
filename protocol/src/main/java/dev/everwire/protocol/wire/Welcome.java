package dev.everwire.protocol.wire;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code rpc.hello}.
 *
 * @param session public name of the session, for logs
 * @param resumeToken secret; opaque to the client
 * @param resumed whether the former session goes on
 * @param reason why it does not, when the client asked for it; null otherwise
 * @param generation counts the connections of the session, 1 for the first
 * @param node the server that answered
 * @param caps what the server can do beyond the base
 * @param heartbeatIntervalMs silence before a ping, at least 1
 * @param heartbeatTimeoutMs silence after a ping before the link is given up, at least 1
 * @param resumeWindowMs how long a lost session is kept, 0 if it is not
 * @param limits bounds the client should keep to, by name
 * @param calls what became of each pending call the client named
 * @param timeMs the server's wall clock, milliseconds since 1970
 * @param authExpiresIn seconds until the client's token ends, 0 if the server does not say
 * @param user who the client is to the server; null if nobody in particular
 */
public record Welcome(
    String session,
    String resumeToken,
    boolean resumed,
    @Nullable String reason,
    long generation,
    String node,
    List<String> caps,
    long heartbeatIntervalMs,
    long heartbeatTimeoutMs,
    long resumeWindowMs,
    Map<String, Long> limits,
    Map<Long, String> calls,
    long timeMs,
    long authExpiresIn,
    @Nullable String user) {
  public Welcome {
    caps = List.copyOf(caps);
    limits = Map.copyOf(limits);
    calls = Map.copyOf(calls);
  }

  /**
   * @throws dev.everwire.protocol.json.JsonException naming the member that does not fit
   */
  public static Welcome read(RawJson result) {
    JsonMembers members = result.members();
    JsonMembers heartbeat = members.object("heartbeat");
    return new Welcome(
        members.string("session"),
        members.string("resumeToken"),
        members.bool("resumed", false),
        members.stringOrNull("reason"),
        members.integer("generation", 1),
        orEmpty(members.stringOrNull("node")),
        Lists.readNames(members, "caps"),
        heartbeat == null ? 25_000 : Math.max(1, heartbeat.integer("interval")),
        heartbeat == null ? 10_000 : Math.max(1, heartbeat.integer("timeout")),
        members.integer("resumeWindow", 0),
        Lists.readLimits(members),
        readCalls(members.object("calls")),
        members.integer("time", 0),
        Lists.seconds(members.integer("authExpiresIn", 0)),
        members.stringOrNull("user"));
  }

  private static Map<Long, String> readCalls(@Nullable JsonMembers members) {
    if (members == null) {
      return Map.of();
    }
    Map<Long, String> calls = new LinkedHashMap<>();
    for (String name : members.names()) {
      if (name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() < 17) {
        calls.put(Long.valueOf(name), members.string(name));
      }
    }
    return calls;
  }

  public RawJson write() {
    JsonWriter out = new JsonWriter();
    out.beginObject().name("v").value(1);
    out.name("session").value(session).name("resumeToken").value(resumeToken);
    out.name("resumed").value(resumed);
    if (reason != null) {
      out.name("reason").value(reason);
    }
    out.name("generation").value(generation).name("node").value(node);
    Lists.writeStrings(out, "caps", caps);
    out.name("heartbeat").beginObject();
    out.name("interval").value(heartbeatIntervalMs).name("timeout").value(heartbeatTimeoutMs);
    out.endObject().name("resumeWindow").value(resumeWindowMs);
    Lists.writeLimits(out, limits);
    out.name("calls").beginObject();
    calls.forEach((id, fate) -> out.name(Long.toString(id)).value(fate));
    out.endObject().name("time").value(timeMs);
    if (authExpiresIn > 0) {
      out.name("authExpiresIn").value(authExpiresIn);
    }
    if (user != null) {
      out.name("user").value(user);
    }
    return out.endObject().toRawJson();
  }

  /** Without the resume token. */
  @Override
  public String toString() {
    return "Welcome[session="
        + session
        + ", resumed="
        + resumed
        + ", generation="
        + generation
        + "]";
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }
}
