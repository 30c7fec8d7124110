package dev.everwire.server.internal.resume;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.internal.RandomText;
import dev.everwire.server.internal.resume.Verdict.Accepted;
import dev.everwire.server.internal.resume.Verdict.Kind;
import dev.everwire.server.internal.resume.Verdict.Refused;
import dev.everwire.server.memory.MemoryNonceStore;
import dev.everwire.server.resume.ResumeKey;
import dev.everwire.server.resume.ResumeKeys;
import dev.everwire.server.resume.ResumeSettings;
import dev.everwire.spi.NonceStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gives and checks resume tokens: {@code v1.<key id>.<claims>.<mac>}, both parts behind the key id
 * in base64url without padding, the mac HMAC-SHA-256 of all that stands before its dot. Safe from
 * any thread.
 *
 * <p>A token is told apart from a forgery without looking anything up. Each hello gives a new one;
 * since its answer may be lost with the connection, the former goes on being valid until its
 * successor was used. Exactly: a token is replayed once a token of the same session with a higher
 * generation was accepted. Two clients with one token are both accepted; each gets a generation of
 * its own, and as soon as the later one comes back, the earlier one's token is replayed.
 *
 * <p>When the session was gone and a token gave a fresh one of the same identity, the first token
 * of the fresh session ends that of the former when it is used.
 */
public final class ResumeTokens implements AutoCloseable {
  /** Longest token that is looked at, in characters. */
  public static final int MOST_LENGTH = 2048;

  private static final Logger LOG = System.getLogger(ResumeTokens.class.getName());
  private static final String VERSION = "v1.";
  private static final int NONCE_LENGTH = 22; // of 6 bits: 132

  // Uses are remembered longer than tokens live: clocks of nodes differ.
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final boolean enabled;
  private final Duration life;
  private final ResumeKeys keys;
  private final NonceStore nonces;
  private final @Nullable NonceStore own; // what we close
  private final RandomGenerator random;

  /**
   * @param random must be safe from any thread and not guessable
   */
  public ResumeTokens(ResumeSettings settings, RandomGenerator random) {
    this.enabled = settings.enabled();
    this.life = settings.tokenLife();
    this.keys = Objects.requireNonNullElseGet(settings.keys(), () -> ResumeKeys.random(random));
    this.own = settings.nonces() == null ? new MemoryNonceStore() : null;
    this.nonces = settings.nonces() == null ? Objects.requireNonNull(own) : settings.nonces();
    this.random = random;
  }

  /**
   * A token to give with the answer to a hello. One whose names do not fit into {@value
   * #MOST_LENGTH} characters will be refused when it comes back, as one is given while resuming is
   * switched off.
   *
   * @param client as the client named itself, null if it did not
   * @param user null for an anonymous one
   * @param generation of the connection that said hello, 1 or more
   * @param used the token that was accepted with this hello, null if there was none
   */
  public String mint(
      String session,
      @Nullable String client,
      @Nullable String user,
      long generation,
      @Nullable Claims used,
      Instant now) {
    String nonce = RandomText.of(random, NONCE_LENGTH);
    if (!enabled) {
      return nonce;
    }
    Instant issued = now.truncatedTo(ChronoUnit.SECONDS);
    Claims.Former former =
        used == null || used.session().equals(session)
            ? null
            : new Claims.Former(used.session(), used.generation());
    Claims claims =
        new Claims(session, client, user, generation, issued, issued.plus(life), nonce, former);
    ResumeKey key = keys.signing();
    String signed = VERSION + key.id() + "." + base64(claims.write().toString());
    return signed + "." + mac(key, signed);
  }

