package dev.everwire.auth;

import dev.everwire.spi.auth.Authenticator;
import dev.everwire.spi.auth.Credentials;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows a peer by an API key, {@code ewk_ID_SECRET}: the bearer token, or the header {@code
 * x-api-key} where there is no bearer token. Immutable, so other keys are another instance; safe
 * from any thread; answers at once.
 *
 * <p>The secret is 256 random bits. Nobody can try them out, so one round of SHA-256 keeps them as
 * safe as a slow hash would keep a password, and a server can check thousands of them a second on
 * an event loop. The salt keeps equal secrets apart and tables useless. The same work is done for
 * an id that is not known as for a wrong secret, and hashes are compared in a time that does not
 * depend on them.
 */
public final class ApiKeys implements Authenticator {
  static final String PREFIX = "ewk_";
  private static final int MOST_KEYS = 100_000;
  private static final int LONGEST = 256;
  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 9;
  private static final String HEADER = "x-api-key";
  private static final Pattern FORMAT =
      Pattern.compile(PREFIX + "(" + ApiKey.ID + ")_([A-Za-z0-9_-]{43})");
  private static final byte[] NO_SALT = new byte[ApiKey.SALT_BYTES];
  private static final byte[] NO_HASH = new byte[ApiKey.HASH_BYTES];
  private static final String WRONG = "the API key is not accepted";

  private final Map<String, ApiKey> keys;
  private final InstantSource time;
  private final BiPredicate<byte[], byte[]> same;

  private ApiKeys(Collection<ApiKey> keys, InstantSource time, BiPredicate<byte[], byte[]> same) {
    if (keys.size() > MOST_KEYS) {
      throw new IllegalArgumentException(
          "keys: " + keys.size() + " (expected: at most " + MOST_KEYS + ")");
    }
    Map<String, ApiKey> byId = new HashMap<>();
    for (ApiKey key : keys) {
      if (byId.put(key.id(), key) != null) {
        throw new IllegalArgumentException("keys: " + key.id() + " twice (expected: ids differ)");
      }
    }
    this.keys = Map.copyOf(byId);
    this.time = time;
    this.same = same;
  }

  /** At most 100 000, each with an id of its own. */
  public static ApiKeys of(Collection<ApiKey> keys) {
    return of(keys, InstantSource.system());
  }

  public static ApiKeys of(Collection<ApiKey> keys, InstantSource time) {
    return new ApiKeys(keys, time, MessageDigest::isEqual);
  }

  /** With another way to compare, to watch it. */
  static ApiKeys comparing(
      Collection<ApiKey> keys, InstantSource time, BiPredicate<byte[], byte[]> same) {
    return new ApiKeys(keys, time, same);
  }

  /** A key that was just made. */
  public record Generated(String key, ApiKey entry) {
    /** Without the key. */
    @Override
    public String toString() {
      return "Generated[" + entry + "]";
    }
  }

  /**
   * Makes a key. It is shown to whom it is for and kept nowhere; what is kept is the entry.
   *
   * @param user 1–256 printable characters
   */
  public static Generated generate(String user) {
    SecureRandom random = new SecureRandom();
    // letters and digits only: an id is spoken of, and its end has to be found
    String id = "";
    while (!id.matches("[A-Za-z0-9]{12}")) {
      id = ApiKey.encoded(random(random, ID_BYTES));
    }
    String secret = ApiKey.encoded(random(random, SECRET_BYTES));
    byte[] salt = random(random, ApiKey.SALT_BYTES);
    return new Generated(PREFIX + id + "_" + secret, ApiKey.of(id, salt, hash(salt, secret), user));
  }

  @Override
  public CompletionStage<Verdict> authenticate(Credentials credentials) {
    return CompletableFuture.completedStage(decide(credentials));
  }

  private Verdict decide(Credentials credentials) {
    String token = credentials.token();
    if (token != null) {
      return token.startsWith(PREFIX) ? decide(token) : new Verdict.Absent();
    }
    String header = credentials.headers().get(HEADER);
    return header != null ? decide(header) : new Verdict.Absent();
  }

  private Verdict decide(String text) {
    Matcher parts = text.length() > LONGEST ? null : FORMAT.matcher(text);
    if (parts == null || !parts.matches()) {
      return new Verdict.Refused(Reason.INVALID, WRONG);
    }
    @Nullable ApiKey key = keys.get(parts.group(1));
    byte[] hash = hash(key == null ? NO_SALT : key.saltBytes(), parts.group(2));
    boolean right = same.test(hash, key == null ? NO_HASH : key.hashBytes());
    if (!right || key == null) {
      return new Verdict.Refused(Reason.INVALID, WRONG);
    }
    Instant expires = key.principal().expiresAt();
    return expires != null && !time.instant().isBefore(expires)
        ? new Verdict.Refused(Reason.EXPIRED, "the API key has expired")
        : new Verdict.Accepted(key.principal());
  }

  /** Of the secret's text, so that no second spelling of it is right. */
  private static byte[] hash(byte[] salt, String secret) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(salt);
      return sha.digest(secret.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] random(SecureRandom random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Without keys. */
  @Override
  public String toString() {
    return "ApiKeys[" + keys.size() + "]";
  }
}
