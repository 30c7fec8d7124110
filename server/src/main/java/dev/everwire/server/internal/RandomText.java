package dev.everwire.server.internal;

import java.util.random.RandomGenerator;

/** Names that nobody guesses or gives twice: epochs, sessions, tokens. */
public final class RandomText {
  private static final String ALPHABET =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

  private static final int WORDS = 62; // without - and _

  private RandomText() {}

  /**
   * Begins with a letter or digit, because people give such names to commands, where what begins
   * with a dash is an option.
   *
   * @param length characters, each worth 6 bits
   */
  public static String of(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    StringBuilder text = new StringBuilder(length);
    for (byte b : bytes) {
      int letter = b & 63;
      text.append(ALPHABET.charAt(text.isEmpty() ? letter % WORDS : letter));
    }
    return text.toString();
  }
}
