package dev.everwire.netty.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PeerCertificatesTest {
  private final X509Bundle root = authority();
  private final X509Bundle namesake = authority();
  private final X509Bundle client = client(Instant.now().plus(Duration.ofDays(1)));

  @Test
  void whatSignedTheOneBeforeBelongsToTheChain() {
    assertThat(PeerCertificates.signed(of(client, root)))
        .containsExactly(client.getCertificate(), root.getCertificate());
  }

  @Test
  void whatAClientAddsOfItsOwnIsLeftOutAlsoIfItsNameFits() {
    assertThat(PeerCertificates.signed(of(client, namesake, root)))
        .containsExactly(client.getCertificate());
  }

  @Test
  void whoseCertificateHasEndedMeanwhileIsNobody() throws Exception {
    X509Bundle ended = client(Instant.now().minus(Duration.ofMinutes(1)));
    assertThat(PeerCertificates.signed(of(ended, root))).isEmpty();
  }

  @Test
  void nothingShownIsNobody() {
    assertThat(PeerCertificates.signed(of())).isEmpty();
  }

  private static Certificate[] of(X509Bundle... bundles) {
    Certificate[] sent = new Certificate[bundles.length];
    for (int i = 0; i < bundles.length; i++) {
      sent[i] = bundles[i].getCertificate();
    }
    return sent;
  }

  private static X509Bundle authority() {
    try {
      return new CertificateBuilder()
          .ecp256()
          .subject("CN=Authority")
          .setIsCertificateAuthority(true)
          .buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private X509Bundle client(Instant until) {
    try {
      return new CertificateBuilder()
          .ecp256()
          .subject("CN=alice")
          .notBefore(until.minus(Duration.ofDays(9)))
          .notAfter(until)
          .buildIssuedBy(root);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