  /**
   * Checks the signature, the expiry, who it was given to, and whether it was used, in this order.
   * Never fails, and leaves no trace of a token that is refused.
   *
   * @param user whom the connection is known to be of; null if that is not known, the token says it
   *     then
   * @param client as the client named itself in this hello, null if it did not
   * @return complete at once if the nonce store's answer is; else completed on a thread of the
   *     store
   */
  public CompletionStage<Verdict> accept(
      String token, @Nullable String user, @Nullable String client, Instant now) {
    Claims claims = enabled ? verified(token) : null;
    if (claims == null) {
      return refused(Kind.INVALID);
    }
    if (!now.isBefore(claims.expires())) {
      return refused(Kind.EXPIRED);
    }
    if (user != null && !user.equals(claims.user())) {
      return refused(Kind.USER_CHANGED);
    }
    if (!Objects.equals(client, claims.client())) {
      return refused(Kind.CLIENT_CHANGED);
    }
    return advanced(claims, now).handle((first, failure) -> verdict(claims, first, failure));
  }

  /**
   * All tokens of a session that were given until now are worthless: it was ended on purpose. Tried
   * once; a store that cannot be reached leaves them to expire.
   */
  public void revoke(String session, long generation, Instant now) {
    if (!enabled) {
      return;
    }
    try {
      var unused =
          nonces
              .advance(session, generation + 1, now, now.plus(life).plus(SKEW))
              .exceptionally(failure -> {
                LOG.log(Level.WARNING, "resume tokens not revoked session=" + session, failure);
                return false;
              });
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "resume tokens not revoked session=" + session, e);
    }
  }

  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }

  private CompletionStage<Boolean> advanced(Claims claims, Instant now) {
    try {
      return advance(claims, now);
    } catch (RuntimeException e) { // a store should not, but a peer is not to notice
      return CompletableFuture.failedStage(e);
    }
  }

  private CompletionStage<Boolean> advance(Claims claims, Instant now) {
    Instant until = claims.expires().plus(SKEW);
    CompletionStage<Boolean> first =
        nonces.advance(claims.session(), claims.generation(), now, until);
    Claims.Former former = claims.former();
    if (former == null) {
      return first;
    }
    // Only when this one is good; what comes of the former's line does not matter to this one's.
    return first.thenCompose(good ->
        good
            ? nonces
                .advance(former.session(), former.generation() + 1, now, until)
                .handle((ended, failure) -> noted(former, failure))
            : CompletableFuture.completedStage(false));
  }

  /** True, whatever became of it. */
  private static boolean noted(Claims.Former former, @Nullable Throwable failure) {
    if (failure != null) {
      LOG.log(Level.WARNING, "former token not ended session=" + former.session(), failure);
    }
    return true;
  }

  private static Verdict verdict(
      Claims claims, @Nullable Boolean first, @Nullable Throwable failure) {
    if (failure != null || first == null) {
      LOG.log(Level.WARNING, "resume not checked session=" + claims.session(), failure);
      return new Refused(Kind.UNAVAILABLE);
    }
    return first ? new Accepted(claims) : new Refused(Kind.REPLAYED);
  }

  /** What a token says that we signed; null for any other text. */
  private @Nullable Claims verified(String token) {
    if (token.length() > MOST_LENGTH || !token.startsWith(VERSION)) {
      return null;
    }
    int end = token.lastIndexOf('.');
    int middle = token.indexOf('.', VERSION.length());
    if (middle < 0 || middle == end) {
      return null;
    }
    ResumeKey key = keys.find(token.substring(VERSION.length(), middle)).orElse(null);
    if (key == null) {
      return null;
    }
    // The mac's text is compared, not what it decodes to: base64 has several texts for the same
    // bytes.
    if (!same(mac(key, token.substring(0, end)), token.substring(end + 1))) {
      return null;
    }
    try {
      return Claims.read(
          RawJson.parse(Base64.getUrlDecoder().decode(token.substring(middle + 1, end))));
    } catch (JsonException | IllegalArgumentException | DateTimeException e) {
      return null; // signed by us, but no token of this kind
    }
  }

  private static boolean same(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private static String mac(ResumeKey key, String signed) {
    return base64(key.mac(signed.getBytes(StandardCharsets.UTF_8)));
  }

  private static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static CompletionStage<Verdict> refused(Kind kind) {
    return CompletableFuture.completedStage(new Refused(kind));
  }
}
