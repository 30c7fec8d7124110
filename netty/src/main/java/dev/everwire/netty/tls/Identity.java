package dev.everwire.netty.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key and the certificates that vouch for it.
 *
 * @param chain the key's own certificate first
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {
  Identity {
    chain = List.copyOf(chain);
  }

  /**
   * Half of a renewal is a certificate without its key: seen here, not in every handshake.
   *
   * @throws IOException if the key is another certificate's
   */
  Identity checked(String where) throws IOException {
    byte[] something = "everwire".getBytes(StandardCharsets.US_ASCII);
    try {
      String algorithm = signatureFor(key.getAlgorithm());
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(something);
      Signature checking = Signature.getInstance(algorithm);
      checking.initVerify(chain.getFirst().getPublicKey());
      checking.update(something);
      if (checking.verify(signing.sign())) {
        return this;
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("key and certificate do not belong together: " + where, e);
    }
    throw new IOException("key and certificate do not belong together: " + where);
  }

  @Override
  public String toString() {
    return "Identity[" + chain.getFirst().getSubjectX500Principal() + "]";
  }

  private static String signatureFor(String keyAlgorithm) {
    return switch (keyAlgorithm) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case "DSA" -> "SHA256withDSA";
      default -> keyAlgorithm; // Ed25519, Ed448, RSASSA-PSS
    };
  }
}
