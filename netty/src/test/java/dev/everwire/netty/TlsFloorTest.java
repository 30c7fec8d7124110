package dev.everwire.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.Certificates.Issued;
import dev.everwire.netty.TlsHello.Answer;
import dev.everwire.netty.tls.ClientTls;
import dev.everwire.netty.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server agrees to encrypt with, asked by clients of all ages. */
class TlsFloorTest {
  private static final int ECDSA_GCM = 0xC02B;
  private static final int RSA_GCM = 0xC02F;
  private static final int CBC = 0xC009;

  @TempDir private static Path folder;
  private static Certificates certificates;
  private static Station ecdsa;
  private static Station rsa;

  @BeforeAll
  static void listen() throws Exception {
    certificates = new Certificates(folder);
    ecdsa = station(certificates.server("ecdsa"));
    rsa = station(certificates.rsaServer("rsa"));
  }

  private static Station station(Issued identity) throws IOException {
    return Station.open(listener -> listener.tls(ServerTls.pem(identity.chain(), identity.key())));
  }

  @AfterAll
  static void close() {
    ecdsa.close();
    rsa.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {TlsHello.SSL_3, TlsHello.TLS_1_0, TlsHello.TLS_1_1})
  void olderVersionsAreRefusedWhateverTheyOffer(int version) throws IOException {
    List<Integer> all = List.of(ECDSA_GCM, RSA_GCM, CBC, 0xC013, 0x002F, 0x0035, 0x000A);
    for (Station station : List.of(ecdsa, rsa)) {
      assertThat(TlsHello.say(station.port(), version, all)).isNotInstanceOf(Answer.Agreed.class);
    }
  }

  @Test
  void theHelloOfSsl2IsNotUnderstood() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ecdsa.port())) {
      socket.setSoTimeout(10_000);
      String hello = "802e 01 0002 0015 0000 0010 010080 020080 030080 040080 050080 060040 0700c0";
      socket
          .getOutputStream()
          .write(HexFormat.of().parseHex((hello + "11".repeat(16)).replace(" ", "")));
      int first = firstByte(socket);
      assertThat(first).as("an alert, or the end").isIn(21, -1);
    }
  }

  private static int firstByte(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (SocketException e) {
      return -1;
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          CBC and SHA-1,          C009 C00A C013 C014
          CBC and SHA-2,          C023 C024 C027 C028
          no forward secrecy,     002F 0035 003C 003D 009C 009D
          no forward secrecy EC,  C004 C005 C00E C00F C02D C031
          finite fields,          0033 0039 0067 006B 009E 009F CCAA
          RC4,                    0004 0005 C002 C007 C00C C011
          3DES,                   000A 0016 C003 C008 C00D C012
          DES,                    0009 0012 0015
          export,                 0003 0006 0008 000B 000E 0011 0014 0062 0064
          NULL,                   0000 0001 0002 003B C001 C006 C00B C010
          anonymous,              0017 0018 001A 001B 0034 003A 006C 006D 00A6 00A7 C015 C016 C017 C018 C019
          CCM,                    C09C C09D C0A0 C0A1 C0AC C0AD C0AE C0AF
          shared keys,            008C 00A8 00AE D001
          Camellia and others,    0041 0084 0096 C072 C076 C086 C08A
          signalling only,        00FF 5600
          """)
  void weakSuitesAreRefused(String what, String suites) throws IOException {
    List<Integer> offered =
        List.of(suites.split(" ", -1)).stream().map(suite -> Integer.parseInt(suite, 16)).toList();
    for (Station station : List.of(ecdsa, rsa)) {
      for (int suite : offered) {
        assertThat(TlsHello.say(station.port(), TlsHello.TLS_1_2, List.of(suite)))
            .as(Integer.toHexString(suite))
            .isNotInstanceOf(Answer.Agreed.class);
      }
      assertThat(TlsHello.say(station.port(), TlsHello.TLS_1_2, offered))
          .isNotInstanceOf(Answer.Agreed.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"ecdsa, C02B", "ecdsa, C02C", "ecdsa, CCA9", "rsa, C02F", "rsa, C030", "rsa, CCA8"})
  void goodSuitesOfTls12AreAgreedOnAndNothingIsCompressed(String key, String hex)
      throws IOException {
    int port = key.equals("rsa") ? rsa.port() : ecdsa.port();
    int suite = Integer.parseInt(hex, 16);
    assertThat(TlsHello.say(port, TlsHello.TLS_1_2, List.of(suite)))
        .isEqualTo(new Answer.Agreed(TlsHello.TLS_1_2, suite, 0));
    assertThat(TlsHello.say(port, TlsHello.TLS_1_2, List.of(CBC, 0x002F, 0x000A, suite)))
        .as("behind weak ones")
        .isEqualTo(new Answer.Agreed(TlsHello.TLS_1_2, suite, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x1301, 0x1302, 0x1303})
  void tls13IsAgreedOn(int suite) throws IOException {
    for (Station station : List.of(ecdsa, rsa)) {
      assertThat(TlsHello.say(station.port(), TlsHello.TLS_1_3, List.of(suite)))
          .isEqualTo(new Answer.Agreed(TlsHello.TLS_1_3, suite, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x1304, 0x1305})
  void weakerSuitesOfTls13AreNot(int suite) throws IOException {
    assertThat(TlsHello.say(ecdsa.port(), TlsHello.TLS_1_3, List.of(suite)))
        .isNotInstanceOf(Answer.Agreed.class);
  }

  @Test
  void theFloorDoesNotRestOnWhatTheJdkForbids() throws Exception {
    Issued identity = certificates.server("engine");
    ServerTls tls = ServerTls.pem(identity.chain(), identity.key());
    tls.reload();
    SSLEngine engine = tls.newEngine();
    assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    assertThat(engine.getEnabledCipherSuites())
        .allMatch(suite -> suite.matches("TLS_(ECDHE_(ECDSA|RSA)_WITH_)?(AES|CHACHA20).*"))
        .noneMatch(suite -> suite.matches(".*(CBC|CCM|NULL|RC4|DES|anon|EXPORT|SHA)$"))
        .hasSize(9);
  }

  @Test
  void browsersAreToldToComeByTlsButNotToTheirOwnMachine() throws Exception {
    assertThat(strict(ecdsa, "live.example:8443")).isEqualTo("max-age=31536000");
    assertThat(strict(ecdsa, "localhost:8443")).isNull();
    assertThat(strict(ecdsa, "app.localhost")).isNull();
    Issued identity = certificates.server("strict");
    ServerTls tls = ServerTls.pem(identity.chain(), identity.key());
    try (Station hour =
            Station.open(listener -> listener.tls(tls).strictTransport(Duration.ofHours(1)));
        Station silent =
            Station.open(listener -> listener.tls(tls).strictTransport(Duration.ZERO))) {
      assertThat(strict(hour, "live.example")).isEqualTo("max-age=3600");
      assertThat(strict(silent, "live.example")).isNull();
    }
  }

  private static @Nullable String strict(Station station, String host) throws Exception {
    try (SSLSocket socket =
            (SSLSocket)
                ClientTls.trusting(certificates.authority())
                    .context()
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), station.port());
        var client = new RawClient(socket)) {
      client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
      return client.response().headers().get("strict-transport-security");
    }
  }
}
