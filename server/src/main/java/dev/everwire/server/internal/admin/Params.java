package dev.everwire.server.internal.admin;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one administrative call, read strictly: a member that is not known is an error,
 * because what was misspelt must not mean everybody. Every exception names the member. Immutable.
 */
final class Params {
  private static final JsonMembers NONE = RawJson.parse("{}").members();
  private static final Pattern SHOWN = Pattern.compile("[A-Za-z0-9_.$-]{1,64}");
  private static final int LONGEST_NAME = 256;
  private static final int MOST_ROWS = 200;

  private final JsonMembers members;

  private Params(JsonMembers members) {
    this.members = members;
  }

  /**
   * @throws JsonException if there is any other member, or these are no named parameters
   */
  static Params of(@Nullable RawJson params, List<String> known) {
    return new Params(checked(params == null ? NONE : params.members(), known));
  }

  private static JsonMembers checked(JsonMembers members, List<String> known) {
    for (String name : members.names()) {
      if (!known.contains(name)) {
        throw new JsonException(
            (SHOWN.matcher(name).matches() ? name : "a member")
                + ": unknown (expected: "
                + (known.isEmpty() ? "none" : String.join(", ", known))
                + ")");
      }
    }
    return members;
  }

  /** The members of a member, as strictly; null if it is absent. */
  @Nullable Params object(String name, List<String> known) {
    JsonMembers inside = members.object(name);
    try {
      return inside == null ? null : new Params(checked(inside, known));
    } catch (JsonException e) {
      throw new JsonException(name + "." + e.getMessage());
    }
  }

  boolean has(String name) {
    return members.get(name) != null;
  }

  @Nullable RawJson json(String name, int mostBytes) {
    RawJson value = members.get(name);
    if (value != null && value.length() > mostBytes) {
      throw new JsonException(name + ": expected at most " + mostBytes + " bytes");
    }
    return value;
  }

  /** 1–256 characters. */
  @Nullable String name(String name) {
    return text(name, 1, LONGEST_NAME);
  }

  @Nullable String text(String name, int least, int most) {
    String text = members.stringOrNull(name);
    if (text != null && (text.length() < least || text.length() > most)) {
      throw new JsonException(name + ": expected " + least + "-" + most + " characters");
    }
    return text;
  }

  boolean flag(String name) {
    return members.bool(name, false);
  }

  /** Null if it is absent. */
  @Nullable Boolean flagOrNull(String name) {
    return has(name) ? members.bool(name, false) : null;
  }

  long integer(String name, long absent, long least, long most) {
    long value = members.integer(name, absent);
    if (has(name) && (value < least || value > most)) {
      throw new JsonException(name + ": expected " + least + "-" + most);
    }
    return value;
  }

  /** How many rows a page is to have; never more than 200, whatever is asked for. */
  int limit(int absent) {
    return (int) Math.min(integer("limit", absent, 1, Long.MAX_VALUE), MOST_ROWS);
  }

  /**
   * Which of these members is there.
   *
   * @throws JsonException unless it is exactly one
   */
  String one(List<String> names) {
    List<String> there = new ArrayList<>(names);
    there.removeIf(name -> !has(name));
    if (there.size() != 1) {
      throw new JsonException(
          (there.isEmpty() ? names.getFirst() : there.get(1))
              + ": expected exactly one of "
              + String.join(", ", names));
    }
    return there.getFirst();
  }

  /**
   * @throws JsonException if it is absent
   */
  <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw new JsonException(name + ": missing");
    }
    return value;
  }
}
