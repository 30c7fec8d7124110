package dev.everwire.server.internal.admin;

import dev.everwire.protocol.json.JsonWriter;
import java.util.Collection;

/** Texts that others made, as answers may hold them. */
final class Texts {
  private static final int LONGEST = 500;
  private static final int BRIEF = 100;
  private static final int MOST_NAMES = 64;

  private Texts() {}

  /** Sorted, at most 64 of them. */
  static void names(JsonWriter out, Collection<String> names) {
    out.beginArray();
    names.stream().sorted().limit(MOST_NAMES).map(Texts::cut).forEach(out::value);
    out.endArray();
  }

  /** As a detail of the audit log that has more to say behind it: at most 100 characters. */
  static String brief(String text) {
    return text.length() <= BRIEF ? text : text.substring(0, BRIEF) + "…";
  }

  /** At most 500 characters. */
  static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
