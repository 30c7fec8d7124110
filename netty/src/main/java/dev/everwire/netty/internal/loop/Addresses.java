package dev.everwire.netty.internal.loop;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Addresses as people and URLs write them. */
public final class Addresses {
  private Addresses() {}

  public static String host(InetSocketAddress address) {
    if (address.getAddress() == null) {
      return address.getHostString();
    }
    String host = address.getAddress().getHostAddress();
    return address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host;
  }

  /** {@code unix} for the peer of a Unix domain socket, which has neither. */
  public static String hostAndPort(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet ? host(inet) + ":" + inet.getPort() : "unix";
  }
}
