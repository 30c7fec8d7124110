package dev.everwire.client.foreign.handler;

import dev.everwire.client.foreign.ForeignMessage;
import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes single members of other people's JSON: what does not fit is not there. */
final class JsonFields {
  private JsonFields() {}

  static @Nullable RawJson get(Text message, String name) {
    JsonMembers members = message.members();
    return members == null ? null : members.get(name);
  }

  /** As {@link #get}, but {@code null} where the member is written so. */
  static @Nullable RawJson getOrNull(Text message, String name) {
    JsonMembers members = message.members();
    return members == null ? null : getOrNull(members, name);
  }

  static @Nullable RawJson getOrNull(JsonMembers members, String name) {
    RawJson value = members.get(name);
    return value == null && members.names().contains(name) ? RawJson.NULL : value;
  }

  static @Nullable String string(Text message, String name) {
    RawJson value = get(message, name);
    return value != null && value.kind() == RawJson.Kind.STRING ? value.asString() : null;
  }

  /** A string's content, or a number's digits. */
  static Optional<String> id(Text message, String name) {
    RawJson value = get(message, name);
    if (value == null) {
      return Optional.empty();
    }
    return switch (value.kind()) {
      case STRING -> Optional.of(value.asString());
      case NUMBER -> Optional.of(value.toString());
      case OBJECT, ARRAY, BOOLEAN, NULL -> Optional.empty();
    };
  }

  static JsonWriter id(JsonWriter to, String id, boolean numeric) {
    return numeric ? to.value(number(id)) : to.value(id);
  }

  /** An error as services write it: an object with code and message, a string, or anything. */
  static Fault fault(RawJson error) {
    return switch (error.kind()) {
      case STRING -> Fault.of(FaultCode.APPLICATION, error.asString());
      case OBJECT -> object(error);
      case ARRAY, NUMBER, BOOLEAN, NULL -> unnamed(error);
    };
  }

  /**
   * The same object with one member more in front, in place of one of that name.
   *
   * @throws IllegalArgumentException if it is no JSON object
   */
  static ForeignMessage with(ForeignMessage message, String name, RawJson value) {
    JsonMembers members = message instanceof Text text ? text.members() : null;
    if (members == null) {
      throw new IllegalArgumentException("request: no JSON object (expected: one)");
    }
    JsonWriter writer = new JsonWriter().beginObject().name(name).value(value);
    copy(members, name, writer);
    return ForeignMessage.json(writer.endObject().toRawJson());
  }

  /** Writes all members but one. */
  static void copy(JsonMembers from, String but, JsonWriter to) {
    for (String name : from.names()) {
      if (!name.equals(but)) {
        RawJson value = from.get(name);
        to.name(name).value(value == null ? RawJson.NULL : value);
      }
    }
  }

  static RawJson idValue(String id, boolean numeric) {
    return numeric ? RawJson.number(number(id)) : RawJson.string(id);
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("id: " + id + " (expected: an integer)", e);
    }
  }

  private static Fault object(RawJson error) {
    try {
      JsonMembers members = error.members();
      RawJson code = members.get("code");
      RawJson message = members.get("message");
      RawJson data = members.get("data");
      if (message != null && message.kind() == RawJson.Kind.STRING) {
        return new Fault(code(code), message.asString(), data);
      }
    } catch (JsonException e) {
      // a name twice
    }
    return unnamed(error);
  }

  /** Codes are numbers, or numbers in quotes. */
  static int code(@Nullable RawJson code) {
    if (code == null) {
      return FaultCode.APPLICATION;
    }
    try {
      String digits = code.kind() == RawJson.Kind.STRING ? code.asString() : code.toString();
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      return FaultCode.APPLICATION;
    }
  }

  private static Fault unnamed(RawJson error) {
    return new Fault(FaultCode.APPLICATION, "the service answered with an error", error);
  }
}
