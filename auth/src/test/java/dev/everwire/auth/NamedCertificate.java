package dev.everwire.auth;

import java.math.BigInteger;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * A certificate of which only the names matter, good for a day before and after the tests' time.
 */
@SuppressWarnings("deprecation") // what is abstract has to be there
final class NamedCertificate extends X509Certificate {
  private static final long serialVersionUID = 1L;

  private final X500Principal subject;
  private final transient Collection<List<?>> names;

  NamedCertificate(String subject, Collection<List<?>> names) {
    this.subject = new X500Principal(subject);
    this.names = names;
  }

  @Override
  public X500Principal getSubjectX500Principal() {
    return subject;
  }

  @Override
  public @Nullable Collection<List<?>> getSubjectAlternativeNames() {
    return names.isEmpty() ? null : names;
  }

  @Override
  public Date getNotBefore() {
    return Date.from(Tokens.NOW.minus(Duration.ofDays(1)));
  }

  @Override
  public Date getNotAfter() {
    return Date.from(Tokens.NOW.plus(Duration.ofDays(1)));
  }

  @Override
  public byte[] getEncoded() {
    return new byte[] {1, 2, 3};
  }

  @Override
  public void checkValidity() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void checkValidity(Date date) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int getVersion() {
    throw new UnsupportedOperationException();
  }

  @Override
  public BigInteger getSerialNumber() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Principal getIssuerDN() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Principal getSubjectDN() {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] getTBSCertificate() {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] getSignature() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String getSigAlgName() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String getSigAlgOID() {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] getSigAlgParams() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean[] getIssuerUniqueID() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean[] getSubjectUniqueID() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean[] getKeyUsage() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int getBasicConstraints() {
    throw new UnsupportedOperationException();
  }

  @Override
  public PublicKey getPublicKey() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void verify(PublicKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void verify(PublicKey key, String provider) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean hasUnsupportedCriticalExtension() {
    return false;
  }

  @Override
  public Set<String> getCriticalExtensionOIDs() {
    return Set.of();
  }

  @Override
  public Set<String> getNonCriticalExtensionOIDs() {
    return Set.of();
  }

  @Override
  public byte @Nullable [] getExtensionValue(String oid) {
    return null;
  }

  @Override
  public String toString() {
    return subject.toString();
  }
}
