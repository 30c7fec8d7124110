package dev.everwire.server.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.server.access.Action;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.server.access.AuditEvent.Actor;
import dev.everwire.session.transport.Loop;
import dev.everwire.spi.auth.Credentials.Occasion;
import dev.everwire.spi.auth.Revocation;
import dev.everwire.testkit.MemoryNetwork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTest {
  private static final Actor ALICE = new Actor("alice", "acme", "n-1", "s-1", "10.0.0.1:5000");

  private final MemoryNetwork network = new MemoryNetwork();
  private final Loop loop = network.dialer().loop();
  private final List<AuditEvent> told = new ArrayList<>();

  @Test
  void aFloodOfDenialsIsToldTenTimesASecondAndThenCounted() {
    Audit audit = audit();
    for (int i = 0; i < 1_000; i++) {
      audit.tell(denial("r" + i));
    }
    assertThat(told).hasSize(10).allMatch(AuditEvent.Denied.class::isInstance);

    network.advance(Duration.ofMillis(1_100));
    assertThat(told).hasSize(11).last().isEqualTo(new AuditEvent.Suppressed("denied", 990));

    audit.tell(denial("again"));
    assertThat(told).hasSize(12).last().isEqualTo(denial("again"));
    network.advance(Duration.ofSeconds(10));
    assertThat(told).hasSize(12);
  }

  @Test
  void aFloodThatGoesOnIsCountedEachSecondAndNothingIsLostFromTheCount() {
    Audit audit = audit();
    for (int tenth = 0; tenth < 50; tenth++) {
      for (int i = 0; i < 100; i++) {
        audit.tell(denial("r"));
      }
      network.advance(Duration.ofMillis(100));
    }
    network.advance(Duration.ofSeconds(2));

    long passed = told.stream().filter(AuditEvent.Denied.class::isInstance).count();
    long suppressed =
        told.stream()
            .filter(AuditEvent.Suppressed.class::isInstance)
            .mapToLong(event -> ((AuditEvent.Suppressed) event).count())
            .sum();
    assertThat(passed).isBetween(40L, 60L);
    assertThat(passed + suppressed).isEqualTo(5_000);
    assertThat(told).hasSizeLessThan(80);
  }

  @Test
  void failuresToAuthenticateDoNotHideDenials() {
    Audit audit = audit();
    for (int i = 0; i < 100; i++) {
      audit.tell(new AuditEvent.AuthenticationFailed(ALICE, Occasion.HANDSHAKE, "invalid"));
    }
    audit.tell(denial("r"));

    assertThat(told).hasSize(11).last().isEqualTo(denial("r"));
  }

  @Test
  void administrationIsNeverSuppressed() {
    Audit audit = audit();
    for (int i = 0; i < 1_000; i++) {
      audit.tell(new AuditEvent.Administered(ALICE, "kick", "user=u" + i, true));
      audit.tell(new AuditEvent.Revoked(ALICE, new Revocation.Token("t" + i), 1));
    }

    assertThat(told).hasSize(2_000);
  }

  @Test
  void aListenerThatThrowsHarmsNobody() {
    Audit audit =
        new Audit(event -> {
          throw new IllegalStateException("no disk");
        });

    audit.tell(denial("r"));
    audit.tell(denial("r"));
  }

  @Test
  void aLineHasTheFactsAsFields() {
    assertThat(AuditLine.of(denial("orders.delete")))
        .isEqualTo(
            "denied action=call resource=orders.delete reason=\"rule 3\" user=alice tenant=acme"
                + " connection=n-1 session=s-1 remote=10.0.0.1:5000");
    assertThat(AuditLine.of(new AuditEvent.Authenticated(ALICE, Occasion.HELLO, "jwt")))
        .startsWith("authenticated on=hello method=jwt user=alice");
    assertThat(
            AuditLine.of(new AuditEvent.AuthenticationFailed(ALICE, Occasion.REFRESH, "expired")))
        .startsWith("authentication-failed on=refresh reason=expired user=alice");
    assertThat(AuditLine.of(new AuditEvent.Administered(ALICE, "kick", "user=bob", true)))
        .startsWith("administered what=kick detail=\"user=bob\" user=alice");
    assertThat(AuditLine.of(new AuditEvent.Administered(ALICE, "stats", "", false)))
        .startsWith("inspected what=stats user=alice");
    assertThat(AuditLine.of(new AuditEvent.SubscriptionEnded(ALICE, "a/b", "no rule")))
        .startsWith("subscription-ended topic=a/b reason=\"no rule\" user=alice");
    assertThat(
            AuditLine.of(
                new AuditEvent.Revoked(Actor.SERVER, new Revocation.User("bob", Instant.EPOCH), 2)))
        .isEqualTo("revoked revoked-user=bob before=1970-01-01T00:00:00Z connections=2 remote=-");
    assertThat(AuditLine.of(new AuditEvent.Suppressed("denied", 990)))
        .isEqualTo("denied suppressed=990");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nadministered what=kick user=root",
        "a\r\nx",
        "a\u0085x",
        "a\u2028x",
        "a\u2029x",
        "a\u001b[2Jx",
        "a\u202ex",
        "a\u0000x",
        "a\tx",
        "a\" user=\"root",
        "a\\",
        "a\\\" user=root",
        "a user=root",
        "user=root",
        "\ud800",
        "",
      })
  void whatAPeerSaysStaysInsideItsValue(String resource) {
    String line = AuditLine.of(denial(resource));

    assertThat(line.lines()).hasSize(1);
    assertThat(line.chars())
        .noneMatch(c ->
            Character.isISOControl(c)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202e
                || Character.isSurrogate((char) c.intValue()));
    String quoted = line.substring(line.indexOf("resource=") + 9);
    assertThat(quoted).startsWith("\"");
    assertThat(quoted.substring(end(quoted) + 1)).startsWith(" reason=\"rule 3\" user=alice ");
  }

  @Test
  void aLongValueIsCut() {
    assertThat(AuditLine.of(denial("x".repeat(100_000))))
        .hasSizeLessThan(500)
        .contains("x…\" reason=");
    assertThat(AuditLine.of(denial("\u0001".repeat(100_000)))).hasSizeLessThan(2_000);
  }

  @Test
  void withoutAListenerTheLogIsTold() {
    Logger log = Logger.getLogger("dev.everwire.audit");
    List<LogRecord> records = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord logged) {
            records.add(logged);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    log.addHandler(handler);
    try {
      new Audit(null).tell(denial("r"));
    } finally {
      log.removeHandler(handler);
    }

    assertThat(records)
        .singleElement()
        .satisfies(logged -> {
          assertThat(logged.getLevel()).isEqualTo(Level.WARNING);
          assertThat(logged.getMessage()).startsWith("denied action=call resource=r");
        });
  }

  /** Where a quoted value that stands at the beginning ends. */
  private static int end(String text) {
    int at = 1;
    while (text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return at;
  }

  private Audit audit() {
    Audit audit = new Audit(told::add);
    audit.listens(loop);
    return audit;
  }

  private static AuditEvent denial(String resource) {
    return new AuditEvent.Denied(ALICE, Action.CALL, resource, "rule 3");
  }
}
