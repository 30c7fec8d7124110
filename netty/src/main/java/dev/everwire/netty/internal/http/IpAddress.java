package dev.everwire.netty.internal.http;

import io.netty.util.NetUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Addresses as text, without ever asking a name service. */
final class IpAddress {
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private IpAddress() {}

  /** 4 or 16 bytes, or null if the text is no address: no name, no scope, no brackets. */
  static byte @Nullable [] parse(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c != '.' && c != ':' && Character.digit(c, 16) < 0) || c >= 128) {
        return null;
      }
      boolean first = i == 0 || text.charAt(i - 1) == '.' || text.charAt(i - 1) == ':';
      if (c == '0' && first && decimalGoesOn(text, i + 1)) {
        return null; // octal to some
      }
    }
    return NetUtil.createByteArrayFromIpAddressString(text);
  }

  /** An IPv4 address inside an IPv6 one as what it is. */
  static byte[] unmapped(byte[] address) {
    return address.length == 16 && Arrays.equals(address, 0, 12, MAPPED, 0, 12)
        ? Arrays.copyOfRange(address, 12, 16)
        : address;
  }

  /** Whether a part of an IPv4 address has digits from here on; those of IPv6 may begin with 0. */
  private static boolean decimalGoesOn(String text, int from) {
    if (text.indexOf('.') < 0 || from >= text.length()) {
      return false;
    }
    int end = from;
    while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != ':') {
      end++;
    }
    return end > from && (end == text.length() || text.charAt(end) == '.');
  }
}
