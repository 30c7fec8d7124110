package dev.everwire.client.internal.topic;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON pointer (RFC 6901), such as {@code /symbol} or {@code /legs/0/id}: where in an event's
 * data its key stands. Immutable.
 */
public final class KeyPointer {
  private static final int MAX_STEPS = 32;
  private static final int MAX_INDEX = 10_000;

  private final String text;
  private final List<String> steps;

  private KeyPointer(String text, List<String> steps) {
    this.text = text;
    this.steps = List.copyOf(steps);
  }

  /**
   * @throws IllegalArgumentException if it is no JSON pointer, or has more than 32 steps
   */
  public static KeyPointer of(String text) {
    if (text.isEmpty() || text.charAt(0) != '/') {
      throw refused(text, "a JSON pointer such as /symbol");
    }
    List<String> steps = new ArrayList<>();
    for (String step : text.substring(1).split("/", -1)) {
      steps.add(unescape(text, step));
    }
    if (steps.size() > MAX_STEPS) {
      throw refused(text, "at most " + MAX_STEPS + " steps");
    }
    return new KeyPointer(text, steps);
  }

  /** What stands there, comparable by equals; null if there is nothing. */
  public @Nullable Object find(RawJson data) {
    RawJson at = data;
    try {
      for (String step : steps) {
        RawJson next =
            switch (at.kind()) {
              case OBJECT -> at.members().get(step);
              case ARRAY -> element(at, step);
              default -> null;
            };
        if (next == null) {
          return null;
        }
        at = next;
      }
      return at.kind() == RawJson.Kind.STRING ? at.asString() : at.compact();
    } catch (JsonException e) {
      return null; // an object with a member twice has no key
    }
  }

  @Override
  public String toString() {
    return text;
  }

  private static @Nullable RawJson element(RawJson array, String step) {
    int index = index(step);
    if (index < 0) {
      return null;
    }
    List<RawJson> elements = array.elements();
    return index < elements.size() ? elements.get(index) : null;
  }

  private static int index(String step) {
    boolean number = step.matches("0|[1-9][0-9]{0,4}");
    int index = number ? Integer.parseInt(step) : -1;
    return index > MAX_INDEX ? -1 : index;
  }

  private static String unescape(String text, String step) {
    for (int i = step.indexOf('~'); i >= 0; i = step.indexOf('~', i + 1)) {
      char next = i + 1 < step.length() ? step.charAt(i + 1) : ' ';
      if (next != '0' && next != '1') {
        throw refused(text, "~0 or ~1 where there is a ~");
      }
    }
    return step.replace("~1", "/").replace("~0", "~");
  }

  private static IllegalArgumentException refused(String text, String expected) {
    return new IllegalArgumentException("key: " + text + " (expected: " + expected + ")");
  }
}
