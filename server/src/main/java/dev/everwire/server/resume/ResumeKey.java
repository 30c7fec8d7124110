package dev.everwire.server.resume;

import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret that tokens are signed with, and the public id that says which. Immutable. */
public final class ResumeKey {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,16}");
  private static final int LEAST_SECRET = 32;
  private static final int MOST_SECRET = 1024;
  private static final int RANDOM_ID = 8;
  private static final String ALGORITHM = "HmacSHA256";

  private final String id;
  private final SecretKeySpec secret;

  private ResumeKey(String id, byte[] secret) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("id: \"" + id + "\" (expected: 1-16 of A-Z a-z 0-9 _ -)");
    }
    if (secret.length < LEAST_SECRET || secret.length > MOST_SECRET) {
      throw new IllegalArgumentException(
          "secret: "
              + secret.length
              + " bytes (expected: "
              + LEAST_SECRET
              + "-"
              + MOST_SECRET
              + ")");
    }
    this.id = id;
    this.secret = new SecretKeySpec(secret, ALGORITHM);
  }

  /**
   * @param id stands in every token, 1–16 of {@code A-Z a-z 0-9 _ -}
   * @param secret 32–1024 bytes that nobody can guess; copied
   * @throws IllegalArgumentException naming what does not fit, never the secret
   */
  public static ResumeKey of(String id, byte[] secret) {
    return new ResumeKey(id, secret);
  }

  /**
   * @param random must not be guessable
   */
  public static ResumeKey random(RandomGenerator random) {
    byte[] secret = new byte[LEAST_SECRET];
    random.nextBytes(secret);
    StringBuilder id = new StringBuilder(RANDOM_ID);
    for (int i = 0; i < RANDOM_ID; i++) {
      id.append(Character.forDigit(random.nextInt(16), 16));
    }
    return new ResumeKey(id.toString(), secret);
  }

  public String id() {
    return id;
  }

  /** HMAC-SHA-256 of the text under this key, 32 bytes. */
  public byte[] mac(byte[] text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM); // one for each use: it is not safe from any thread
      mac.init(secret);
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "ResumeKey[" + id + "]";
  }
}
