package dev.everwire.protocol.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object, as protocol code reads its own small parameters. A member whose
 * value is {@code null} counts as absent. Immutable; safe from any thread.
 *
 * <p>The messages of its {@link JsonException}s name the member that was asked for and the
 * expectation: {@code offset: expected an integer}.
 */
public final class JsonMembers {
  // Up to here comparing the names one by one beats building a map.
  private static final int FEW = 16;
  private static final int ABSENT = -1;

  private final byte[] text;
  private final List<String> names;
  private final int[] bounds; // from and to of each value in text, in the order of names
  private final @Nullable Map<String, Integer> index; // only with more than FEW members

  private JsonMembers(
      byte[] text, List<String> names, int[] bounds, @Nullable Map<String, Integer> index) {
    this.text = text;
    this.names = names;
    this.bounds = bounds;
    this.index = index;
  }

  /** Reads an object in text that was checked before and is not going to change. */
  static JsonMembers of(byte[] text, int from, int to) {
    if (text[from] != '{') {
      throw new JsonException("expected an object");
    }
    List<String> names = new ArrayList<>();
    int[] bounds = new int[8];
    Map<String, Integer> index = null;
    JsonScanner scanner = new JsonScanner(text, from, to, Integer.MAX_VALUE);
    scanner.beginObject();
    while (scanner.member()) {
      String name = scanner.name();
      int count = names.size();
      if (count == FEW) {
        index = new HashMap<>();
        for (int i = 0; i < count; i++) {
          index.put(names.get(i), i);
        }
      }
      boolean twice = index == null ? names.contains(name) : index.putIfAbsent(name, count) != null;
      if (twice) {
        // Not the name: it is the sender's text.
        throw new JsonException(
            "byte " + (scanner.position() - from) + ": expected each member name once");
      }
      if (bounds.length == 2 * count) {
        bounds = Arrays.copyOf(bounds, 4 * count);
      }
      names.add(name);
      bounds[2 * count] = scanner.position();
      scanner.skipValue();
      bounds[2 * count + 1] = scanner.position();
    }
    return new JsonMembers(text, Collections.unmodifiableList(names), bounds, index);
  }

  /** The value, or null when it is missing or {@code null}. */
  public @Nullable RawJson get(String name) {
    int i = find(name);
    return i == ABSENT ? null : RawJson.trusted(text, from(i), to(i));
  }

  /** Names in the order of the text, those with a {@code null} value included; not modifiable. */
  public List<String> names() {
    return names;
  }

  /**
   * @throws JsonException "topic: missing" or "topic: expected a string"
   */
  public String string(String name) {
    return string(name, require(name));
  }

  /**
   * @throws JsonException if present and no string
   */
  public @Nullable String stringOrNull(String name) {
    int i = find(name);
    return i == ABSENT ? null : string(name, i);
  }

  /**
   * @throws JsonException if missing or no integer
   */
  public long integer(String name) {
    return integer(name, require(name));
  }

  /**
   * @throws JsonException if present and no integer
   */
  public long integer(String name, long absent) {
    int i = find(name);
    return i == ABSENT ? absent : integer(name, i);
  }

  /**
   * @throws JsonException if present and no boolean
   */
  public boolean bool(String name, boolean absent) {
    int i = find(name);
    if (i == ABSENT) {
      return absent;
    }
    byte first = text[from(i)];
    if (first != 't' && first != 'f') {
      throw new JsonException(name + ": expected a boolean");
    }
    return first == 't';
  }

  /**
   * The object's members, or null when absent.
   *
   * @throws JsonException if present and no object
   */
  public @Nullable JsonMembers object(String name) {
    int i = find(name);
    if (i == ABSENT) {
      return null;
    }
    try {
      return of(text, from(i), to(i));
    } catch (JsonException e) {
      throw new JsonException(name + ": " + e.getMessage());
    }
  }

  /**
   * The strings of an array, not modifiable; empty when absent.
   *
   * @throws JsonException if present and no array of strings
   */
  public List<String> strings(String name) {
    int i = find(name);
    if (i == ABSENT) {
      return List.of();
    }
    JsonScanner scanner = new JsonScanner(text, from(i), to(i), Integer.MAX_VALUE);
    List<String> strings = new ArrayList<>();
    try {
      scanner.beginArray();
      while (scanner.element()) {
        strings.add(scanner.string());
      }
    } catch (JsonException e) {
      throw new JsonException(name + ": expected an array of strings");
    }
    return Collections.unmodifiableList(strings);
  }

  private String string(String name, int i) {
    if (text[from(i)] != '"') {
      throw new JsonException(name + ": expected a string");
    }
    return JsonScanner.decode(text, from(i) + 1, to(i) - 1);
  }

  private long integer(String name, int i) {
    try {
      return RawJson.integer(text, from(i), to(i));
    } catch (JsonException e) {
      throw new JsonException(name + ": " + e.getMessage());
    }
  }

  private int require(String name) {
    int i = find(name);
    if (i == ABSENT) {
      throw new JsonException(name + ": missing");
    }
    return i;
  }

  private int find(String name) {
    int i = index == null ? names.indexOf(name) : index.getOrDefault(name, ABSENT);
    return i == ABSENT || text[from(i)] == 'n' ? ABSENT : i;
  }

  private int from(int i) {
    return bounds[2 * i];
  }

  private int to(int i) {
    return bounds[2 * i + 1];
  }
}
