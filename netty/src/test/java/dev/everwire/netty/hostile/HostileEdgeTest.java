package dev.everwire.netty.hostile;

import static dev.everwire.netty.hostile.Case.play;
import static dev.everwire.netty.hostile.Case.plays;

import dev.everwire.netty.Certificates;
import dev.everwire.netty.Certificates.Issued;
import dev.everwire.netty.hostile.Case.Play;
import dev.everwire.netty.tls.ServerTls;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What may stand ahead of a request, TLS and a PROXY header, and clients that break it. */
class HostileEdgeTest {
  private static final Duration HANDSHAKE = Duration.ofMillis(2500);
  private static final String PROXIED = "PROXY TCP4 192.0.2.1 192.0.2.2 50000 80^";

  @TempDir private static Path folder;

  private static Damage damage;
  private static SSLContext trusting;
  private static Range encrypted;
  private static Range proxied;

  @BeforeAll
  static void open() throws Exception {
    var certificates = new Certificates(folder);
    Issued own = certificates.server("server");
    trusting = trusting(own);
    encrypted =
        Range.with(listener ->
            listener.handshakeTimeout(HANDSHAKE).tls(ServerTls.pem(own.chain(), own.key())));
    proxied =
        Range.with(listener ->
            listener.handshakeTimeout(HANDSHAKE).trustProxies("127.0.0.1").proxyProtocol(true));
    goodEncrypted();
    goodProxied();
    damage = Damage.from();
  }

