package dev.everwire.netty.internal.http;

import io.netty.util.NetUtil;

/**
 * The value of a Host header: a name or address, and perhaps a port (RFC 9110 section 7.2).
 *
 * <p>Narrower than RFC 3986 where that allows what no name in use has: no escapes, and of its
 * punctuation only {@code - . _ ~}.
 */
final class HostName {
  private static final int MAX_PORT_DIGITS = 5;
  private static final int MAX_PORT = 65_535;

  private HostName() {}

  static boolean isValid(String host) {
    int end = host.startsWith("[") ? addressEnd(host) : nameEnd(host);
    return end > 0 && (end == host.length() || isPort(host, end));
  }

  /** Whether a valid one is this machine's own name for itself. */
  static boolean isLocalhost(String host) {
    int colon = host.lastIndexOf(':');
    String name = host.startsWith("[") || colon < 0 ? host : host.substring(0, colon);
    return name.equalsIgnoreCase("localhost")
        || name.regionMatches(true, name.length() - 10, ".localhost", 0, 10);
  }

  private static int nameEnd(String host) {
    int end = 0;
    while (end < host.length() && isNameCharacter(host.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~".indexOf(c) >= 0;
  }

  private static int addressEnd(String host) {
    int bracket = host.indexOf(']');
    if (bracket < 0 || host.indexOf('%') >= 0) {
      return -1;
    }
    return NetUtil.isValidIpV6Address(host.substring(1, bracket)) ? bracket + 1 : -1;
  }

  private static boolean isPort(String host, int colon) {
    if (host.charAt(colon) != ':' || host.length() - colon - 1 > MAX_PORT_DIGITS) {
      return false;
    }
    int port = 0;
    for (int i = colon + 1; i < host.length(); i++) {
      int digit = host.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      port = 10 * port + digit;
    }
    return port <= MAX_PORT;
  }
}
