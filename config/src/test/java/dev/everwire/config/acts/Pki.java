package dev.everwire.config.acts;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/** Authorities, certificates and keys as files, made once and gone with the process. */
final class Pki {
  static final String PASSWORD = "correct horse";

  private static final Path FOLDER = folder();
  private static final X509Bundle ROOT = root("CN=One");
  private static final X509Bundle OTHER_ROOT = root("CN=Other");

  /** Of those whose certificates are good. */
  static final Path AUTHORITY = write("authority.pem", pem(ROOT));

  static final Path OTHER_AUTHORITY = write("other-authority.pem", pem(OTHER_ROOT));

  static final Issued SERVER = issued("server", localhost());
  static final Issued OTHER = issued("other", localhost());
  static final Issued ANN =
      issued(
          "ann", new CertificateBuilder().ecp256().subject("CN=ann,O=acme").notAfter(later(3_650)));
  static final Path ENCRYPTED = write("encrypted.key", encrypted());

  /** A certificate with its chain, and its key. */
  record Issued(Path chain, Path key, X509Bundle bundle) {}

  private Pki() {}

  /** Another certificate for the key of {@link #SERVER}. */
  static Path renewed() {
    try {
      var certificate =
          localhost().publicKey(SERVER.bundle().getKeyPair().getPublic()).buildIssuedBy(ROOT);
      return write("renewed.pem", certificate.getCertificatePathPEM());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static Path store(String name, Issued issued, String password) {
    Path file = FOLDER.resolve(name);
    file.toFile().deleteOnExit();
    try (OutputStream out = Files.newOutputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "own",
          issued.bundle().getKeyPair().getPrivate(),
          password.toCharArray(),
          issued.bundle().getCertificatePath());
      store.store(out, password.toCharArray());
      return file;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Of a file that is not there. */
  static Path path(String name) {
    return FOLDER.resolve(name);
  }

  static Path write(String name, String text) {
    try {
      Path file = Files.writeString(FOLDER.resolve(name), text);
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Instant later(int days) {
    return Instant.now().plus(Duration.ofDays(days));
  }

  private static CertificateBuilder localhost() {
    return new CertificateBuilder()
        .ecp256()
        .subject("CN=localhost")
        .addSanDnsName("localhost")
        .addSanIpAddress("127.0.0.1")
        .notAfter(later(90));
  }

  private static Issued issued(String name, CertificateBuilder builder) {
    try {
      X509Bundle bundle = builder.buildIssuedBy(ROOT);
      return new Issued(
          write(name + ".pem", bundle.getCertificatePathPEM()),
          write(name + ".key", bundle.getPrivateKeyPEM()),
          bundle);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static X509Bundle root(String name) {
    try {
      return new CertificateBuilder()
          .ecp256()
          .subject(name)
          .setIsCertificateAuthority(true)
          .notAfter(later(3_650))
          .buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(X509Bundle bundle) {
    return bundle.getCertificatePEM();
  }

  /** The key of {@link #SERVER}, as administrators encrypt it. */
  private static String encrypted() {
    try {
      String algorithm = "PBEWithHmacSHA256AndAES_256";
      PrivateKey key = SERVER.bundle().getKeyPair().getPrivate();
      var secret =
          SecretKeyFactory.getInstance(algorithm)
              .generateSecret(new PBEKeySpec(PASSWORD.toCharArray()));
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          secret,
          new PBEParameterSpec(new byte[16], 10_000, new IvParameterSpec(new byte[16])));
      AlgorithmParameters named = AlgorithmParameters.getInstance("PBES2");
      named.init(cipher.getParameters().getEncoded()); // which has no name of its own
      byte[] der =
          new EncryptedPrivateKeyInfo(named, cipher.doFinal(key.getEncoded())).getEncoded();
      return "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
          + "\n-----END ENCRYPTED PRIVATE KEY-----\n";
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("everwire-acts");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
