package dev.everwire.auth;

import dev.everwire.spi.auth.Authenticator;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Principal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * Knows a peer by the certificate that TLS has verified: whether it may be trusted is decided
 * there, by the authorities that the listener was given. {@link Verdict.Absent} if it showed none.
 * Safe from any thread; answers at once.
 *
 * <p>A name that is missing, and one that stands there several times, is refused: it must not be a
 * matter of order who somebody is. The principal ends with its certificate, and is named for
 * revocation by {@code x509-} and the certificate's SHA-256 in hex.
 */
public final class CertificateAuthenticator implements Authenticator {
  private static final String WRONG = "the certificate is not accepted";
  private static final int SAN_EMAIL = 1; // RFC 5280, GeneralName
  private static final int SAN_DNS = 2;
  private static final int SAN_URI = 6;

  private final CertificateSettings settings;
  private final InstantSource time;

  private CertificateAuthenticator(CertificateSettings settings, InstantSource time) {
    this.settings = settings;
    this.time = time;
  }

  public static CertificateAuthenticator of(CertificateSettings settings) {
    return of(settings, InstantSource.system());
  }

  public static CertificateAuthenticator of(CertificateSettings settings, InstantSource time) {
    return new CertificateAuthenticator(settings, time);
  }

  @Override
  public CompletionStage<Verdict> authenticate(Credentials credentials) {
    return CompletableFuture.completedStage(
        credentials.certificates().isEmpty()
            ? new Verdict.Absent()
            : decide(credentials.certificates().get(0)));
  }

  private Verdict decide(X509Certificate certificate) {
    Instant now = time.instant();
    Instant ends = certificate.getNotAfter().toInstant();
    if (now.isAfter(ends)) {
      return new Verdict.Refused(Reason.EXPIRED, "the certificate has expired");
    }
    String user = name(certificate, settings.user());
    if (user == null || now.isBefore(certificate.getNotBefore().toInstant())) {
      return new Verdict.Refused(Reason.INVALID, WRONG);
    }
    CertificateSettings.Name tenantName = settings.tenant();
    String tenant = tenantName == null ? null : name(certificate, tenantName);
    if (tenantName != null && tenant == null) {
      return new Verdict.Refused(Reason.INVALID, WRONG);
    }
    Set<String> roles = new LinkedHashSet<>(settings.rolesOfAll());
    roles.addAll(settings.roles(user));
    try {
      return new Verdict.Accepted(
          new Principal(
              user,
              tenant,
              roles,
              settings.permissionsOfAll(),
              "mtls",
              "x509-" + fingerprint(certificate),
              certificate.getNotBefore().toInstant(),
              ends));
    } catch (IllegalArgumentException | CertificateEncodingException e) {
      return new Verdict.Refused(Reason.INVALID, WRONG); // a name that is none
    }
  }

  /** The only one of its kind; null if there is none, or not one only. */
  private static @Nullable String name(X509Certificate certificate, CertificateSettings.Name name) {
    List<String> all =
        switch (name) {
          case COMMON_NAME -> subject(certificate, "CN");
          case ORGANIZATION -> subject(certificate, "O");
          case ORGANIZATIONAL_UNIT -> subject(certificate, "OU");
          case SAN_URI -> alternative(certificate, SAN_URI);
          case SAN_DNS -> alternative(certificate, SAN_DNS);
          case SAN_EMAIL -> alternative(certificate, SAN_EMAIL);
        };
    return all.size() == 1 ? all.get(0) : null;
  }

  private static List<String> subject(X509Certificate certificate, String type) {
    List<String> values = new ArrayList<>();
    try {
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        var attribute = rdn.toAttributes().get(type);
        for (int i = 0; attribute != null && i < attribute.size(); i++) {
          if (attribute.get(i) instanceof String text) {
            values.add(text);
          }
        }
      }
    } catch (NamingException e) {
      return List.of();
    }
    return values;
  }

  private static List<String> alternative(X509Certificate certificate, int kind) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      List<String> values = new ArrayList<>();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if (name.get(0) instanceof Integer type
            && type == kind
            && name.get(1) instanceof String s) {
          values.add(s);
        }
      }
      return values;
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private static String fingerprint(X509Certificate certificate)
      throws CertificateEncodingException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
