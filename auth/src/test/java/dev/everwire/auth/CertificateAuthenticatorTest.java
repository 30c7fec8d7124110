package dev.everwire.auth;

import static dev.everwire.auth.Tokens.NOW;
import static dev.everwire.auth.Tokens.accepted;
import static dev.everwire.auth.Tokens.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.auth.CertificateSettings.Name;
import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Credentials.Occasion;
import dev.everwire.spi.auth.Principal;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CertificateAuthenticatorTest {
  private static final int EMAIL = 1;
  private static final int DNS = 2;
  private static final int URI = 6;
  private static final CertificateSettings PLAIN = CertificateSettings.builder().build();

  private final ManualClock clock = new ManualClock();

  @Test
  void thePrincipalIsTheCommonNameUntilTheCertificateEnds() {
    var certificate = new NamedCertificate("CN=ada, O=Acme, C=DE", List.of());
    Principal principal = accepted(ask(PLAIN, certificate)).principal();
    assertThat(principal)
        .isEqualTo(
            new Principal(
                "ada",
                null,
                Set.of(),
                Set.of(),
                "mtls",
                // of three bytes: 1, 2, 3
                "x509-039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81",
                NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(1))));
  }

  @Test
  void withoutACertificateSomebodyElseIsAsked() {
    assertThat(Tokens.ask(CertificateAuthenticator.of(PLAIN), Tokens.bearer("x")))
        .isEqualTo(new Verdict.Absent());
  }

  @Test
  void rolesAreThoseOfAllAndThoseOfTheUser() {
    CertificateSettings settings =
        CertificateSettings.builder()
            .tenant(Name.ORGANIZATION)
            .rolesOfAll(Set.of("device"))
            .permissionsOfAll(Set.of("publish"))
            .roles("ada", Set.of("admin"))
            .build();
    Principal ada =
        accepted(ask(settings, new NamedCertificate("CN=ada,O=Acme", List.of()))).principal();
    assertThat(ada.roles()).containsExactlyInAnyOrder("device", "admin");
    assertThat(ada.permissions()).containsExactly("publish");
    assertThat(ada.tenant()).isEqualTo("Acme");
    Principal other =
        accepted(ask(settings, new NamedCertificate("CN=Ada,O=Acme", List.of()))).principal();
    assertThat(other.roles()).containsExactly("device");
    assertRefused(ask(settings, new NamedCertificate("CN=ada", List.of())), Reason.INVALID);
  }

  @ParameterizedTest
  @CsvSource({
    "COMMON_NAME, ada",
    "ORGANIZATION, Acme",
    "ORGANIZATIONAL_UNIT, Lab",
    "SAN_URI, spiffe://acme.test/ada",
    "SAN_DNS, ada.acme.test",
    "SAN_EMAIL, ada@acme.test"
  })
  void theUserStandsWhereItIsSaid(Name name, String user) {
    var certificate =
        new NamedCertificate(
            "CN=ada,OU=Lab,O=Acme",
            List.of(
                List.of(DNS, "ada.acme.test"),
                List.of(URI, "spiffe://acme.test/ada"),
                List.of(EMAIL, "ada@acme.test"),
                List.of(7, "192.0.2.1"),
                List.of(0, new byte[] {1})));
    CertificateSettings settings = CertificateSettings.builder().user(name).build();
    assertThat(accepted(ask(settings, certificate)).principal().user()).isEqualTo(user);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          O=Acme
          CN=ada,CN=root
          CN=ada+CN=root
          CN=ada\\00root
          CN=
          """)
  void aNameThatIsMissingDoubledOrUnprintableIsRefused(String subject) {
    assertRefused(ask(PLAIN, new NamedCertificate(subject, List.of())), Reason.INVALID);
  }

  @Test
  void severalAlternativeNamesAreRefused() {
    CertificateSettings dns = CertificateSettings.builder().user(Name.SAN_DNS).build();
    var several =
        new NamedCertificate("CN=ada", List.of(List.of(DNS, "a.test"), List.of(DNS, "b.test")));
    assertRefused(ask(dns, several), Reason.INVALID);
    assertRefused(ask(dns, new NamedCertificate("CN=ada", List.of())), Reason.INVALID);
  }

  @Test
  void whatLooksLikeASecondNameInsideOneIsNone() {
    var certificate = new NamedCertificate("CN=ada\\,CN\\=root", List.of());
    assertThat(accepted(ask(PLAIN, certificate)).principal().user()).isEqualTo("ada,CN=root");
  }

  @Test
  void aCertificateThatIsOverOrNotYetValidIsRefused() {
    var certificate = new NamedCertificate("CN=ada", List.of());
    clock.advance(Duration.ofDays(1));
    accepted(ask(PLAIN, certificate));
    clock.advance(Duration.ofMillis(1));
    assertRefused(ask(PLAIN, certificate), Reason.EXPIRED);
    clock.advance(Duration.ofDays(2).plusMillis(1).negated());
    accepted(ask(PLAIN, certificate));
    clock.advance(Duration.ofMillis(1).negated());
    assertRefused(ask(PLAIN, certificate), Reason.INVALID);
  }

  private Verdict ask(CertificateSettings settings, X509Certificate certificate) {
    return Tokens.ask(
        CertificateAuthenticator.of(settings, clock),
        new Credentials(
            Occasion.HANDSHAKE,
            "/ws",
            "192.0.2.1:4711",
            null,
            Map.of(),
            List.of(certificate, new NamedCertificate("CN=authority", List.of()))));
  }
}
