package dev.everwire.config;

import dev.everwire.config.internal.text.Quotes;
import dev.everwire.config.section.ListenOptions;
import dev.everwire.config.section.TlsOptions;
import dev.everwire.config.section.TlsOptions.ClientCertificates;
import dev.everwire.netty.NettyListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Who can reach the server, and how. */
final class ReachChecks {
  private final Config config;
  private final Checks checks;

  private ReachChecks(Config config, Checks checks) {
    this.config = config;
    this.checks = checks;
  }

  static void all(Config config, Checks checks) {
    ReachChecks reach = new ReachChecks(config, checks);
    reach.listening();
    reach.tls();
  }

  private void listening() {
    ListenOptions listen = config.listen();
    if (config.auth().anonymous() && !listen.open() && !Reach.onlyThisMachine(listen)) {
      checks.problem(
          reached(listen)
              + " can be reached by other machines and nobody would be asked who they are"
              + " (expected: auth.anonymous false, listen.open true, or a loopback address)",
          "listen.host",
          "listen.unixSocket",
          "listen.trustProxies",
          "listen.hosts",
          "auth.anonymous",
          "listen.open");
    }
    if (listen.open() && config.service().discloseErrors()) {
      checks.warning(
          "tells strangers what is inside the server", "service.discloseErrors", "listen.open");
    }
    if (config.admin().open() && !Reach.onlyThisMachine(listen)) {
      checks.warning("does nothing where other machines reach the server", "admin.open");
    }
    for (String proxy : listen.trustProxies()) {
      checks.taken(() -> NettyListener.on(0).trustProxies(proxy), "listen.trustProxies");
    }
    if (listen.proxyProtocol() && listen.trustProxies().isEmpty()) {
      checks.problem(
          "true (expected: false, or listen.trustProxies that say whose header is believed)",
          "listen.proxyProtocol",
          "listen.trustProxies");
    }
    Path socket = listen.unixSocket();
    if (socket != null && !Files.isDirectory(parent(socket))) {
      checks.problem("the directory of " + socket + " does not exist", "listen.unixSocket");
    }
  }

  private static String reached(ListenOptions listen) {
    Path socket = listen.unixSocket();
    return Quotes.shown(socket == null ? listen.host() : socket.toString());
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file : parent;
  }

  private void tls() {
    TlsOptions tls = config.tls();
    ListenOptions listen = config.listen();
    boolean direct = listen.unixSocket() == null && listen.trustProxies().isEmpty();
    if (!tls.on() && direct && !listen.loopback() && config.auth().possible()) {
      checks.warning(
          "tokens and keys come in plain text: say tls, or listen.trustProxies if TLS ends there",
          "listen.host");
    }
    together("tls.certificate", tls.certificate(), "tls.key", tls.key());
    together("tls.key", tls.key(), "tls.certificate", tls.certificate());
    together("tls.keyPassword", tls.keyPassword(), "tls.key", tls.key());
    together("tls.store", tls.store(), "tls.storePassword", tls.storePassword());
    together("tls.storePassword", tls.storePassword(), "tls.store", tls.store());
    if (tls.certificate() != null && tls.store() != null) {
      checks.problem("said beside tls.certificate (expected: one of both)", "tls.store");
    }
    boolean good = true;
    if (tls.clientCertificates() != ClientCertificates.OFF) {
      if (!tls.on()) {
        good = false;
        checks.problem(
            "asked for without TLS (expected: off, or tls.certificate)",
            "tls.clientCertificates",
            "tls.certificate");
      }
      together(
          "tls.clientCertificates",
          tls.clientCertificates(),
          "tls.clientAuthorities",
          tls.clientAuthorities());
      good &= tls.clientAuthorities() != null;
    } else if (tls.clientAuthorities() != null) {
      checks.warning("does nothing while tls.clientCertificates is off", "tls.clientAuthorities");
    }
    good &= readable("tls.certificate", tls.certificate());
    good &= readable("tls.key", tls.key());
    good &= readable("tls.store", tls.store());
    good &= readable("tls.clientAuthorities", tls.clientAuthorities());
    if (good && Reach.complete(tls)) {
      try {
        Reach.tls(tls).reload();
      } catch (IOException | IllegalArgumentException e) {
        checks.problem(
            String.valueOf(e.getMessage()),
            tls.certificate() == null ? "tls.store" : "tls.certificate");
      }
    }
  }

  private void together(String path, @Nullable Object said, String other, @Nullable Object wanted) {
    if (said != null && wanted == null) {
      checks.problem("said without " + other + " (expected: both)", path, other);
    }
  }

  private boolean readable(String path, @Nullable Path file) {
    if (file == null || (Files.isReadable(file) && Files.isRegularFile(file))) {
      return true;
    }
    checks.problem(
        Quotes.shown(file.toString())
            + (Files.exists(file) ? " cannot be read" : " does not exist"),
        path);
    return false;
  }
}
