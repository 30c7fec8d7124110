package dev.everwire.auth;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One source of keys that tokens may be signed with, and the algorithms it is good for. Immutable.
 *
 * <p>The algorithms are always said, never taken from a token: a public key is never used as a
 * secret, nor a secret as anything else, whatever a token claims.
 */
public final class JwtKeys {
  private final Set<SigningAlgorithm> algorithms;
  private final @Nullable KeySet fixed; // exactly one of both
  private final @Nullable JwksEndpoint endpoint;
  private final @Nullable String issuer;

  private JwtKeys(
      Set<SigningAlgorithm> algorithms,
      @Nullable KeySet fixed,
      @Nullable JwksEndpoint endpoint,
      @Nullable String issuer) {
    this.algorithms = algorithms;
    this.fixed = fixed;
    this.endpoint = endpoint;
    this.issuer = issuer;
  }

  /**
   * A secret that issuer and server share: the UTF-8 bytes of the text as it is, at least as long
   * as the hash (32 bytes for HS256, 48 for HS384, 64 for HS512). A password is no such secret: it
   * can be guessed from any token.
   */
  public static JwtKeys secret(String secret, Set<SigningAlgorithm> algorithms) {
    return secret(secret.getBytes(StandardCharsets.UTF_8), algorithms);
  }

  /** As {@link #secret(String, Set)}; the bytes are copied. */
  public static JwtKeys secret(byte[] secret, Set<SigningAlgorithm> algorithms) {
    Set<SigningAlgorithm> allowed =
        checked(algorithms, SigningAlgorithm.of(SigningAlgorithm.Family.SECRET));
    VerifyingKey key = VerifyingKey.secret(null, secret.clone(), allowed);
    return new JwtKeys(allowed, new KeySet(List.of(key)), null, null);
  }

  /** The text of a file as {@link #secret(String, Set)}, without the line's end. Read once. */
  public static JwtKeys secretFile(Path file, Set<SigningAlgorithm> algorithms) throws IOException {
    return secret(text(file).stripTrailing(), algorithms);
  }

  /**
   * Public keys, or the certificates that have them: RSA of 2048–8192 bits, P-256, P-384, P-521.
   */
  public static JwtKeys pem(String pem, Set<SigningAlgorithm> algorithms) {
    Set<SigningAlgorithm> allowed = checked(algorithms, asymmetric());
    return new JwtKeys(allowed, KeyReader.pem(pem, allowed), null, null);
  }

  /** A file as {@link #pem}. Read once. */
  public static JwtKeys pemFile(Path file, Set<SigningAlgorithm> algorithms) throws IOException {
    return pem(text(file), algorithms);
  }

  /** A set of public keys as JSON (RFC 7517); what is in it for others is passed over. */
  public static JwtKeys jwks(String json, Set<SigningAlgorithm> algorithms) {
    Set<SigningAlgorithm> allowed = checked(algorithms, asymmetric());
    try {
      return new JwtKeys(allowed, KeyReader.jwks(RawJson.parse(json), allowed), null, null);
    } catch (JsonException e) {
      throw new IllegalArgumentException("jwks: no JSON: " + e.getMessage(), e);
    }
  }

  /** A file as {@link #jwks(String, Set)}. Read once. */
  public static JwtKeys jwksFile(Path file, Set<SigningAlgorithm> algorithms) throws IOException {
    return jwks(text(file), algorithms);
  }

  /** The keys that an issuer publishes, fetched as they are needed. */
  public static JwtKeys jwks(JwksEndpoint endpoint, Set<SigningAlgorithm> algorithms) {
    return new JwtKeys(checked(algorithms, asymmetric()), null, endpoint, null);
  }

  /**
   * The same, only for tokens that name this key or none. Without it a secret or PEM is for tokens
   * of any name.
   *
   * @throws IllegalArgumentException if it is a key set, whose keys have names of their own
   */
  public JwtKeys withKeyId(String id) {
    Bounds.name("keyId", id);
    if (fixed == null || fixed.keys().stream().anyMatch(key -> key.id() != null)) {
      throw new IllegalArgumentException("keyId: " + id + " (expected: none, for a key set)");
    }
    List<VerifyingKey> named = fixed.keys().stream().map(key -> key.withId(id)).toList();
    return new JwtKeys(algorithms, new KeySet(named), null, issuer);
  }

  /**
   * The same, only for tokens of this issuer. Where there are several issuers with keys of their
   * own, each source should have its own, or one of them could issue in the name of another.
   */
  public JwtKeys forIssuer(String name) {
    return new JwtKeys(algorithms, fixed, endpoint, Bounds.name("issuer", name));
  }

  public Set<SigningAlgorithm> algorithms() {
    return algorithms;
  }

  /** Null: any that the settings allow. */
  @Nullable String issuer() {
    return issuer;
  }

  @Nullable KeySet fixed() {
    return fixed;
  }

  @Nullable JwksEndpoint endpoint() {
    return endpoint;
  }

  /** Without keys. */
  @Override
  public String toString() {
    return "JwtKeys[" + (endpoint == null ? "" : endpoint + " ") + algorithms + "]";
  }

  private static String text(Path file) throws IOException {
    return new String(KeyReader.bytes(file), StandardCharsets.UTF_8);
  }

  private static Set<SigningAlgorithm> asymmetric() {
    return EnumSet.complementOf(
        EnumSet.copyOf(SigningAlgorithm.of(SigningAlgorithm.Family.SECRET)));
  }

  private static Set<SigningAlgorithm> checked(
      Set<SigningAlgorithm> algorithms, Set<SigningAlgorithm> possible) {
    if (algorithms.isEmpty() || !possible.containsAll(algorithms)) {
      throw new IllegalArgumentException(
          "algorithms: "
              + algorithms
              + " (expected: one or more of "
              + possible.stream().map(Enum::name).collect(Collectors.joining(", "))
              + ")");
    }
    return Set.copyOf(algorithms);
  }
}
