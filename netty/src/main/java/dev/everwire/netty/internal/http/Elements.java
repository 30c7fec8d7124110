package dev.everwire.netty.internal.http;

import java.util.ArrayList;
import java.util.List;

/** The elements of a comma-separated value (RFC 9110 section 5.6.1), for values without quotes. */
final class Elements {
  private Elements() {}

  /** In their order, without the blanks around them; an empty one is kept as that. */
  static List<String> of(String value) {
    List<String> elements = new ArrayList<>(2);
    int from = 0;
    while (from <= value.length()) {
      int to = end(value, from);
      elements.add(trimmed(value, from, to));
      from = to + 1;
    }
    return elements;
  }

  /** Whether one of the elements is this, in any case of letters. */
  static boolean has(String value, String element) {
    if (value.equalsIgnoreCase(element)) {
      return true;
    }
    int from = 0;
    while (from <= value.length()) {
      int to = end(value, from);
      if (to - from >= element.length() && trimmed(value, from, to).equalsIgnoreCase(element)) {
        return true;
      }
      from = to + 1;
    }
    return false;
  }

  private static int end(String value, int from) {
    int comma = value.indexOf(',', from);
    return comma < 0 ? value.length() : comma;
  }

  private static String trimmed(String value, int from, int to) {
    int begin = from;
    int end = to;
    while (begin < end && isBlank(value.charAt(begin))) {
      begin++;
    }
    while (end > begin && isBlank(value.charAt(end - 1))) {
      end--;
    }
    return value.substring(begin, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
