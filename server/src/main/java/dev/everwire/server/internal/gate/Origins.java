package dev.everwire.server.internal.gate;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may talk to a server, and by which names. A browser sends {@code Origin} with
 * every WebSocket upgrade (RFC 6455 section 10.2), so one that differs from the host asked for is a
 * foreign page. And a server on a loopback address answers only for loopback names, because a
 * foreign page can make its own name point there (DNS rebinding); the same keeps one from a server
 * that is told its names. Programs that send no {@code Origin} are not touched. Immutable.
 */
public final class Origins {
  private static final String ANY = "*";
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final List<String> given;
  private final Set<String> allowed;
  private final List<String> hosts;
  private final Set<String> names;
  private final boolean loopbackNamesOnly;

  /**
   * @param allowed origins as browsers write them, besides the server's own; {@code *} for all
   * @param hosts what requests may name as their {@code Host}, without a port; empty for any
   * @param loopbackNamesOnly whether they may name this machine, and nothing but that and {@code
   *     hosts}
   * @throws IllegalArgumentException if one cannot be an origin or a host
   */
  public Origins(Collection<String> allowed, Collection<String> hosts, boolean loopbackNamesOnly) {
    this.given = List.copyOf(allowed);
    this.allowed = new HashSet<>();
    for (String origin : allowed) {
      this.allowed.add(origin.equals(ANY) ? ANY : checked(origin));
    }
    this.hosts = List.copyOf(hosts);
    this.names = new HashSet<>();
    for (String host : hosts) {
      names.add(name(host));
    }
    this.loopbackNamesOnly = loopbackNamesOnly;
  }

  private static String name(String host) {
    Authority authority = Authority.parse(host);
    if (authority == null || authority.port() != 0) {
      throw new IllegalArgumentException(
          "host: \"" + host + "\" (expected: like live.example.com, without a port)");
    }
    return authority.host();
  }

  /** The same for other origins. */
  public Origins with(Collection<String> otherOrigins) {
    return new Origins(otherOrigins, hosts, loopbackNamesOnly);
  }

  /** As they were given. */
  public List<String> allowed() {
    return given;
  }

  /**
   * One sentence that says why a request is refused; null if it is not.
   *
   * @param headers names in lower case
   */
  public @Nullable String refusal(Map<String, String> headers) {
    String hostHeader = headers.get("host");
    Authority host = hostHeader == null ? null : Authority.parse(hostHeader);
    if (!answersFor(host)) {
      return names.isEmpty()
          ? "This server answers only for localhost, 127.0.0.1 and [::1]."
          : "This server is not asked by this name.";
    }
    String origin = headers.get("origin");
    if (origin != null && !own(origin, host) && !listed(origin)) {
      return "This server does not answer pages of other origins.";
    }
    return null;
  }

  private boolean answersFor(@Nullable Authority host) {
    if (!loopbackNamesOnly && names.isEmpty()) {
      return true;
    }
    return host != null && (names.contains(host.host()) || (loopbackNamesOnly && host.loopback()));
  }

  private boolean listed(String origin) {
    return allowed.contains(ANY) || allowed.contains(normal(origin));
  }

  private static boolean own(String origin, @Nullable Authority host) {
    int defaultPort = defaultPort(origin);
    if (defaultPort == 0) {
      return false;
    }
    Authority from = Authority.parse(origin.substring(origin.indexOf("://") + 3));
    return from != null
        && host != null
        && from.withDefaultPort(defaultPort).equals(host.withDefaultPort(defaultPort));
  }

  private static String checked(String origin) {
    if (origin.equals("null")) { // what browsers send for sandboxed frames and local files
      return origin;
    }
    int scheme = origin.indexOf("://");
    String rest = scheme < 1 ? "" : origin.substring(scheme + 3);
    if (rest.isEmpty() || rest.contains("/") || rest.contains("*")) {
      throw new IllegalArgumentException(
          "origin: \"" + origin + "\" (expected: like https://app.example.com)");
    }
    return normal(origin);
  }

  private static String normal(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    String suffix = ":" + defaultPort(lower);
    return lower.endsWith(suffix) ? lower.substring(0, lower.length() - suffix.length()) : lower;
  }

  /** 0: of a scheme that is not served here. */
  private static int defaultPort(String origin) {
    if (origin.startsWith("http://")) {
      return HTTP_PORT;
    }
    return origin.startsWith("https://") ? HTTPS_PORT : 0;
  }
}
