package dev.everwire.netty.options;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that a client's connections go through. The proxy looks up the names of servers; nothing
 * about them is asked on this machine. Immutable.
 */
public final class ForwardProxy {
  /** How the proxy is spoken to. */
  public enum Kind {
    HTTP,
    SOCKS5
  }

  private static final int MAX_SOCKS_BYTES = 255; // RFC 1929 section 2

  private final Kind kind;
  private final String host;
  private final int port;
  private final @Nullable String user;
  private final @Nullable String password;
  private final List<String> direct;

  private ForwardProxy(
      Kind kind,
      String host,
      int port,
      @Nullable String user,
      @Nullable String password,
      List<String> direct) {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host: blank (expected: a name or an address)");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1-65535)");
    }
    this.kind = kind;
    this.host = host;
    this.port = port;
    this.user = user;
    this.password = password;
    this.direct = List.copyOf(direct);
  }

  /** Asks with CONNECT (RFC 9110 section 9.3.6), for {@code ws} as for {@code wss}. */
  public static ForwardProxy http(String host, int port) {
    return new ForwardProxy(Kind.HTTP, host, port, null, null, List.of());
  }

  /** Asks as RFC 1928 says. */
  public static ForwardProxy socks5(String host, int port) {
    return new ForwardProxy(Kind.SOCKS5, host, port, null, null, List.of());
  }

  /**
   * Basic credentials (RFC 7617) for an HTTP proxy, user and password (RFC 1929) for SOCKS5. They
   * reach the proxy as they are: the way there is not encrypted.
   */
  public ForwardProxy withCredentials(String userName, String secret) {
    if (userName.isEmpty() || (kind == Kind.HTTP && userName.indexOf(':') >= 0)) {
      throw new IllegalArgumentException("user: empty or with a colon (expected: a name)");
    }
    if (kind == Kind.SOCKS5 && (tooLong(userName) || tooLong(secret) || secret.isEmpty())) {
      throw new IllegalArgumentException("credentials: too long or empty (expected: 1-255 bytes)");
    }
    return new ForwardProxy(kind, host, port, userName, secret, direct);
  }

  /**
   * Hosts that are dialled directly.
   *
   * @param hosts names or addresses; one that begins with a dot stands for all names that end so
   */
  public ForwardProxy exceptFor(String... hosts) {
    List<String> lower =
        List.of(hosts).stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    return new ForwardProxy(kind, host, port, user, password, lower);
  }

  public Kind kind() {
    return kind;
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** Null without credentials. */
  public @Nullable String user() {
    return user;
  }

  /** Null without credentials. */
  public @Nullable String password() {
    return password;
  }

  /** Whether connections to this host go through the proxy. */
  public boolean standsBefore(String target) {
    String name = target.toLowerCase(Locale.ROOT);
    return direct.stream()
        .noneMatch(entry -> entry.startsWith(".") ? name.endsWith(entry) : name.equals(entry));
  }

  /** Kind, host and port, never the credentials. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + "://" + host + ":" + port;
  }

  private static boolean tooLong(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length > MAX_SOCKS_BYTES;
  }
}
