package dev.everwire.server.resume;

import dev.everwire.spi.NonceStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How sessions survive their connections. Immutable.
 *
 * @param enabled whether they do at all; if not, every resume is answered with a fresh session
 * @param within how long a lost session is kept, 1 s … 7 days
 * @param tokenLife how long a resume token is valid unless it is replaced, 1 s … 30 days and at
 *     least {@code within}; a valid one also gives a fresh session of the same identity when the
 *     session is gone
 * @param keys what tokens are signed with; null for a random key of the server's own
 * @param nonces which tokens were used; the caller closes it, after the server. Null for one in
 *     memory with room for {@link dev.everwire.server.memory.MemoryNonceStore#MOST} uses, one for
 *     each session that was resumed within {@code tokenLife}. Nodes that share keys must share it
 *     too, or each of them would accept what was used on another
 */
public record ResumeSettings(
    boolean enabled,
    Duration within,
    Duration tokenLife,
    @Nullable ResumeKeys keys,
    @Nullable NonceStore nonces) {
  private static final Duration LEAST = Duration.ofSeconds(1);

  public static final ResumeSettings DEFAULT =
      new ResumeSettings(true, Duration.ofMinutes(2), Duration.ofHours(1), null, null);

  /** Sessions end with their connections. */
  public static final ResumeSettings OFF =
      new ResumeSettings(false, DEFAULT.within, DEFAULT.tokenLife, null, null);

  public ResumeSettings {
    requireBetween("within", within, LEAST, Duration.ofDays(7));
    requireBetween("tokenLife", tokenLife, LEAST, Duration.ofDays(30));
    if (tokenLife.compareTo(within) < 0) {
      throw new IllegalArgumentException(
          "tokenLife: " + tokenLife + " (expected: >= within, " + within + ")");
    }
  }

  public ResumeSettings within(Duration newWithin) {
    return new ResumeSettings(enabled, newWithin, tokenLife, keys, nonces);
  }

  public ResumeSettings tokenLife(Duration newLife) {
    return new ResumeSettings(enabled, within, newLife, keys, nonces);
  }

  public ResumeSettings keys(ResumeKeys newKeys) {
    return new ResumeSettings(enabled, within, tokenLife, newKeys, nonces);
  }

  public ResumeSettings nonces(NonceStore newNonces) {
    return new ResumeSettings(enabled, within, tokenLife, keys, newNonces);
  }

  private static void requireBetween(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: >= " + least + ", <= " + most + ")");
    }
  }
}
