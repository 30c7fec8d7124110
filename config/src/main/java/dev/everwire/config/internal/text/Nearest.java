package dev.everwire.config.internal.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody may have meant. */
public final class Nearest {
  private static final int LONGEST = 80; // beyond, nothing is near

  private Nearest() {}

  /** The known word that differs least, whatever the case, if it is near at all. */
  public static Optional<String> of(String word, Collection<String> known) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    String wanted = word.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(candidate -> distance(wanted, candidate.toLowerCase(Locale.ROOT)) <= bound(word))
        .min(
            Comparator.<String>comparingInt(
                    candidate -> distance(wanted, candidate.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** {@code (did you mean "port"?)} with a space ahead, or nothing. */
  public static String hint(String word, Collection<String> known) {
    return of(word, known).map(found -> " (did you mean \"" + found + "\"?)").orElse("");
  }

  private static int bound(String word) {
    return Math.max(1, Math.min(4, (word.length() + 1) / 2));
  }

  /** Letters put in, left out or exchanged (Levenshtein). */
  static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    int[] now = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      now[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int exchanged = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        now[j] = Math.min(exchanged, Math.min(before[j], now[j - 1]) + 1);
      }
      int[] spare = before;
      before = now;
      now = spare;
    }
    return before[b.length()];
  }
}
