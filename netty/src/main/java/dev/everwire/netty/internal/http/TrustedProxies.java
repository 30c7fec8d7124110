package dev.everwire.netty.internal.http;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proxies whose word on a client's address counts. Immutable.
 *
 * <p>An IPv4 address written as an IPv6 one ({@code ::ffff:192.0.2.1}) is the IPv4 address, in the
 * list and in what proxies say.
 */
public final class TrustedProxies {
  /** Nobody is believed. */
  public static final TrustedProxies NONE = new TrustedProxies(List.of(), false);

  /** In the list: whoever comes through a Unix domain socket. */
  public static final String UNIX = "unix:";

  private static final int MAPPED_BITS = 96; // what comes before the IPv4 part

  private final List<Block> blocks;
  private final boolean unix;

  private TrustedProxies(List<Block> blocks, boolean unix) {
    this.blocks = List.copyOf(blocks);
    this.unix = unix;
  }

  /**
   * @param list of addresses ({@code 192.0.2.1}, {@code 2001:db8::1}), blocks of them ({@code
   *     10.0.0.0/8}) and {@code unix:}
   * @throws IllegalArgumentException if an entry is none of these
   */
  public static TrustedProxies of(List<String> list) {
    List<Block> blocks = new ArrayList<>();
    boolean unix = false;
    for (String entry : list) {
      if (entry.equals(UNIX)) {
        unix = true;
      } else {
        blocks.add(block(entry));
      }
    }
    return new TrustedProxies(blocks, unix);
  }

  /** Whether a peer is believed; null stands for one at a Unix domain socket. */
  boolean trusts(@Nullable InetSocketAddress peer) {
    if (peer == null) {
      return unix;
    }
    byte[] plain = peer.getAddress().getAddress(); // never mapped
    for (Block block : blocks) {
      if (block.contains(plain)) {
        return true;
      }
    }
    return false;
  }

  private static Block block(String entry) {
    int slash = entry.indexOf('/');
    byte[] address = IpAddress.parse(slash < 0 ? entry : entry.substring(0, slash));
    int bits = address == null || slash < 0 ? 0 : prefix(entry.substring(slash + 1));
    if (address == null || bits < 0) {
      throw bad(entry);
    }
    byte[] plain = IpAddress.unmapped(address);
    if (slash < 0) {
      return new Block(plain, plain.length * 8);
    }
    int cut = plain.length == address.length ? bits : bits - MAPPED_BITS;
    if (cut < 0 || cut > plain.length * 8) {
      throw bad(entry);
    }
    return new Block(plain, cut);
  }

  /** The number, or -1. */
  private static int prefix(String digits) {
    if (digits.isEmpty() || digits.length() > 3) {
      return -1;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return -1;
      }
    }
    return Integer.parseInt(digits);
  }

  private static IllegalArgumentException bad(String entry) {
    return new IllegalArgumentException(
        "trustedProxies: "
            + entry
            + " (expected: an address, a block such as 10.0.0.0/8, or unix:)");
  }

  /** The addresses of one family that agree with one in its first bits. */
  private static final class Block {
    private final byte[] address;
    private final int bits;

    Block(byte[] address, int bits) {
      this.address = address;
      this.bits = bits;
    }

    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      int whole = bits / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != other[i]) {
          return false;
        }
      }
      int rest = bits % 8;
      return rest == 0 || ((address[whole] ^ other[whole]) & 0xFF) >> (8 - rest) == 0;
    }
  }
}
