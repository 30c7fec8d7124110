package dev.everwire.netty.internal.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers of one request in their order, names in lower case. */
final class Fields {
  private String[] pairs = new String[24]; // name, value, name, value…
  private int length;

  void add(String name, String value) {
    if (length == pairs.length) {
      pairs = Arrays.copyOf(pairs, 2 * length);
    }
    pairs[length] = name;
    pairs[length + 1] = value;
    length += 2;
  }

  int count() {
    return length / 2;
  }

  /** How many headers have this name. */
  int count(String name) {
    int count = 0;
    for (int i = 0; i < length; i += 2) {
      if (pairs[i].equals(name)) {
        count++;
      }
    }
    return count;
  }

  /** The first value of a name, or null. */
  @Nullable String first(String name) {
    for (int i = 0; i < length; i += 2) {
      if (pairs[i].equals(name)) {
        return pairs[i + 1];
      }
    }
    return null;
  }

  /** All values of a name. */
  List<String> all(String name) {
    List<String> all = new ArrayList<>(2);
    for (int i = 0; i < length; i += 2) {
      if (pairs[i].equals(name)) {
        all.add(pairs[i + 1]);
      }
    }
    return all;
  }

  /** Replaces the first value of a name that is there. */
  void replace(String name, String value) {
    for (int i = 0; i < length; i += 2) {
      if (pairs[i].equals(name)) {
        pairs[i + 1] = value;
        return;
      }
    }
  }

  /** Whether a name's comma-separated values have a token, in any case of letters. */
  boolean hasToken(String name, String token) {
    for (int i = 0; i < length; i += 2) {
      if (pairs[i].equals(name) && Elements.has(pairs[i + 1], token)) {
        return true;
      }
    }
    return false;
  }

  /** The first value of each name. Immutable. */
  Map<String, String> firstValues() {
    @SuppressWarnings({"unchecked", "rawtypes"}) // there is no other array of a generic type
    Map.Entry<String, String>[] entries = new Map.Entry[length / 2];
    int count = 0;
    for (int i = 0; i < length; i += 2) {
      if (!isBefore(pairs[i], i)) {
        entries[count++] = Map.entry(pairs[i], pairs[i + 1]);
      }
    }
    return Map.ofEntries(count == entries.length ? entries : Arrays.copyOf(entries, count));
  }

  private boolean isBefore(String name, int end) {
    for (int i = 0; i < end; i += 2) {
      if (pairs[i].equals(name)) {
        return true;
      }
    }
    return false;
  }
}
