package dev.everwire.netty.tls;

import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When to say that a certificate ends: once when it is new, and once a day. One thread at a time.
 */
final class Expiry {
  private static final Duration REPEAT = Duration.ofDays(1);

  /** Something to be logged. */
  record Notice(Level level, String text) {}

  private final Duration warnBefore;
  private @Nullable Instant said; // about the certificate in use

  Expiry(Duration warnBefore) {
    this.warnBefore = warnBefore;
  }

  /** Another certificate is in use. */
  void renewed() {
    said = null;
  }

  /** What is to be said now, if anything. */
  @Nullable Notice due(List<X509Certificate> chain, Instant now) {
    if (said != null && now.isBefore(said.plus(REPEAT))) {
      return null;
    }
    Notice notice = notice(chain, now);
    if (notice != null) {
      said = now;
    }
    return notice;
  }

  static Instant end(List<X509Certificate> chain) {
    Instant end = Instant.MAX;
    for (X509Certificate certificate : chain) {
      Instant its = certificate.getNotAfter().toInstant();
      end = its.isBefore(end) ? its : end;
    }
    return end;
  }

  private @Nullable Notice notice(List<X509Certificate> chain, Instant now) {
    Instant start = chain.getFirst().getNotBefore().toInstant();
    Instant end = end(chain);
    if (!now.isBefore(end)) {
      return new Notice(Level.ERROR, "the certificate has expired: clients refuse it ended=" + end);
    }
    if (now.isBefore(start)) {
      return new Notice(Level.ERROR, "the certificate is not valid yet starts=" + start);
    }
    if (!now.isBefore(end.minus(warnBefore))) {
      long days = Duration.between(now, end).toDays();
      return new Notice(
          Level.WARNING, "the certificate expires soon ends=" + end + " days=" + days);
    }
    return null;
  }
}
