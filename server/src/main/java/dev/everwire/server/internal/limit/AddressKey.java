package dev.everwire.server.internal.limit;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Under which name a peer's address is counted. */
final class AddressKey {
  private static final int NETWORK =
      8; // bytes of an IPv6 address that one subscriber has, at least

  private AddressKey() {}

  /**
   * The host of {@code host:port}; of an IPv6 address its /64, because whoever has one of those has
   * all of them.
   */
  static String of(String remoteAddress) {
    int colon = remoteAddress.lastIndexOf(':');
    String host = colon < 0 ? remoteAddress : remoteAddress.substring(0, colon);
    if (!host.startsWith("[") || !host.endsWith("]")) {
      return host;
    }
    try { // a literal in brackets is never looked up
      byte[] address = InetAddress.getByName(host).getAddress();
      if (address.length != 2 * NETWORK) {
        return host;
      }
      StringBuilder key = new StringBuilder("[");
      for (int i = 0; i < NETWORK; i += 2) {
        int group = ((address[i] & 0xff) << 8) | (address[i + 1] & 0xff);
        key.append(Integer.toHexString(group)).append(':');
      }
      return key.append(":]/64").toString();
    } catch (UnknownHostException e) {
      return host;
    }
  }
}
