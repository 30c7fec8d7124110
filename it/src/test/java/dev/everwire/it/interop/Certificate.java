package dev.everwire.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.it.Program;
import dev.everwire.it.Tools;
import java.nio.file.Path;
import java.util.List;

/**
 * A certificate for 127.0.0.1 and localhost that signs itself, made for a test.
 *
 * @param chain PEM file
 * @param key PEM file, PKCS#8
 */
record Certificate(Path chain, Path key) {

  /** Made by OpenSSL, as an administrator would. */
  static Certificate make(Path directory) throws Exception {
    Tools.need("openssl", "version");
    Path chain = directory.resolve("chain.pem");
    Path key = directory.resolve("key.pem");
    List<String> command =
        List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout",
            key.toString(),
            "-out",
            chain.toString());
    try (Program openssl = Program.start("openssl", command, directory.toFile())) {
      assertThat(openssl.exit()).as("%s", openssl).isZero();
    }
    return new Certificate(chain, key);
  }
}
