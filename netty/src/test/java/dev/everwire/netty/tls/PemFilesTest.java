package dev.everwire.netty.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.everwire.netty.Certificates;
import dev.everwire.netty.Certificates.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemFilesTest {
  @TempDir private Path folder;

  @Test
  void allCertificatesOfAFileAreRead() throws Exception {
    var certificates = new Certificates(folder);
    Issued one = certificates.server("one");
    Path both =
        certificates.write(
            "both.pem",
            "a note\n"
                + Files.readString(one.chain())
                + Files.readString(certificates.authority()));
    assertThat(PemFiles.certificates(both))
        .hasSize(PemFiles.certificates(one.chain()).size() + 1)
        .startsWith(one.bundle().getCertificate());
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void aKeyOfEachUsualKindIsRead(String algorithm) throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    Path file = pem("PRIVATE KEY", pair.getPrivate().getEncoded());
    assertThat(PemFiles.key(file, null)).isEqualTo(pair.getPrivate());
  }

  @Test
  void anEncryptedKeyIsReadWithItsPasswordOnly() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
    Path plain = pem("PRIVATE KEY", pair.getPrivate().getEncoded());
    Path file = folder.resolve("encrypted.key");
    assumeTrue(openssl(plain, file), "openssl");
    assertThat(PemFiles.key(file, "secret")).isEqualTo(pair.getPrivate());
    assertThatThrownBy(() -> PemFiles.key(file, "guess"))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " cannot be decrypted with this password");
    assertThatThrownBy(() -> PemFiles.key(file, null))
        .hasMessage(file + " is encrypted (expected: a password)");
  }

  @ParameterizedTest
  @CsvSource({
    "'', has no private key",
    "'-----BEGIN PRIVATE KEY-----|AAAA|-----END PRIVATE KEY-----', has a key of a kind that is not supported",
    "'-----BEGIN PRIVATE KEY-----|A|-----END PRIVATE KEY-----', has a private key that cannot be read",
    "'-----BEGIN EC PRIVATE KEY-----|AAAA|-----END EC PRIVATE KEY-----', 'has a key in an old format: EC PRIVATE KEY (expected: PRIVATE KEY, as `openssl pkcs8 -topk8 -nocrypt` makes it)'",
  })
  void aBadKeyIsNamed(String text, String what) throws Exception {
    Path file = Files.writeString(folder.resolve("bad.key"), text.replace('|', '\n'));
    assertThatThrownBy(() -> PemFiles.key(file, null))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " " + what);
  }

  @Test
  void aFileOfAnySizeIsNotRead() throws Exception {
    Path file = Files.write(folder.resolve("large.pem"), new byte[1024 * 1024 + 1]);
    assertThatThrownBy(() -> PemFiles.certificates(file))
        .hasMessage(file + " is longer than 1 MiB");
  }

  private Path pem(String what, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        folder.resolve("some.key"),
        "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
  }

  /** Encrypts as administrators do. */
  private static boolean openssl(Path plain, Path encrypted) throws Exception {
    try {
      Process process =
          new ProcessBuilder(
                  "openssl",
                  "pkcs8",
                  "-topk8",
                  "-in",
                  plain.toString(),
                  "-out",
                  encrypted.toString(),
                  "-passout",
                  "pass:secret")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // not installed
    }
  }
}
