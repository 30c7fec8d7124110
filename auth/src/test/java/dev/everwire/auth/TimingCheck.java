package dev.everwire.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.spi.auth.Authenticator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whether a secret shows in the time that it takes to refuse a guess. A measurement, not part of
 * the build; best on a quiet machine:
 *
 * <pre>mvn -pl auth -am test -Dtest=TimingCheck -Dsurefire.failIfNoSpecifiedTests=false</pre>
 *
 * <p>Two kinds of guesses are tried in random order by the same code, and the slowest tenth of the
 * times is left out. What is left is the difference of the means: a comparison that stops at the
 * first difference, which is measured to show that this finds what it looks for, has more than a
 * fifth; ours have to be within a hundredth. Welch's t is told as well, but so many samples make it
 * see even where in memory two guesses lie.
 */
final class TimingCheck {
  private static final int SAMPLES = 100_000;
  private static final int WARM_UP = 50_000;
  private static final int GUESSES = 128;
  private static final double SEEN = 0.2;
  private static final double UNSEEN = 0.01;
  private static final int CALLS = 8; // in one sample, because the clock is coarse

  @BeforeAll
  static void machine() {
    System.out.printf(
        Locale.ROOT,
        "%s, Java %s, %d cores; %d samples of %d calls%n",
        System.getProperty("os.arch"),
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        SAMPLES,
        CALLS);
  }

  @Test
  void aComparisonThatStopsEarlyIsFound() {
    assertThat(Math.abs(compared("Arrays.equals, control", Arrays::equals))).isGreaterThan(SEEN);
  }

  @Test
  void theComparisonTakesTheSameWhereverTheDifferenceIs() {
    assertThat(Math.abs(compared("MessageDigest.isEqual", MessageDigest::isEqual)))
        .isLessThan(UNSEEN);
  }

  @Test
  void anApiKeyWhoseHashBeginsRightTakesAsLongAsAnyOther() {
    ApiKeys.Generated made = ApiKeys.generate("ada");
    ApiKeys keys = ApiKeys.of(List.of(made.entry()));
    byte[] hash = made.entry().hashBytes();
    // Many of each, because reading a guess takes a time that depends on the guess.
    List<String> near = new ArrayList<>();
    List<String> far = new ArrayList<>();
    Random random = new Random(8842);
    while (near.size() < GUESSES || far.size() < GUESSES) {
      byte[] secret = new byte[32];
      random.nextBytes(secret);
      String text = ApiKey.encoded(secret);
      byte[] other = sha256(made.entry().saltBytes(), text);
      String key = "ewk_" + made.entry().id() + "_" + text;
      if (other[0] == hash[0] && other[1] == hash[1]) {
        near.add(key);
      } else if (other[0] != hash[0] && far.size() < GUESSES) {
        far.add(key);
      }
    }
    assertThat(Math.abs(asked("API key, 2 bytes of 32 right", keys, near, far))).isLessThan(UNSEEN);
  }

  /** An id is no secret; it is told here, not asserted, how far one that exists can be told. */
  @Test
  void anApiKeyThatIsUnknownTakesAboutAsLongAsAWrongOne() {
    ApiKeys.Generated made = ApiKeys.generate("ada");
    String secret = "_" + "A".repeat(43);
    asked(
        "API key, known id or not",
        ApiKeys.of(List.of(made.entry())),
        List.of("ewk_" + made.entry().id() + secret),
        List.of("ewk_" + ApiKeys.generate("x").entry().id() + secret));
  }

  @Test
  void aSignatureThatBeginsRightTakesAsLongAsAnyOther() {
    String token = Tokens.issuer(SigningAlgorithm.HS256).issue(Tokens.claims().build());
    int dot = token.lastIndexOf('.') + 1;
    byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot));
    byte[] near = signature.clone();
    near[31] ^= 1;
    byte[] far = signature.clone();
    far[0] ^= 1;
    assertThat(
            Math.abs(
                asked(
                    "HS256, 31 bytes of 32 right",
                    Tokens.open(Tokens.settings(Tokens.secret()).build()),
                    List.of(token.substring(0, dot) + ApiKey.encoded(near)),
                    List.of(token.substring(0, dot) + ApiKey.encoded(far)))))
        .isLessThan(UNSEEN);
  }

  private static double compared(String name, BiPredicate<byte[], byte[]> same) {
    byte[] right = new byte[1024]; // long, so that stopping early shows whatever the machine does
    new Random(1).nextBytes(right);
    List<byte[]> near = new ArrayList<>();
    List<byte[]> far = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      byte[] last = right.clone();
      last[1023 - i] ^= 1;
      near.add(last);
      byte[] first = right.clone();
      first[i] ^= 1;
      far.add(first);
    }
    return told(name, near, far, guess -> same.test(right, guess));
  }

  private static double asked(
      String name, Authenticator authenticator, List<String> near, List<String> far) {
    return told(
        name,
        near.stream().map(Tokens::bearer).toList(),
        far.stream().map(Tokens::bearer).toList(),
        guess -> authenticator.authenticate(guess) == null);
  }

  /** Tells how much longer the near guesses take, as a share of the time of the far ones. */
  private static <G> double told(String name, List<G> near, List<G> far, Predicate<G> guessed) {
    Random random = new Random(8842);
    long[][] times = new long[2][SAMPLES];
    int[] counts = new int[2];
    int right = 0;
    for (int i = -WARM_UP; counts[0] < SAMPLES && counts[1] < SAMPLES; i++) {
      int which = random.nextBoolean() ? 1 : 0;
      List<G> guesses = which == 0 ? near : far;
      G guess = guesses.get(random.nextInt(guesses.size()));
      long begin = System.nanoTime();
      for (int n = 0; n < CALLS; n++) {
        right += guessed.test(guess) ? 1 : 0;
      }
      long took = System.nanoTime() - begin;
      if (i >= 0) {
        times[which][counts[which]++] = took;
      }
    }
    assertThat(right).isZero();
    double[] one = meanAndError(times[0], counts[0]);
    double[] other = meanAndError(times[1], counts[1]);
    double t = (one[0] - other[0]) / Math.sqrt(one[1] + other[1]);
    double share = (one[0] - other[0]) / other[0];
    System.out.printf(
        Locale.ROOT,
        "%-30s near %8.1f ns  far %8.1f ns  difference %+6.2f ns = %+6.2f %%  t %+8.2f%n",
        name,
        one[0] / CALLS,
        other[0] / CALLS,
        (one[0] - other[0]) / CALLS,
        100 * share,
        t);
    return share;
  }

  private static double[] meanAndError(long[] times, int count) {
    long[] kept = Arrays.copyOf(times, count);
    Arrays.sort(kept);
    kept = Arrays.copyOf(kept, count * 9 / 10);
    double mean = Arrays.stream(kept).average().orElseThrow();
    double variance =
        Arrays.stream(kept).mapToDouble(time -> (time - mean) * (time - mean)).sum()
            / (kept.length - 1);
    return new double[] {mean, variance / kept.length};
  }

  private static byte[] sha256(byte[] salt, String secret) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(salt);
      return sha.digest(secret.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