  @AfterAll
  static void nothingIsLeft() {
    try {
      encrypted.assertEmpty();
      proxied.assertEmpty();
      damage.assertNone();
    } finally {
      damage.close();
      encrypted.close();
      proxied.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> plainBytesWhereTlsIsSpoken() {
    List<Case> cases =
        Case.table(
            """
            silence                   |                                                            | gone
            one byte of a hello       | {x16}                                                      | gone
            half a hello              | {x16}{x03}{x01}{x02}{x00}{x01}{x00}{x01}{xFC}{x03}{x03}{32*r} | gone
            a hello of nonsense       | {x16}{x03}{x01}{x00}{x20}{32*z}                            | gone
            an empty handshake record | {x16}{x03}{x01}{x00}{x00}                                  | gone
            a record that is too long | {x16}{x03}{x01}{xFF}{xFF}{70000*z}                         | gone
            data before a handshake   | {x17}{x03}{x03}{x00}{x10}{16*z}                            | gone
            an alert                  | {x15}{x03}{x01}{x00}{x02}{x02}{x28}                        | gone
            a hello of SSL 2          | {x80}{x2E}{x01}{x00}{x02}{x00}{x15}{x00}{x00}{x00}{x10}{37*z} | gone
            an unencrypted request    | GET / HTTP/1.1^Host: h^^                                   | gone
            an unencrypted upgrade    | GET / HTTP/1.1^Host: h^{upgrade}^^                         | gone
            noise                     | {x80}{xFF}{NUL}{x01}{9000*?}                               | gone
            """);
    return Case.tests(
        plays(
            cases,
            one -> {
              String outcome;
              try (Peer peer = Peer.client(encrypted.port()).http(one.does())) {
                outcome = peer.outcome();
              }
              goodEncrypted();
              return outcome;
            }));
  }

  @TestFactory
  Stream<DynamicTest> insideTls() {
    return Case.tests(
        List.of(
            inside("silence", "gone or 408", peer -> {}),
            inside("half the headers", "408", peer -> peer.http("GET / HTTP/1.1^Host: h^Upg")),
            inside("dripping headers", "408", peer -> drip(peer, "GET / HTTP/1.1^{900*X: y^}")),
            inside("garbage", "400", peer -> peer.http("hello^^")),
            inside(
                "a breach",
                "close 1002",
                peer -> peer.http(Wire.GOOD).awaitUpgrade().frames("83:")),
            inside(
                "text that is not UTF-8",
                "close 1007",
                peer -> peer.http(Wire.GOOD).awaitUpgrade().frames("81~7E00C8:FF")),
            inside(
                "an end without goodbye",
                "gone",
                peer -> peer.http(Wire.GOOD).awaitUpgrade().frames("82~7E00C8:'a'").vanish())));
  }

  @TestFactory
  Stream<DynamicTest> proxyHeaders() {
    List<Case> cases =
        Case.table(
            """
            version 1                 | PROXY TCP4 192.0.2.1 192.0.2.2 50000 80^{ask}              | close 1000
            version 1, six            | PROXY TCP6 2001:db8::1 2001:db8::2 50000 80^{ask}          | close 1000
            version 1, not known      | PROXY UNKNOWN^{ask}                                        | close 1000
            version 2                 | {v2}{x21}{x11}{x00}{x0C}{x7F}{x00}{x00}{x01}{x7F}{x00}{x00}{x01}{xC3}{x50}{x00}{x50}{ask} | close 1000
            version 2, its own        | {v2}{x20}{x00}{x00}{x00}{ask}                              | close 1000
            none                      | {ask}                                                      | gone or 400
            none, ordinary            | GET / HTTP/1.1^Host: h^^                                   | gone or 400
            garbage                   | hello^^                                                    | gone or 400
            in small letters          | proxy tcp4 192.0.2.1 192.0.2.2 50000 80^{ask}              | gone or 400
            no addresses              | PROXY TCP4^{ask}                                           | gone or 400
            addresses that are none   | PROXY TCP4 999.0.2.1 192.0.2.2 50000 80^{ask}              | gone or 400
            six for four              | PROXY TCP4 2001:db8::1 2001:db8::2 50000 80^{ask}          | gone or 400
            a port beyond numbers     | PROXY TCP4 192.0.2.1 192.0.2.2 99999 80^{ask}              | gone or 400
            an unknown kind           | PROXY SCTP 192.0.2.1 192.0.2.2 50000 80^{ask}              | gone or 400
            without end               | PROXY TCP4 {5000*1}                                        | gone or 400
            two                       | PROXY TCP4 192.0.2.1 192.0.2.2 50000 80^PROXY TCP4 192.0.2.1 192.0.2.2 50000 80^{ask} | 400
            version 3                 | {v2}{x31}{x11}{x00}{x0C}{12*z}{ask}                        | gone or 400
            a command of no meaning   | {v2}{x2F}{x11}{x00}{x0C}{12*z}{ask}                        | gone or 400
            addresses that are short  | {v2}{x21}{x11}{x00}{x02}{x01}{x02}{ask}                    | gone or 400
            half of version 2         | {v2}{x21}{x11}{x00}{x0C}{x7F}                              | gone or 408
            65 535 bytes to come      | {v2}{x21}{x11}{xFF}{xFF}abc                                | gone or 408 or 400
            silence                   |                                                            | gone or 408
            half of version 1         | PROXY TCP4 192.0                                           | gone or 408
            """);
    return Case.tests(
        plays(
            cases,
            one -> {
              String outcome;
              String bytes =
                  one.does().replace("{v2}", "^^{NUL}^QUIT{LF}").replace("{ask}", Wire.GOOD);
              try (Peer peer = Peer.client(proxied.port()).http(bytes)) {
                if (one.expected().equals("close 1000")) {
                  peer.awaitUpgrade().frames("88:03E8");
                }
                outcome = peer.outcome();
              }
              goodProxied();
              return outcome;
            }));
  }

  @FunctionalInterface
  private interface Doing {
    void by(Peer peer) throws IOException;
  }

  private static Play inside(String name, String expected, Doing doing) {
    return play(
        name,
        expected,
        one -> {
          String outcome;
          try (Peer peer = Peer.client(connected())) {
            doing.by(peer);
            outcome = expected.equals("gone") ? "gone" : peer.outcome();
          }
          goodEncrypted();
          return outcome;
        });
  }

  private static void drip(Peer peer, String row) {
    for (byte b : Wire.http(row)) {
      if (peer.over()) {
        return;
      }
      peer.send(new byte[] {b});
      Await.pass(Duration.ofMillis(20));
    }
  }

  private static void goodEncrypted() throws Exception {
    try (Peer peer = Peer.client(connected())) {
      GoodClient.roundTrip(peer);
    }
  }

  private static void goodProxied() throws Exception {
    try (Peer peer = Peer.client(proxied.port()).http(PROXIED)) {
      GoodClient.roundTrip(peer);
    }
  }

  private static Socket connected() throws IOException {
    var socket =
        (SSLSocket)
            trusting
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), encrypted.port());
    socket.startHandshake();
    return socket;
  }

  private static SSLContext trusting(Issued own) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", own.bundle().getCertificatePath()[0]);
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
