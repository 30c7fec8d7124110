package dev.everwire.config.internal.text;

import java.util.Set;
import java.util.regex.Pattern;

/** Texts as they are shown and written. */
public final class Quotes {
  private static final int LONGEST = 60;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/.$~][A-Za-z0-9_/.:$*@+=~ -]*");
  private static final Pattern AMBIGUOUS = Pattern.compile(".*(: | #|:$| $).*|[-+.0-9].*|~.*");
  private static final Set<String> WORDS =
      Set.of("true", "false", "null", "none", "yes", "no", "on", "off", "y", "n");

  private Quotes() {}

  /** For an error: in one line, without control characters, and not too long. */
  public static String shown(String text) {
    StringBuilder out = new StringBuilder("\"");
    int end = Math.min(text.length(), LONGEST);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      out.append(visible(c) ? c : '?');
    }
    return out.append(text.length() > LONGEST ? "…\"" : "\"").toString();
  }

  /** What cannot change how the rest of a line is seen. */
  private static boolean visible(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  /** For a YAML file: in double quotes unless it can only be read as this text. */
  public static String yaml(String text) {
    if (PLAIN.matcher(text).matches()
        && !AMBIGUOUS.matcher(text).matches()
        && !WORDS.contains(text.toLowerCase(java.util.Locale.ROOT))) {
      return text;
    }
    return doubleQuoted(text);
  }

  /** As JSON and YAML both read it. */
  public static String doubleQuoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < ' ' || c == 0x7F || (c > 0x7F && c < 0xA0) || c == '\u2028' || c == '\u2029') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
