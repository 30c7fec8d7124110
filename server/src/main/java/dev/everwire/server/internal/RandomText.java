package dev.everwire.server.internal;

import java.util.random.RandomGenerator;

/** Names that nobody guesses or gives twice: epochs, sessions, tokens. */
public final class RandomText {
  private static final String ALPHABET =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

  private RandomText() {}

  /**
   * @param length characters, each worth 6 bits
   */
  public static String of(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    StringBuilder text = new StringBuilder(length);
    for (byte b : bytes) {
      text.append(ALPHABET.charAt(b & 63));
    }
    return text.toString();
  }
}
