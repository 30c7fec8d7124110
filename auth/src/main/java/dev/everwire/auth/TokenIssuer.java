package dev.everwire.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Signs tokens, for development and tests: in production that is the matter of an identity
 * provider. Immutable, safe from any thread; holds a secret and shows it nowhere.
 */
public final class TokenIssuer {
  private static final int RSA_BITS = 3072;
  private static final int SECRET_BYTES = 48; // as text the 64 bytes that HS512 needs
  private static final int LINE = 64;
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([^-]*)-----END \\1-----");

  private final SigningAlgorithm algorithm;
  private final JWSSigner signer;
  private final @Nullable String keyId;

  private TokenIssuer(SigningAlgorithm algorithm, JWSSigner signer, @Nullable String keyId) {
    this.algorithm = algorithm;
    this.signer = signer;
    this.keyId = keyId;
  }

  /** By a secret, as {@link JwtKeys#secret(String, java.util.Set)} takes it. */
  public static TokenIssuer secret(String secret, SigningAlgorithm algorithm) {
    if (!algorithm.isSecret()) {
      throw new IllegalArgumentException(
          "algorithm: " + algorithm + " (expected: HS256, HS384 or HS512, for a secret)");
    }
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < algorithm.secretBytes()) {
      throw new IllegalArgumentException(
          "secret: "
              + bytes.length
              + " bytes (expected: >= "
              + algorithm.secretBytes()
              + " for "
              + algorithm
              + ")");
    }
    try {
      return new TokenIssuer(algorithm, new MACSigner(bytes), null);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("secret: not usable (expected: 32 bytes or more)", e);
    }
  }

  /** By a private key in PEM (PKCS #8, not encrypted). */
  public static TokenIssuer pem(String pem, SigningAlgorithm algorithm) {
    if (algorithm.isSecret()) {
      throw new IllegalArgumentException(
          "algorithm: " + algorithm + " (expected: one of RS, PS and ES, for a private key)");
    }
    PrivateKey key = privateKey(pem, algorithm);
    try {
      Curve curve = algorithm.curve();
      if (curve == null) {
        return new TokenIssuer(algorithm, new RSASSASigner(key), null);
      }
      if (!(key instanceof ECPrivateKey ec)
          || !curve.equals(Curve.forECParameterSpec(ec.getParams()))) {
        throw new IllegalArgumentException(
            "key: EC on another curve (expected: " + curve + " for " + algorithm + ")");
      }
      return new TokenIssuer(algorithm, new ECDSASigner(ec), null);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("key: not usable for " + algorithm, e);
    }
  }

  /** The same; its tokens name the key. */
  public TokenIssuer withKeyId(String id) {
    return new TokenIssuer(algorithm, signer, Bounds.name("keyId", id));
  }

  /** What a new key is made of. Holds a secret. */
  public record Material(String secretOrPrivateKey, @Nullable String publicKey) {
    /** Without what is secret. */
    @Override
    public String toString() {
      return "Material[" + (publicKey == null ? "secret" : "key pair") + "]";
    }
  }

  /** A secret of 384 random bits as text, or a key pair in PEM (RSA has 3072 bits). */
  public static Material generate(SigningAlgorithm algorithm) {
    try {
      if (algorithm.isSecret()) {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return new Material(ApiKey.encoded(secret), null);
      }
      Curve curve = algorithm.curve();
      KeyPairGenerator generator = KeyPairGenerator.getInstance(curve == null ? "RSA" : "EC");
      if (curve == null) {
        generator.initialize(RSA_BITS);
      } else {
        generator.initialize(curve.toECParameterSpec());
      }
      KeyPair pair = generator.generateKeyPair();
      return new Material(
          pem("PRIVATE KEY", pair.getPrivate().getEncoded()),
          pem("PUBLIC KEY", pair.getPublic().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has RSA and EC", e);
    }
  }

  /** A signed token in its compact form. */
  public String issue(TokenClaims claims) {
    JsonWriter header = new JsonWriter().beginObject().name("alg").value(algorithm.name());
    header.name("typ").value("JWT");
    if (keyId != null) {
      header.name("kid").value(keyId);
    }
    return sign(header.endObject().toRawJson(), claims.toJson());
  }

  /** Signs whatever is given, right or not. */
  String sign(RawJson header, RawJson claims) {
    String input = ApiKey.encoded(header.toBytes()) + "." + ApiKey.encoded(claims.toBytes());
    try {
      return input
          + "."
          + signer.sign(new JWSHeader(algorithm.jws()), input.getBytes(StandardCharsets.US_ASCII));
    } catch (JOSEException e) {
      throw new IllegalStateException("not signed by " + algorithm, e);
    }
  }

  @Override
  public String toString() {
    return "TokenIssuer[" + algorithm + "]";
  }

  private static PrivateKey privateKey(String pem, SigningAlgorithm algorithm) {
    Matcher block = PRIVATE_KEY.matcher(pem);
    if (!block.find() || !block.group(1).equals("PRIVATE KEY")) {
      throw new IllegalArgumentException(
          "key: no PRIVATE KEY (expected: PKCS #8 in PEM, as `openssl pkcs8 -topk8 -nocrypt`"
              + " makes it)");
    }
    String kind = algorithm.curve() == null ? "RSA" : "EC";
    try {
      byte[] der = Base64.getMimeDecoder().decode(block.group(2));
      return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "key: not readable as " + kind + " (expected: " + kind + " for " + algorithm + ")", e);
    }
  }

  private static String pem(String kind, byte[] der) {
    byte[] end = {'\n'};
    return "-----BEGIN "
        + kind
        + "-----\n"
        + Base64.getMimeEncoder(LINE, end).encodeToString(der)
        + "\n-----END "
        + kind
        + "-----\n";
  }
}
