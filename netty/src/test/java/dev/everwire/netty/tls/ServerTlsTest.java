package dev.everwire.netty.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.netty.Certificates;
import dev.everwire.netty.Certificates.Issued;
import dev.everwire.netty.LogLines;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server reads, when it reads it again, and what it says about it. */
class ServerTlsTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private static final Instant END = START.plus(Duration.ofDays(90));

  @TempDir private Path folder;
  private Certificates certificates;
  private Issued issued;
  private Instant now = START.plus(Duration.ofDays(1));
  private final InstantSource clock = () -> now;

  @BeforeEach
  void issue() throws Exception {
    certificates = new Certificates(folder);
    issued = certificates.server("server", START, END);
  }

  @Test
  void aCertificateThatEndsSoonIsSaidAtTheStartAndOnceADay() throws Exception {
    now = END.minus(Duration.ofDays(12));
    ServerTls tls = pem().clock(clock);
    try (LogLines log = new LogLines(ServerTls.class);
        Closeable watch = tls.watch()) {
      String warning =
          "WARNING the certificate expires soon ends=2030-04-01T00:00:00Z days=12 files="
              + issued.chain()
              + ", "
              + issued.key();
      assertThat(log.lines()).containsExactly(warning);
      now = now.plus(Duration.ofHours(23));
      tls.check();
      assertThat(log.lines()).hasSize(1);
      now = now.plus(Duration.ofHours(1));
      tls.check();
      assertThat(log.lines()).containsExactly(warning, warning.replace("days=12", "days=11"));
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void aCertificateThatEndedIsAnError() throws Exception {
    now = END;
    ServerTls tls = pem().clock(clock);
    try (LogLines log = new LogLines(ServerTls.class);
        Closeable watch = tls.watch()) {
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("SEVERE the certificate has expired: clients refuse it ended=2030-04-01");
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void aCertificateThatHasNotBegunIsAnError() throws Exception {
    now = START.minusSeconds(1);
    ServerTls tls = pem().clock(clock);
    try (LogLines log = new LogLines(ServerTls.class);
        Closeable watch = tls.watch()) {
      assertThat(log.lines()).singleElement().asString().contains("is not valid yet");
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void howSoonIsSoonCanBeChosen() throws Exception {
    now = END.minus(Duration.ofDays(12));
    ServerTls tls = pem().warnBeforeExpiry(Duration.ofDays(10)).clock(clock);
    try (LogLines log = new LogLines(ServerTls.class);
        Closeable watch = tls.watch()) {
      tls.check();
      assertThat(log.lines()).isEmpty();
      now = END.minus(Duration.ofDays(10));
      tls.check();
      assertThat(log.lines()).hasSize(1);
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void aRenewedCertificateIsReadAndNothingIsSaidOfTheOldOne() throws Exception {
    now = END.minus(Duration.ofDays(1));
    ServerTls tls = pem().clock(clock);
    try (LogLines log = new LogLines(ServerTls.class);
        Closeable watch = tls.watch()) {
      certificates.replace(
          issued, certificates.server("renewed", START, END.plus(Duration.ofDays(90))));
      tls.check();
      now = now.plus(Duration.ofDays(2));
      tls.check();
      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().getLast()).startsWith("INFO certificate reloaded");
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void aCertificateWithoutItsKeyIsNotUsedAndBothTogetherAre() throws Exception {
    ServerTls tls = pem().clock(clock);
    Issued renewed = certificates.server("renewed", START, END);
    try (LogLines log = new LogLines(ServerTls.class);
        Closeable watch = tls.watch()) {
      certificates.write("server.pem", Files.readString(renewed.chain()));
      tls.check();
      tls.check();
      assertThat(log.lines()).hasSize(1);
      assertThat(log.lines().getFirst()).contains("key and certificate do not belong together");
      certificates.write("server.key", Files.readString(renewed.key()));
      tls.check();
      assertThat(log.lines().getLast()).startsWith("INFO certificate reloaded");
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void twoListenersShareOneLookAtTheFiles() throws Exception {
    ServerTls tls = pem().clock(clock);
    Closeable first = tls.watch();
    Closeable second = tls.watch();
    first.close();
    first.close();
    assertThat(tls.newEngine().getUseClientMode()).isFalse();
    second.close();
  }

  @Test
  void nothingIsEncryptedBeforeTheFilesWereRead() {
    ServerTls tls = pem();
    assertThatThrownBy(tls::newEngine).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void noPasswordIsShown() throws Exception {
    Path store = certificates.pkcs12(issued, "server.p12");
    assertThat(ServerTls.pkcs12(store, Certificates.PASSWORD))
        .hasToString("ServerTls[" + store + "]");
    assertThat(ServerTls.pem(issued.chain(), issued.key(), Certificates.PASSWORD).toString())
        .doesNotContain(Certificates.PASSWORD);
    assertThat(ClientTls.systemTrust().identity(store, Certificates.PASSWORD).toString())
        .doesNotContain(Certificates.PASSWORD);
  }

  @Test
  void aWrongPasswordIsNamedAndNotShown() throws Exception {
    Path store = certificates.pkcs12(issued, "server.p12");
    assertThatThrownBy(() -> ServerTls.pkcs12(store, "wrong").reload())
        .isInstanceOf(IOException.class)
        .hasMessage(store + " cannot be opened with this password");
  }

  @Test
  void aPeriodIsPositive() {
    assertThatThrownBy(() -> pem().checkEvery(Duration.ZERO))
        .hasMessage("checkEvery: PT0S (expected: > 0)");
    assertThatThrownBy(() -> pem().warnBeforeExpiry(Duration.ofDays(-1)))
        .hasMessage("warnBeforeExpiry: PT-24H (expected: > 0)");
  }

  private ServerTls pem() {
    return ServerTls.pem(issued.chain(), issued.key());
  }
}
