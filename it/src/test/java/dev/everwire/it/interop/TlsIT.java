package dev.everwire.it.interop;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.everwire.netty.NettyListener;
import dev.everwire.netty.tls.ServerTls;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every client over TLS. */
@ParameterizedClass
@EnumSource(Kind.class)
@ExtendWith(Clients.Shared.class)
final class TlsIT extends EchoContract {
  private static Certificate certificate;
  private static Local server;

  private final Kind kind;
  private final Clients clients;

  TlsIT(Kind kind, Clients clients) {
    this.kind = kind;
    this.clients = clients;
  }

  @BeforeAll
  static void serve(@TempDir Path directory) throws Exception {
    certificate = Certificate.make(directory);
    ServerTls tls = ServerTls.pem(certificate.chain(), certificate.key());
    server = new Local(NettyListener.on(0).loops(1).tls(tls));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  Link connect() throws Exception {
    return connect("wss", certificate);
  }

  @Override
  Set<Can> can() {
    return kind.can();
  }

  @Test
  void aClientThatDoesNotTrustTheServerGoesAwayAndOthersAreServed(@TempDir Path directory)
      throws Exception {
    assumeTrue(kind != Kind.CHROMIUM, "is told to trust everybody");
    Certificate other = Certificate.make(directory);
    assertThatExceptionOfType(Exception.class).isThrownBy(() -> connect("wss", other));
    leave(connect());
  }

  @Test
  void aClientThatSpeaksNoTlsIsNotServedAndOthersAre() throws Exception {
    assertThatExceptionOfType(Exception.class).isThrownBy(() -> connect("ws", certificate));
    leave(connect());
  }

  private Link connect(String scheme, Certificate trusted) throws Exception {
    return clients.get(kind).connect(Ask.of(server.uri(scheme, "/echo")).trust(trusted.chain()));
  }
}
