package dev.everwire.netty.internal.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who stands behind trusted proxies, as {@code Forwarded} (RFC 7239) or {@code X-Forwarded-For}
 * says.
 *
 * <p>Each hop adds whom it heard from at the right. The way goes from there to the left, over
 * trusted hops, and ends at the first that is not trusted: whatever is left of it, that one may
 * have made up. It also ends before an entry that is no address. Of a header that the nearest proxy
 * does not write, all would be made up; so where both are there they must agree, or the proxy
 * itself is taken for the client.
 */
final class ClientAddress {
  private static final int MAX_PORT_DIGITS = 5;
  private static final int MAX_PORT = 65_535;

  private ClientAddress() {}

  /**
   * @param peer who connected, null through a Unix domain socket
   * @return port 0 where it is not known; null if nothing is known of whom a local proxy serves
   */
  static @Nullable InetSocketAddress of(
      TrustedProxies trusted, @Nullable InetSocketAddress peer, Fields fields) {
    if (!trusted.trusts(peer)) {
      return peer;
    }
    List<String> forwarded = fields.all(FieldNames.FORWARDED);
    List<String> forwardedFor = fields.all(FieldNames.X_FORWARDED_FOR);
    if (forwarded.isEmpty()) {
      return walk(trusted, peer, forwardedFor, false);
    }
    InetSocketAddress client = walk(trusted, peer, forwarded, true);
    if (forwardedFor.isEmpty()) {
      return client;
    }
    InetSocketAddress other = walk(trusted, peer, forwardedFor, false);
    boolean agree =
        client != null && other != null && client.getAddress().equals(other.getAddress());
    return agree ? client : peer;
  }

  private static @Nullable InetSocketAddress walk(
      TrustedProxies trusted,
      @Nullable InetSocketAddress peer,
      List<String> lines,
      boolean standard) {
    InetSocketAddress seen = peer;
    for (String line : lines.reversed()) {
      List<String> hops = standard ? forwarded(line) : Elements.of(line);
      for (String hop : hops.reversed()) {
        InetSocketAddress address = parse(hop);
        if (address == null) {
          return seen;
        }
        seen = address;
        if (!trusted.trusts(seen)) {
          return seen;
        }
      }
      if (hops.isEmpty()) {
        return seen;
      }
    }
    return seen;
  }

  /**
   * What {@code for} is in each element, empty where there is none; no elements if the line is not
   * as RFC 7239 section 4 says, because then nothing tells which part a proxy wrote.
   */
  static List<String> forwarded(String line) {
    List<String> hops = new ArrayList<>(2);
    var scanner = new TextScanner(line);
    do {
      String hop = "";
      do {
        String name = scanner.token();
        String value = scanner.skip('=') ? scanner.value() : null;
        if (name.isEmpty() || value == null) {
          return List.of();
        }
        if (name.equalsIgnoreCase("for")) {
          if (!hop.isEmpty()) {
            return List.of();
          }
          hop = value;
        }
      } while (scanner.skip(';'));
      hops.add(hop);
    } while (scanner.skipWithBlanks(','));
    return scanner.atEnd() ? hops : List.of();
  }

  /** An address, perhaps with a port, of a hop; null if it is anything else. */
  static @Nullable InetSocketAddress parse(String hop) {
    int colon = -1; // before the port
    String host = hop;
    if (hop.startsWith("[")) {
      int bracket = hop.indexOf(']');
      if (bracket < 0 || hop.lastIndexOf(':', bracket) < 0) {
        return null;
      }
      host = hop.substring(1, bracket);
      if (bracket + 1 < hop.length()) {
        colon = bracket + 1;
      }
    } else if (hop.indexOf(':') == hop.lastIndexOf(':') && hop.indexOf(':') >= 0) {
      colon = hop.indexOf(':');
      host = hop.substring(0, colon);
    }
    int port = colon < 0 ? 0 : port(hop, colon);
    return port < 0 ? null : address(host, port);
  }

  /** Null if the host is not an address. */
  static @Nullable InetSocketAddress address(String host, int port) {
    byte[] address = IpAddress.parse(host);
    if (address == null) {
      return null;
    }
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }

  private static int port(String hop, int colon) {
    int digits = hop.length() - colon - 1;
    if (hop.charAt(colon) != ':' || digits < 1 || digits > MAX_PORT_DIGITS) {
      return -1;
    }
    int port = 0;
    for (int i = colon + 1; i < hop.length(); i++) {
      int digit = hop.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      port = 10 * port + digit;
    }
    return port > MAX_PORT ? -1 : port;
  }
}
