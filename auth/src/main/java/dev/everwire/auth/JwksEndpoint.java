package dev.everwire.auth;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Where an issuer publishes its keys (RFC 7517), and how they are kept. Immutable.
 *
 * <p>Redirects are not followed, an answer is at most 256 KiB and has at most 100 keys.
 */
public final class JwksEndpoint {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final URI url;
  private final Duration timeout;
  private final Duration cacheFor;
  private final Duration unknownKeyRefreshEvery;
  private final Duration tolerance;

  private JwksEndpoint(
      URI url,
      Duration timeout,
      Duration cacheFor,
      Duration unknownKeyRefreshEvery,
      Duration tolerance) {
    this.url = url;
    this.timeout = timeout;
    this.cacheFor = cacheFor;
    this.unknownKeyRefreshEvery = unknownKeyRefreshEvery;
    this.tolerance = tolerance;
  }

  /**
   * @param url {@code https}, or {@code http} on this machine
   */
  public static JwksEndpoint at(URI url) {
    Objects.requireNonNull(url);
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
    boolean safe = scheme.equals("https") || (scheme.equals("http") && LOOPBACK.contains(host));
    if (!safe || host.isEmpty() || url.getUserInfo() != null || url.getFragment() != null) {
      throw new IllegalArgumentException(
          "url: " + withoutUser(url) + " (expected: https, or http on localhost; no user)");
    }
    return new JwksEndpoint(
        url,
        Duration.ofSeconds(5),
        Duration.ofMinutes(10),
        Duration.ofSeconds(30),
        Duration.ofHours(24));
  }

  /** The whole answer has to be there by then. 100 ms – 30 s, default 5 s. */
  public JwksEndpoint timeout(Duration newTimeout) {
    Bounds.check("timeout", newTimeout, Duration.ofMillis(100), Duration.ofSeconds(30));
    return new JwksEndpoint(url, newTimeout, cacheFor, unknownKeyRefreshEvery, tolerance);
  }

  /**
   * How long keys are taken for good where the answer does not say it by {@code Cache-Control:
   * max-age}, of which 1 min – 1 h is honoured. 1 min – 1 h, default 10 min. They are fetched ahead
   * of its end.
   */
  public JwksEndpoint cacheFor(Duration newCacheFor) {
    Bounds.check("cacheFor", newCacheFor, Duration.ofMinutes(1), Duration.ofHours(1));
    return new JwksEndpoint(url, timeout, newCacheFor, unknownKeyRefreshEvery, tolerance);
  }

  /**
   * A token that names an unknown key has the keys fetched, but not more often than this. 1 s – 10
   * min, default 30 s.
   */
  public JwksEndpoint unknownKeyRefreshEvery(Duration every) {
    Bounds.check("unknownKeyRefreshEvery", every, Duration.ofSeconds(1), Duration.ofMinutes(10));
    return new JwksEndpoint(url, timeout, cacheFor, every, tolerance);
  }

  /**
   * How long keys go on to work while no others can be fetched, since they were. 0 – 7 days,
   * default 24 h; never shorter than they are cached.
   */
  public JwksEndpoint tolerance(Duration newTolerance) {
    Bounds.check("tolerance", newTolerance, Duration.ZERO, Duration.ofDays(7));
    return new JwksEndpoint(url, timeout, cacheFor, unknownKeyRefreshEvery, newTolerance);
  }

  public URI url() {
    return url;
  }

  public Duration timeout() {
    return timeout;
  }

  public Duration cacheFor() {
    return cacheFor;
  }

  public Duration unknownKeyRefreshEvery() {
    return unknownKeyRefreshEvery;
  }

  public Duration tolerance() {
    return tolerance;
  }

  @Override
  public String toString() {
    return "JwksEndpoint[" + withoutUser(url) + "]";
  }

  private static String withoutUser(URI url) {
    return url.getScheme()
        + "://"
        + url.getHost()
        + (url.getPort() < 0 ? "" : ":" + url.getPort())
        + (url.getPath() == null ? "" : url.getPath());
  }
}
