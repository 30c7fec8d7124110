package dev.everwire.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64URL;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key with the algorithms that it may be used for, which are all of its own kind: this is what
 * makes it impossible to have a public key taken for a secret. Immutable; safe from any thread.
 */
final class VerifyingKey {
  private static final int LEAST_RSA_BITS = 2048;
  // Verifying costs the square of it; a key set must not be able to make it a burden.
  private static final int MOST_RSA_BITS = 8192;

  private final @Nullable String id;
  private final Set<SigningAlgorithm> algorithms;
  private final JWSVerifier verifier;

  private VerifyingKey(
      @Nullable String id, Set<SigningAlgorithm> algorithms, JWSVerifier verifier) {
    this.id = id;
    this.algorithms = algorithms;
    this.verifier = verifier;
  }

  /**
   * @throws IllegalArgumentException if the secret is shorter than the hash of an algorithm
   */
  static VerifyingKey secret(@Nullable String id, byte[] secret, Set<SigningAlgorithm> algorithms) {
    for (SigningAlgorithm algorithm : algorithms) {
      if (algorithm.isSecret() && secret.length < algorithm.secretBytes()) {
        throw new IllegalArgumentException(
            "secret: "
                + secret.length
                + " bytes (expected: >= "
                + algorithm.secretBytes()
                + " for "
                + algorithm
                + ")");
      }
    }
    try {
      return new VerifyingKey(
          id, only(SigningAlgorithm.Family.SECRET, algorithms), new MACVerifier(secret));
    } catch (JOSEException e) {
      throw new IllegalArgumentException("secret: not usable (expected: 32 bytes or more)", e);
    }
  }

  /**
   * @throws IllegalArgumentException if the key is too short or far too long
   */
  static VerifyingKey rsa(@Nullable String id, RSAPublicKey key, Set<SigningAlgorithm> algorithms) {
    int bits = key.getModulus().bitLength();
    if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS) {
      throw new IllegalArgumentException(
          "key: RSA of " + bits + " bits (expected: " + LEAST_RSA_BITS + "-" + MOST_RSA_BITS + ")");
    }
    return new VerifyingKey(
        id, only(SigningAlgorithm.Family.RSA, algorithms), new RSASSAVerifier(key));
  }

  /**
   * @throws IllegalArgumentException if the curve is none of P-256, P-384, P-521
   */
  static VerifyingKey ec(@Nullable String id, ECPublicKey key, Set<SigningAlgorithm> algorithms) {
    Curve curve = Curve.forECParameterSpec(key.getParams());
    EnumSet<SigningAlgorithm> fitting = EnumSet.noneOf(SigningAlgorithm.class);
    for (SigningAlgorithm algorithm : algorithms) {
      if (algorithm.curve() != null && algorithm.curve().equals(curve)) {
        fitting.add(algorithm);
      }
    }
    try {
      return new VerifyingKey(id, fitting, new ECDSAVerifier(key));
    } catch (JOSEException e) {
      throw new IllegalArgumentException(
          "key: EC on another curve (expected: P-256, P-384 or P-521)", e);
    }
  }

  VerifyingKey withId(String newId) {
    return new VerifyingKey(newId, algorithms, verifier);
  }

  @Nullable String id() {
    return id;
  }

  /** Those that the key fits and that it is allowed for; empty if it is of no use. */
  Set<SigningAlgorithm> algorithms() {
    return algorithms;
  }

  /** Whether the signature is this key's. Never throws for what a token says. */
  boolean verifies(CompactToken token) {
    SigningAlgorithm algorithm = token.algorithm();
    if (algorithm == null || !algorithms.contains(algorithm)) {
      return false;
    }
    try {
      return verifier.verify(
          new JWSHeader(algorithm.jws()),
          token.signingInput(),
          Base64URL.encode(token.signature()));
    } catch (JOSEException | RuntimeException e) {
      return false; // a signature that cannot be one; nothing of it is worth to be told
    }
  }

  private static Set<SigningAlgorithm> only(
      SigningAlgorithm.Family family, Set<SigningAlgorithm> algorithms) {
    EnumSet<SigningAlgorithm> some = EnumSet.noneOf(SigningAlgorithm.class);
    for (SigningAlgorithm algorithm : algorithms) {
      if (algorithm.family() == family) {
        some.add(algorithm);
      }
    }
    return some;
  }
}
