package dev.everwire.auth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a token is signed (RFC 7518, section 3.1). There is no {@code none}: an unsigned token is
 * never accepted.
 */
public enum SigningAlgorithm {
  HS256(Family.SECRET, JWSAlgorithm.HS256, 32, null),
  HS384(Family.SECRET, JWSAlgorithm.HS384, 48, null),
  HS512(Family.SECRET, JWSAlgorithm.HS512, 64, null),
  RS256(Family.RSA, JWSAlgorithm.RS256, 0, null),
  RS384(Family.RSA, JWSAlgorithm.RS384, 0, null),
  RS512(Family.RSA, JWSAlgorithm.RS512, 0, null),
  PS256(Family.RSA, JWSAlgorithm.PS256, 0, null),
  PS384(Family.RSA, JWSAlgorithm.PS384, 0, null),
  PS512(Family.RSA, JWSAlgorithm.PS512, 0, null),
  ES256(Family.EC, JWSAlgorithm.ES256, 0, Curve.P_256),
  ES384(Family.EC, JWSAlgorithm.ES384, 0, Curve.P_384),
  ES512(Family.EC, JWSAlgorithm.ES512, 0, Curve.P_521);

  /** The kind of key an algorithm works with. A key is never used for another kind's. */
  enum Family {
    SECRET,
    RSA,
    EC
  }

  private final Family family;
  private final JWSAlgorithm name;
  private final int secretBytes; // least length of a secret: that of the hash (RFC 7518, 3.2)
  private final @Nullable Curve curve;

  SigningAlgorithm(Family family, JWSAlgorithm name, int secretBytes, @Nullable Curve curve) {
    this.family = family;
    this.name = name;
    this.secretBytes = secretBytes;
    this.curve = curve;
  }

  /** Whether one secret both signs and verifies. */
  public boolean isSecret() {
    return family == Family.SECRET;
  }

  Family family() {
    return family;
  }

  JWSAlgorithm jws() {
    return name;
  }

  int secretBytes() {
    return secretBytes;
  }

  @Nullable Curve curve() {
    return curve;
  }

  /** The one of exactly this name, or null. */
  static @Nullable SigningAlgorithm named(String name) {
    for (SigningAlgorithm algorithm : values()) {
      if (algorithm.name().equals(name)) {
        return algorithm;
      }
    }
    return null;
  }

  static Set<SigningAlgorithm> of(Family family) {
    EnumSet<SigningAlgorithm> some = EnumSet.noneOf(SigningAlgorithm.class);
    for (SigningAlgorithm algorithm : values()) {
      if (algorithm.family == family) {
        some.add(algorithm);
      }
    }
    return some;
  }
}
