package dev.everwire.protocol;

/**
 * The name of a topic: 1–200 characters of {@code [A-Za-z0-9/:._-]} in segments separated by {@code
 * /}, none of them empty. Names that begin with {@code $} are Everwire's own and refused here.
 *
 * @param value the name as it stands on the wire
 */
public record TopicName(String value) {
  public static final int MAX_LENGTH = 200;

  /**
   * @throws IllegalArgumentException if the name is not well formed
   */
  public TopicName {
    if (!valid(value)) {
      throw new IllegalArgumentException(
          "topic: not a valid name (expected: 1-200 characters of A-Z a-z 0-9 / : . _ - with no"
              + " empty segment)");
    }
  }

  public static boolean valid(String name) {
    int length = name.length();
    if (length == 0 || length > MAX_LENGTH) {
      return false;
    }
    char previous = '/';
    for (int i = 0; i < length; i++) {
      char c = name.charAt(i);
      if (!ordinary(c) && (c != '/' || previous == '/')) {
        return false;
      }
      previous = c;
    }
    return previous != '/';
  }

  private static boolean ordinary(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == ':'
        || c == '.'
        || c == '_'
        || c == '-';
  }

  @Override
  public String toString() {
    return value;
  }
}
