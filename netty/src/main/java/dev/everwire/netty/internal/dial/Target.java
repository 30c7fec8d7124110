package dev.everwire.netty.internal.dial;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a WebSocket URL leads (RFC 6455 section 3).
 *
 * @param host without the brackets of an IPv6 address
 * @param authority for the Host header: with brackets, and with the port where the URL has one
 * @param resource path and query, at least {@code /}, in ASCII
 */
record Target(boolean secure, String host, int port, String authority, String resource) {

  /**
   * @throws IllegalArgumentException with one sentence that says what the URL must not have
   */
  static Target of(URI given) {
    // the URL itself stays out of the sentences: what should not be there may be a secret
    if (given.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "the URL has user information, which is not sent (expected: an Authorization header)");
    }
    if (given.getRawFragment() != null) {
      throw new IllegalArgumentException("the URL has a fragment (expected: none)");
    }
    int port = given.getPort();
    if (port == 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1-65535)");
    }
    URI uri = URI.create(given.toASCIIString());
    boolean secure = "wss".equals(uri.getScheme());
    String host = uri.getHost();
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return new Target(
        secure,
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        port > 0 ? port : secure ? 443 : 80,
        port > 0 ? host + ":" + port : host,
        uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
  }

  /** The address that the host is, or null if it is a name. */
  @Nullable InetAddress literal() {
    return NetUtil.createInetAddressFromIpAddressString(host);
  }

  /** {@code host:port}. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
