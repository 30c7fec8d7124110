package dev.everwire.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.netty.NettyDialer;
import dev.everwire.netty.tls.ClientTls;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve --config} with TLS, where a certificate says who somebody is. */
final class ConfiguredTlsIT {
  private static final List<String> P256 =
      List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes");

  @TempDir private Path directory;

  @Test
  void aClientCertificateSaysWhoOneIsAndWhatOneMayDo() throws Exception {
    Tools.need("openssl", "version");
    authority("ca");
    authority("other");
    certificate("server", "ca", "localhost");
    certificate("ann", "ca", "ann");
    certificate("bob", "ca", "bob");
    certificate("mallory", "other", "ann");
    Path file =
        Files.writeString(
            directory.resolve("everwire.yaml"),
            """
            listen: {host: localhost, port: 0}
            tls:
              certificate: %1$s/server.pem
              key: %1$s/server.key
              clientCertificates: required
              clientAuthorities: %1$s/ca.pem
            auth:
              anonymous: false
              certificates: {enabled: true, roles: [{user: ann, roles: [clerk]}]}
            access:
              rules: [{actions: [call], resources: [add], roles: [clerk]}]
            topics: [{pattern: "**"}]
            """
                .formatted(directory));
    try (Serving server =
        Serving.of(Program.everwire("serve", "--demo", "--config", file.toString()))) {
      List<String> lines = server.program().outLines(2);
      assertThat(lines.get(0)).startsWith("production preset: client certificates, 1 access rule,");
      assertThat(lines.get(1)).startsWith("https://");
      try (Client ann = client(server, tls().identity(pem("ann"), key("ann")))) {
        assertThat(ann.call("add", List.of(1, 2), Integer.class)).isEqualTo(3);
        assertThatThrownBy(() -> ann.call("echo", List.of(1), RawJson.class))
            .isInstanceOf(FaultException.class)
            .hasMessageContaining("not allowed");
      }
      try (Client bob = client(server, tls().identity(pem("bob"), key("bob")))) {
        assertThatThrownBy(() -> bob.call("add", List.of(1, 2), Integer.class))
            .isInstanceOf(FaultException.class)
            .hasMessageContaining("not allowed");
      }
      ClientTls forged = tls().identity(pem("mallory"), key("mallory"));
      for (ClientTls stranger : List.of(tls(), forged)) {
        assertThatThrownBy(() -> client(server, stranger).close())
            .isInstanceOf(RuntimeException.class);
      }
    }
  }

  private ClientTls tls() {
    return ClientTls.trusting(pem("ca"));
  }

  private static Client client(Serving server, ClientTls tls) {
    return Everwire.client(URI.create("wss://localhost:" + server.port() + "/ws"))
        .ownDialer(() -> NettyDialer.builder().tls(tls).build())
        .reconnect(ReconnectPolicy.never())
        .connect();
  }

  private Path pem(String name) {
    return directory.resolve(name + ".pem");
  }

  private Path key(String name) {
    return directory.resolve(name + ".key");
  }

  private void authority(String name) throws Exception {
    List<String> words = new ArrayList<>(List.of("req", "-x509"));
    words.addAll(P256);
    words.addAll(List.of("-days", "2", "-subj", "/CN=" + name));
    words.addAll(List.of("-addext", "keyUsage=critical,keyCertSign"));
    words.addAll(List.of("-keyout", name + ".key", "-out", name + ".pem"));
    openssl(words);
  }

  private void certificate(String name, String authority, String subject) throws Exception {
    List<String> words = new ArrayList<>(List.of("req", "-x509"));
    words.addAll(P256);
    words.addAll(List.of("-days", "2", "-subj", "/CN=" + subject));
    words.addAll(List.of("-CA", authority + ".pem", "-CAkey", authority + ".key"));
    words.addAll(List.of("-addext", "basicConstraints=critical,CA:FALSE"));
    words.addAll(List.of("-addext", "subjectAltName=DNS:localhost"));
    words.addAll(List.of("-keyout", name + ".key", "-out", name + ".pem"));
    openssl(words);
  }

  private void openssl(List<String> words) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(words);
    try (Program openssl = Program.start("openssl", command, directory.toFile())) {
      assertThat(openssl.exit()).as("%s", openssl).isZero();
    }
  }
}
