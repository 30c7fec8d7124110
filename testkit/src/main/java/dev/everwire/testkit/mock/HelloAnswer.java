package dev.everwire.testkit.mock;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an Everwire server answers to {@code rpc.hello}, with any member as a test wants it.
 * Immutable.
 */
public final class HelloAnswer {
  private final Map<String, RawJson> members;
  private final Map<String, Long> limits;

  private HelloAnswer(Map<String, RawJson> members, Map<String, Long> limits) {
    this.members = members;
    this.limits = limits;
  }

  /** A fresh session, heartbeat 25 s and 10 s, no limits, no capabilities. */
  public static HelloAnswer standard() {
    return new HelloAnswer(Map.of(), Map.of())
        .member("v", "1")
        .member("session", "\"S1\"")
        .member("resumeToken", "\"R1\"")
        .member("resumed", "false")
        .member("generation", "1")
        .member("node", "\"mock\"")
        .member("caps", "[]")
        .heartbeat(Duration.ofSeconds(25), Duration.ofSeconds(10));
  }

  public HelloAnswer session(String name) {
    return member("session", RawJson.string(name).toString());
  }

  public HelloAnswer resumed(boolean resumed) {
    return member("resumed", String.valueOf(resumed));
  }

  /** Secret; with another one on each connection a test sees which the client came with. */
  public HelloAnswer resumeToken(String token) {
    return member("resumeToken", RawJson.string(token).toString());
  }

  /** The session is kept so long when its connection is lost, for a client that acknowledges. */
  public HelloAnswer keptFor(Duration window) {
    return member("resumeWindow", String.valueOf(window.toMillis())).cap("ack");
  }

  /**
   * What became of a call that the client named: {@code done}, {@code running}, {@code new}, {@code
   * unknown}.
   */
  public HelloAnswer call(long id, String fate) {
    JsonWriter out = new JsonWriter().beginObject();
    RawJson before = members.get("calls");
    if (before != null) {
      JsonMembers calls = before.members();
      calls.names().forEach(name -> out.name(name).value(calls.string(name)));
    }
    out.name(Long.toString(id)).value(fate);
    return member("calls", out.endObject().toRawJson().toString());
  }

  private HelloAnswer cap(String cap) {
    List<String> caps = new ArrayList<>(RawJson.parse(result()).members().strings("caps"));
    if (!caps.contains(cap)) {
      caps.add(cap);
    }
    return caps(caps.toArray(String[]::new));
  }

  public HelloAnswer user(String user) {
    return member("user", RawJson.string(user).toString());
  }

  /** Rounded down to seconds. */
  public HelloAnswer authExpiresIn(Duration in) {
    return member("authExpiresIn", String.valueOf(in.toSeconds()));
  }

  public HelloAnswer heartbeat(Duration interval, Duration timeout) {
    return member(
        "heartbeat",
        "{\"interval\":" + interval.toMillis() + ",\"timeout\":" + timeout.toMillis() + "}");
  }

  public HelloAnswer caps(String... caps) {
    JsonWriter out = new JsonWriter().beginArray();
    for (String cap : caps) {
      out.value(cap);
    }
    return member("caps", out.endArray().toRawJson().toString());
  }

  /** One of the bounds a client should keep to, for instance {@code inflight}. */
  public HelloAnswer limit(String name, long value) {
    Map<String, Long> more = new LinkedHashMap<>(limits);
    more.put(name, value);
    return new HelloAnswer(members, more);
  }

  /** Any member, in place of one of that name. */
  public HelloAnswer member(String name, String json) {
    Map<String, RawJson> more = new LinkedHashMap<>(members);
    more.put(name, RawJson.parse(json));
    return new HelloAnswer(more, limits);
  }

  public HelloAnswer without(String name) {
    Map<String, RawJson> fewer = new LinkedHashMap<>(members);
    fewer.remove(name);
    return new HelloAnswer(fewer, limits);
  }

  /** The JSON of {@code result}. */
  public String result() {
    JsonWriter out = new JsonWriter().beginObject();
    members.forEach((name, value) -> out.name(name).value(value));
    if (!limits.isEmpty()) {
      out.name("limits").beginObject();
      limits.forEach((name, value) -> out.name(name).value(value));
      out.endObject();
    }
    return out.endObject().toRawJson().toString();
  }
}
