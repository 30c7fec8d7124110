package dev.everwire.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads public keys as they are written down: PEM (RFC 7468) and JWK sets (RFC 7517). */
final class KeyReader {
  static final int MOST_KEYS = 100;
  private static final int MOST_FILE_BYTES = 1024 * 1024;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private KeyReader() {}

  static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_FILE_BYTES + 1);
      if (bytes.length > MOST_FILE_BYTES) {
        throw new IOException(file + " is longer than 1 MiB");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + " may not be read by this user", e);
    }
  }

  /**
   * Public keys and certificates, at least one.
   *
   * @throws IllegalArgumentException if there is none, or one that cannot be used
   */
  static KeySet pem(String pem, Set<SigningAlgorithm> algorithms) {
    List<VerifyingKey> keys = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(pem);
    while (blocks.find()) {
      String kind = blocks.group(1);
      byte[] der;
      try {
        der = Base64.getMimeDecoder().decode(blocks.group(2));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("pem: a block that is not base64", e);
      }
      if (kind.endsWith("PRIVATE KEY")) {
        throw new IllegalArgumentException(
            "pem: a private key (expected: PUBLIC KEY or CERTIFICATE; who verifies needs no more)");
      }
      PublicKey key =
          switch (kind) {
            case "PUBLIC KEY" -> publicKey(der);
            case "CERTIFICATE" -> certified(der);
            default ->
                throw new IllegalArgumentException(
                    "pem: " + kind + " (expected: PUBLIC KEY or CERTIFICATE)");
          };
      keys.add(key(null, key, algorithms));
      if (keys.size() > MOST_KEYS) {
        throw new IllegalArgumentException("pem: more than " + MOST_KEYS + " keys");
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("pem: no key (expected: PUBLIC KEY or CERTIFICATE)");
    }
    for (VerifyingKey key : keys) {
      if (key.algorithms().isEmpty()) {
        throw new IllegalArgumentException(
            "pem: a key that fits none of "
                + algorithms
                + " (expected: RSA for RS and PS,"
                + " P-256 for ES256, P-384 for ES384, P-521 for ES512)");
      }
    }
    return new KeySet(keys);
  }

  /**
   * The keys of a set that are public, for signatures, and fit an algorithm. Others are passed
   * over, because a set may serve others too; a secret in it is never used, because a set is
   * public.
   *
   * @throws IllegalArgumentException if it is no such set, has too many keys, or none of use
   */
  static KeySet jwks(RawJson json, Set<SigningAlgorithm> algorithms) {
    List<RawJson> members;
    try {
      RawJson keys = json.members().get("keys");
      if (keys == null) {
        throw new IllegalArgumentException("jwks: no keys (expected: {\"keys\": [...]})");
      }
      members = keys.elements(MOST_KEYS);
    } catch (JsonException e) {
      throw new IllegalArgumentException("jwks: " + e.getMessage(), e);
    }
    List<VerifyingKey> keys = new ArrayList<>();
    for (RawJson member : members) {
      VerifyingKey key = jwk(member, algorithms);
      if (key != null && !key.algorithms().isEmpty()) {
        keys.add(key);
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(
          "jwks: " + members.size() + " keys, none of them for " + algorithms);
    }
    return new KeySet(keys);
  }

  private static @Nullable VerifyingKey jwk(RawJson json, Set<SigningAlgorithm> algorithms) {
    try {
      JWK jwk = JWK.parse(json.toString());
      KeyUse use = jwk.getKeyUse();
      Set<KeyOperation> operations = jwk.getKeyOperations();
      if ((use != null && !use.equals(KeyUse.SIGNATURE))
          || (operations != null && !operations.contains(KeyOperation.VERIFY))) {
        return null;
      }
      Set<SigningAlgorithm> allowed = EnumSet.noneOf(SigningAlgorithm.class);
      for (SigningAlgorithm algorithm : algorithms) {
        if (jwk.getAlgorithm() == null || jwk.getAlgorithm().getName().equals(algorithm.name())) {
          allowed.add(algorithm);
        }
      }
      return switch (jwk) {
        case RSAKey rsa -> key(jwk.getKeyID(), rsa.toRSAPublicKey(), allowed);
        case ECKey ec -> key(jwk.getKeyID(), ec.toECPublicKey(), allowed);
        default -> null;
      };
    } catch (ParseException | JOSEException | RuntimeException e) {
      return null; // a key that nobody can use; those beside it may be good
    }
  }

  /**
   * @throws IllegalArgumentException if it is of a kind, length or curve that is not supported
   */
  static VerifyingKey key(@Nullable String id, PublicKey key, Set<SigningAlgorithm> algorithms) {
    return switch (key) {
      case RSAPublicKey rsa -> VerifyingKey.rsa(id, rsa, algorithms);
      case ECPublicKey ec -> VerifyingKey.ec(id, ec, algorithms);
      default ->
          throw new IllegalArgumentException(
              "key: " + key.getAlgorithm() + " (expected: RSA or EC)");
    };
  }

  private static PublicKey publicKey(byte[] der) {
    for (String kind : List.of("EC", "RSA")) {
      try {
        return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        // of another kind
      }
    }
    throw new IllegalArgumentException("pem: a public key of another kind (expected: RSA or EC)");
  }

  private static PublicKey certified(byte[] der) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(der))
          .getPublicKey();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("pem: a certificate that cannot be read", e);
    }
  }
}
