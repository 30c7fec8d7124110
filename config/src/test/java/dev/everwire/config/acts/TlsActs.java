package dev.everwire.config.acts;

import dev.everwire.netty.tls.ClientTls;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSocket;

/** tls: over sockets of this machine. */
final class TlsActs {
  private static final ClientTls TRUSTING = ClientTls.trusting(Pki.AUTHORITY);
  private static final ClientTls AS_ANN = TRUSTING.identity(Pki.ANN.chain(), Pki.ANN.key());
  private static final long LONGEST = 1_500_000_000; // nanoseconds

  private TlsActs() {}

  static List<Proof> all() {
    return List.of(
        Proof.of("tls.certificate", Pki.SERVER.chain(), Pki.renewed())
            .with("tls.key", Pki.SERVER.key())
            .looked(Real.seen(TlsActs::serial)),
        tls("key", Pki.SERVER.key(), Pki.OTHER.key()).looked(Real::served),
        tls("keyPassword", Pki.PASSWORD, "wrong")
            .with("tls.key", Pki.ENCRYPTED)
            .looked(Real::served),
        Proof.of(
                "tls.store",
                Pki.store("one.p12", Pki.SERVER, Pki.PASSWORD),
                Pki.store("other.p12", Pki.OTHER, Pki.PASSWORD))
            .with("tls.storePassword", Pki.PASSWORD)
            .looked(Real.seen(TlsActs::serial)),
        Proof.of("tls.storePassword", Pki.PASSWORD, "wrong")
            .with("tls.store", Pki.store("one.p12", Pki.SERVER, Pki.PASSWORD))
            .looked(Real::served),
        tls("clientCertificates", "optional", "required")
            .with("tls.clientAuthorities", Pki.AUTHORITY)
            .looked(Real.seen(real -> letIn(real, TRUSTING))),
        tls("clientAuthorities", Pki.AUTHORITY, Pki.OTHER_AUTHORITY)
            .with("tls.clientCertificates", "required")
            .looked(Real.seen(real -> letIn(real, AS_ANN))),
        tls("strictTransport", "0s", "1d")
            .with("listen.loopbackNamesOnly", false)
            .looked(
                Real.seen(real -> {
                  try (Wire wire = new Wire(dial(real, TRUSTING))) {
                    return wire.send("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
                        .answer()
                        .headers()
                        .getOrDefault("strict-transport-security", "nothing");
                  }
                })),
        tls("checkEvery", "100ms", "1d")
            .looked(config -> {
              Path file = Pki.write("replaced.pem", Files.readString(Pki.SERVER.chain()));
              return Real.seen(real -> renewed(real, file))
                  .at(config.with("tls.certificate", file));
            }),
        tls("warnBeforeExpiry", "1d", "365d")
            .looked(config -> {
              try (LogLines lines = new LogLines("dev.everwire.netty");
                  Real real = new Real(config)) {
                return lines.has("certificate") && real.server.port() > 0;
              }
            }));
  }

  private static Proof tls(String option, Object one, Object other) {
    return Proof.of("tls." + option, one, other)
        .with("tls.certificate", Pki.SERVER.chain())
        .with("tls.key", Pki.SERVER.key());
  }

  private static SSLSocket dial(Real real, ClientTls tls) throws IOException {
    return (SSLSocket)
        tls.context()
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), real.server.port());
  }

  private static Object serial(Real real) throws IOException {
    try (SSLSocket socket = dial(real, TRUSTING)) {
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }

  private static Object letIn(Real real, ClientTls tls) {
    try (Wire wire = new Wire(dial(real, tls))) {
      return wire.upgrade("").status();
    } catch (IOException e) {
      return "refused";
    }
  }

  /** Whether another certificate is soon shown when its file was replaced. */
  private static Object renewed(Real real, Path file) throws IOException {
    Object former = serial(real);
    Files.move(
        Files.copy(Pki.renewed(), file.resolveSibling("next.pem")),
        file,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    long end = System.nanoTime() + LONGEST;
    while (System.nanoTime() < end) {
      if (!serial(real).equals(former)) {
        return true;
      }
    }
    return false;
  }
}
