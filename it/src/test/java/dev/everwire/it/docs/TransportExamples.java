package dev.everwire.it.docs;

import dev.everwire.Everwire;
import dev.everwire.auth.CertificateAuthenticator;
import dev.everwire.auth.CertificateSettings;
import dev.everwire.client.Client;
import dev.everwire.netty.NettyDialer;
import dev.everwire.netty.NettyListener;
import dev.everwire.netty.options.ForwardProxy;
import dev.everwire.netty.options.IoTransport;
import dev.everwire.netty.tls.ClientTls;
import dev.everwire.netty.tls.ServerTls;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.access.Authentication;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;

/** What docs/tls-and-proxies.md shows. */
final class TransportExamples {
  // docs:server
  static Server encrypted(int port, Path chain, Path key) throws IOException {
    return Everwire.server()
        .listen(NettyListener.on("0.0.0.0", port).tls(ServerTls.pem(chain, key)))
        .method("hello", call -> "hello")
        .start();
  }

  // docs:end

  // docs:client
  static Client trusting(URI server, Path authorities) {
    return Everwire.client(server)
        .ownDialer(() -> NettyDialer.builder().tls(ClientTls.trusting(authorities)).build())
        .connect();
  }

  // docs:end

  // docs:mutual
  static NettyListener onlyForKnown(int port, Path pkcs12, String password, Path authorities) {
    ServerTls tls = ServerTls.pkcs12(pkcs12, password).requireClientCertificates(authorities);
    return NettyListener.on("0.0.0.0", port).tls(tls);
  }

  static NettyDialer known(Path authorities, Path chain, Path key) {
    return NettyDialer.builder().tls(ClientTls.trusting(authorities).identity(chain, key)).build();
  }

  // docs:end

  // docs:certificates
  static ServerBuilder byCertificate(NettyListener asking) {
    CertificateSettings names =
        CertificateSettings.builder()
            .user(CertificateSettings.Name.COMMON_NAME)
            .roles("reporting", Set.of("reader"))
            .build();
    return Everwire.server()
        .listen(asking)
        .authentication(Authentication.by(CertificateAuthenticator.of(names)))
        .method("whoami", call -> call.caller().user().orElseThrow());
  }

  // docs:end

  // docs:unix
  static NettyListener behindNginx(Path socket) {
    return NettyListener.unix(socket).trustProxies("unix:");
  }

  // docs:end

  // docs:haproxy
  static NettyListener behindHaproxy(int port) {
    return NettyListener.on(port).trustProxies("127.0.0.1", "10.0.0.0/8").proxyProtocol(true);
  }

  // docs:end

  // docs:proxies
  static NettyDialer throughHttp(String host, int port, String user, String password) {
    ForwardProxy proxy = ForwardProxy.http(host, port).withCredentials(user, password);
    return NettyDialer.builder().proxy(proxy.exceptFor("localhost", ".internal.example")).build();
  }

  static NettyDialer throughSocks(String host, int port) {
    return NettyDialer.builder().proxy(ForwardProxy.socks5(host, port)).build();
  }

  // docs:end

  // docs:io
  static NettyListener onIoUring(int port) {
    return NettyListener.on(port).transport(IoTransport.IO_URING);
  }

  // docs:end

  private TransportExamples() {}
}
