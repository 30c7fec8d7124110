package dev.everwire.autobahn;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The outcome of one case, and one line of a ratchet file: {@code 6.4.1 OK OK}.
 *
 * @param id the suite's number of the case
 * @param close how the connection ended
 */
record Verdict(String id, Behaviour behaviour, Behaviour close) {

  /** 2.10 behind 2.9. */
  static final Comparator<String> BY_NUMBER = (a, b) -> Arrays.compare(numbers(a), numbers(b));

  static Verdict parse(String line) {
    String[] words = line.strip().split("\\s+", -1);
    if (words.length != 3) {
      throw new IllegalArgumentException(
          "line: \"" + line + "\" (expected: case behaviour behaviour-of-close)");
    }
    return new Verdict(words[0], Behaviour.parse(words[1]), Behaviour.parse(words[2]));
  }

  boolean passes() {
    return behaviour.passes() && close.passes();
  }

  boolean worseThan(Verdict other) {
    return behaviour.worseThan(other.behaviour) || close.worseThan(other.close);
  }

  @Override
  public String toString() {
    return id + " " + behaviour + " " + close;
  }

  private static int[] numbers(String id) {
    return Arrays.stream(id.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
  }
}
