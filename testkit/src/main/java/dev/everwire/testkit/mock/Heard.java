package dev.everwire.testkit.mock;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One message of a client. Immutable. */
public final class Heard {
  private static final int SHOWN = 200;

  private final boolean binary;
  private final byte[] payload;
  private final long at;

  Heard(boolean binary, ByteBuffer lent, long at) {
    this.binary = binary;
    this.payload = new byte[lent.remaining()];
    lent.get(lent.position(), payload);
    this.at = at;
  }

  public boolean binary() {
    return binary;
  }

  /** The payload as UTF-8, also of a binary message. */
  public String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  public byte[] bytes() {
    return payload.clone();
  }

  /** When it came, in nanoseconds of the server's loops; meaningful as differences. */
  public long at() {
    return at;
  }

  public boolean contains(String part) {
    return text().contains(part);
  }

  /**
   * @throws JsonException if it is no JSON
   */
  public RawJson json() {
    return RawJson.parse(payload);
  }

  /** A member of the JSON object this is; null if it is none, or has no such member. */
  public @Nullable RawJson member(String name) {
    try {
      RawJson whole = json();
      return whole.kind() == RawJson.Kind.OBJECT ? whole.members().get(name) : null;
    } catch (JsonException e) {
      return null;
    }
  }

  /** A member further inside, for instance {@code member("params", "topic")}. */
  public @Nullable RawJson member(String outer, String... inner) {
    RawJson at = member(outer);
    for (String name : inner) {
      at = at == null || at.kind() != RawJson.Kind.OBJECT ? null : at.members().get(name);
    }
    return at;
  }

  /** The text of a string member; null if there is none. */
  public @Nullable String string(String outer, String... inner) {
    RawJson found = inner.length == 0 ? member(outer) : member(outer, inner);
    if (found == null || found.kind() != RawJson.Kind.STRING) {
      return null;
    }
    RawJson whole = RawJson.parse("{\"it\":" + found + "}");
    JsonMembers members = whole.members();
    return members.string("it");
  }

  /** Whether it is a JSON-RPC request or notification of that method. */
  public boolean calls(String method) {
    return method.equals(string("method"));
  }

  /**
   * The {@code id} of a request as it was written.
   *
   * @throws IllegalStateException if it has none
   */
  public String id() {
    RawJson id = member("id");
    if (id == null) {
      throw new IllegalStateException("no id in " + this);
    }
    return id.toString();
  }

  @Override
  public String toString() {
    String text = text();
    String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    return binary ? "binary " + shown : shown;
  }
}
