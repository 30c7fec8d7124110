package dev.everwire.config;

import dev.everwire.config.section.CompressionOptions;
import dev.everwire.config.section.ListenOptions;
import dev.everwire.config.section.TlsOptions;
import dev.everwire.config.word.Secret;
import dev.everwire.netty.NettyListener;
import dev.everwire.netty.tls.ServerTls;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns options into a listener. */
final class Reach {
  private Reach() {}

  /** Whether only who is on this machine gets there. */
  static boolean onlyThisMachine(ListenOptions listen) {
    return listen.local();
  }

  /** Whether only names of this machine are answered. */
  static boolean loopbackNames(ListenOptions listen) {
    Boolean said = listen.loopbackNamesOnly();
    boolean direct = listen.unixSocket() == null && listen.trustProxies().isEmpty();
    return said == null ? direct && listen.loopback() : said;
  }

  static NettyListener listener(Config config) {
    ListenOptions listen = config.listen();
    Path socket = listen.unixSocket();
    NettyListener listener =
        socket == null
            ? NettyListener.on(listen.host(), listen.port())
            : NettyListener.unix(socket, listen.unixPermissions());
    Integer loops = listen.loops();
    if (loops != null) {
      listener = listener.loops(loops);
    }
    listener =
        listener
            .transport(listen.transport())
            .backlog(listen.backlog())
            .maxHttpConnections(listen.maxHttpConnections())
            .handshakeTimeout(listen.handshakeTimeout())
            .trustProxies(listen.trustProxies().toArray(String[]::new))
            .proxyProtocol(listen.proxyProtocol())
            .strictTransport(config.tls().strictTransport());
    CompressionOptions compression = config.compression();
    if (compression.enabled()) {
      listener = listener.compression(compression.compression());
    }
    return config.tls().on() ? listener.tls(tls(config.tls())) : listener;
  }

  /** Whether there is everything that {@link #tls} needs. */
  static boolean complete(TlsOptions tls) {
    return (tls.certificate() != null && tls.key() != null)
        || (tls.store() != null && tls.storePassword() != null);
  }

  static ServerTls tls(TlsOptions options) {
    ServerTls tls =
        identity(options)
            .checkEvery(options.checkEvery())
            .warnBeforeExpiry(options.warnBeforeExpiry());
    Path authorities = options.clientAuthorities();
    if (authorities == null) {
      return tls;
    }
    return switch (options.clientCertificates()) {
      case OFF -> tls;
      case OPTIONAL -> tls.acceptClientCertificates(authorities);
      case REQUIRED -> tls.requireClientCertificates(authorities);
    };
  }

  private static ServerTls identity(TlsOptions options) {
    Path certificate = options.certificate();
    if (certificate == null) {
      return ServerTls.pkcs12(
          Objects.requireNonNull(options.store()), revealed(options.storePassword()));
    }
    Path key = Objects.requireNonNull(options.key());
    return options.keyPassword() == null
        ? ServerTls.pem(certificate, key)
        : ServerTls.pem(certificate, key, revealed(options.keyPassword()));
  }

  private static String revealed(@Nullable Secret secret) {
    return Objects.requireNonNull(secret).reveal();
  }
}
