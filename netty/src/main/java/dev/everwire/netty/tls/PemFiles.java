package dev.everwire.netty.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Reads certificates and private keys in PEM (RFC 7468). What is refused is named by its file. */
final class PemFiles {
  private static final int MAX_BYTES = 1024 * 1024; // a whole system's trust has 250 KiB
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([^-]*)-----END \\1-----");
  private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");

  private PemFiles() {}

  /** All certificates of a file, at least one. */
  static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> found = new ArrayList<>();
    try {
      var factory = CertificateFactory.getInstance("X.509");
      for (Certificate certificate :
          factory.generateCertificates(new ByteArrayInputStream(bytes(file)))) {
        found.add((X509Certificate) certificate);
      }
    } catch (CertificateException e) {
      throw new IOException(file + " has no certificate that can be read", e);
    }
    if (found.isEmpty()) {
      throw new IOException(file + " has no certificate that can be read");
    }
    return found;
  }

  /**
   * @param password of an encrypted key, or null
   */
  static PrivateKey key(Path file, @Nullable String password) throws IOException {
    String text = new String(bytes(file), StandardCharsets.ISO_8859_1);
    Matcher block = KEY.matcher(text);
    if (!block.find()) {
      throw new IOException(file + " has no private key");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(block.group(2));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " has a private key that cannot be read", e);
    }
    return switch (block.group(1)) {
      case "PRIVATE KEY" -> decoded(new PKCS8EncodedKeySpec(der), file);
      case "ENCRYPTED PRIVATE KEY" -> decoded(decrypted(der, password, file), file);
      default ->
          throw new IOException(
              file
                  + " has a key in an old format: "
                  + block.group(1)
                  + " (expected: PRIVATE KEY, as `openssl pkcs8 -topk8 -nocrypt` makes it)");
    };
  }

  static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException(file + " is longer than 1 MiB");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + " may not be read by this user", e);
    }
  }

  private static KeySpec decrypted(byte[] der, @Nullable String password, Path file)
      throws IOException {
    if (password == null) {
      throw new IOException(file + " is encrypted (expected: a password)");
    }
    try {
      var info = new EncryptedPrivateKeyInfo(der);
      // the algorithm's own name hides what it is made of; its parameters say it
      String algorithm =
          info.getAlgParameters() == null
              ? info.getAlgName()
              : info.getAlgName().startsWith("PBES2")
                  ? info.getAlgParameters().toString()
                  : info.getAlgName();
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(algorithm)
              .generateSecret(new PBEKeySpec(password.toCharArray())),
          info.getAlgParameters());
      return info.getKeySpec(cipher);
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " cannot be decrypted with this password", e);
    }
  }

  private static PrivateKey decoded(KeySpec spec, Path file) throws IOException {
    GeneralSecurityException last = null;
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        last = e; // another kind of key
      } catch (GeneralSecurityException e) {
        throw new IOException(file + " has a key of a kind that is not supported", e);
      }
    }
    throw new IOException(file + " has a key of a kind that is not supported", last);
  }
}
