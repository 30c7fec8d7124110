package dev.everwire.client.sequence;

/**
 * The numbers that one message of a feed stands for, both included. A feed that numbers its
 * messages has ranges of one; exchanges often put several changes in a message and name the first
 * and the last, or the last and that of the message before.
 */
public record SequenceRange(long first, long last) {

  /**
   * @throws IllegalArgumentException if {@code first} is negative or beyond {@code last}
   */
  public SequenceRange {
    if (first < 0 || first > last) {
      throw new IllegalArgumentException(
          "sequence: " + first + "-" + last + " (expected: 0 <= first <= last)");
    }
  }

  public static SequenceRange of(long number) {
    return new SequenceRange(number, number);
  }

  public static SequenceRange of(long first, long last) {
    return new SequenceRange(first, last);
  }

  /**
   * Of a message that names its predecessor: everything behind {@code previous} up to {@code last}.
   * Numbers between them need not exist, so how many are missing in a gap cannot be said.
   */
  public static SequenceRange after(long previous, long last) {
    return new SequenceRange(Math.addExact(previous, 1), last);
  }

  @Override
  public String toString() {
    return first == last ? Long.toString(first) : first + "-" + last;
  }
}
