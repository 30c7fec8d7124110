package dev.everwire.server.reconnect;

import dev.everwire.server.reconnect.Reconnection.Accepted;
import dev.everwire.server.reconnect.Reconnection.Kind;
import dev.everwire.server.reconnect.Reconnection.Refused;
import dev.everwire.server.resume.ResumeKey;
import dev.everwire.server.resume.ResumeKeys;
import dev.everwire.spi.NonceStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives and checks tokens for a single reconnect: {@code <unix seconds>.<nonce, 32 hex>.<client
 * id>.<HMAC-SHA-256 of all before, 64 hex>}. For protocols of one's own on raw endpoints; sessions
 * of Everwire have their own. Safe from any thread.
 *
 * <p>A client id may hold any characters, dots too. A token is good on every node that has the
 * keys, and after a restart; it works once where nodes share the nonce store. It is told apart from
 * a forgery without looking anything up.
 */
public final class ReconnectTokens {
  /** Longest token that is looked at, in characters. */
  public static final int MOST_LENGTH = 2048;

  private static final Logger LOG = System.getLogger(ReconnectTokens.class.getName());
  private static final int NONCE_BYTES = 16;
  private static final int MOST_CLIENT_ID = 1024; // characters

  // The id in the middle is whatever the ends leave.
  private static final Pattern FORMAT =
      Pattern.compile("(\\d{1,12})\\.([0-9a-f]{32})\\.(.+)\\.([0-9a-f]{64})", Pattern.DOTALL);

  // Uses are remembered longer than tokens live: clocks of nodes differ.
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final boolean enabled;
  private final Duration life;
  private final ResumeKeys keys;
  private final NonceStore nonces;
  private final InstantSource clock;
  private final RandomGenerator random;

  /** Tokens that are valid for an hour. */
  public ReconnectTokens(ResumeKeys keys, NonceStore nonces) {
    this(true, Duration.ofHours(1), keys, nonces, InstantSource.system(), new SecureRandom());
  }

  /**
   * @param enabled if not, none is given and none accepted
   * @param life 1 s … 30 days
   * @param nonces which tokens were used; the caller closes it
   * @param random must be safe from any thread and not guessable
   */
  public ReconnectTokens(
      boolean enabled,
      Duration life,
      ResumeKeys keys,
      NonceStore nonces,
      InstantSource clock,
      RandomGenerator random) {
    if (life.compareTo(Duration.ofSeconds(1)) < 0 || life.compareTo(Duration.ofDays(30)) > 0) {
      throw new IllegalArgumentException("life: " + life + " (expected: >= PT1S, <= P30D)");
    }
    this.enabled = enabled;
    this.life = life;
    this.keys = keys;
    this.nonces = nonces;
    this.clock = clock;
    this.random = random;
  }

  /**
   * @param clientId 1–1024 characters
   * @throws IllegalStateException if tokens are switched off
   */
  public String issue(String clientId) {
    if (!enabled) {
      throw new IllegalStateException("reconnect tokens: switched off");
    }
    if (clientId.isEmpty() || clientId.length() > MOST_CLIENT_ID) {
      throw new IllegalArgumentException(
          "clientId: " + clientId.length() + " characters (expected: 1-" + MOST_CLIENT_ID + ")");
    }
    if (!wellFormed(clientId)) {
      throw new IllegalArgumentException("clientId: expected no lone surrogate");
    }
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    String signed =
        clock.instant().getEpochSecond() + "." + HexFormat.of().formatHex(nonce) + "." + clientId;
    return signed + "." + mac(keys.signing(), signed);
  }

  /**
   * Checks the signature, the expiry and whether it was used, in this order; an accepted one is
   * used up. Never fails.
   */
  public CompletionStage<Reconnection> validate(String token) {
    if (!enabled || token.length() > MOST_LENGTH || !wellFormed(token)) {
      return refused(Kind.INVALID);
    }
    Matcher parts = FORMAT.matcher(token);
    if (!parts.matches() || !signed(token.substring(0, parts.end(3)), parts.group(4))) {
      return refused(Kind.INVALID);
    }
    Instant now = clock.instant();
    Instant expires = Instant.ofEpochSecond(Long.parseLong(parts.group(1))).plus(life);
    if (!now.isBefore(expires)) {
      return refused(Kind.EXPIRED);
    }
    String clientId = parts.group(3);
    return spend(parts.group(2), now, expires.plus(SKEW))
        .handle((first, failure) -> verdict(clientId, first, failure));
  }

  private CompletionStage<Boolean> spend(String nonce, Instant now, Instant until) {
    try {
      return nonces.spend(nonce, now, until);
    } catch (RuntimeException e) { // a store should not, but a peer is not to notice
      return CompletableFuture.failedStage(e);
    }
  }

  private static Reconnection verdict(
      String clientId, @Nullable Boolean first, @Nullable Throwable failure) {
    if (failure != null || first == null) {
      LOG.log(Level.WARNING, "reconnect token not checked", failure);
      return new Refused(Kind.UNAVAILABLE);
    }
    return first ? new Accepted(clientId) : new Refused(Kind.REPLAYED);
  }

  /** The format does not say by which key. */
  private boolean signed(String text, String mac) {
    boolean good = false;
    for (ResumeKey key : keys.accepted()) {
      good |=
          MessageDigest.isEqual(
              mac(key, text).getBytes(StandardCharsets.US_ASCII),
              mac.getBytes(StandardCharsets.US_ASCII));
    }
    return good;
  }

  /** Lone surrogates all have one encoding, so a text with one could stand for another. */
  private static boolean wellFormed(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static String mac(ResumeKey key, String text) {
    return HexFormat.of().formatHex(key.mac(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static CompletionStage<Reconnection> refused(Kind kind) {
    return CompletableFuture.completedStage(new Refused(kind));
  }
}
