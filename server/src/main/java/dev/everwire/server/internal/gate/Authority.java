package dev.everwire.server.internal.gate;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host and port of a {@code Host} or {@code Origin} header.
 *
 * @param host in lower case, an IPv6 address in brackets
 * @param port 0 if none was given
 */
public record Authority(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::([0-9]{1,5}))?");
  private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.[0-9]{1,3}){3}");

  /** Null if the text is none. */
  static @Nullable Authority parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    String port = matcher.group(2);
    return new Authority(
        matcher.group(1).toLowerCase(Locale.ROOT), port == null ? 0 : Integer.parseInt(port));
  }

  /** Names that always mean this machine; any other name may be made to mean it by its owner. */
  boolean loopback() {
    return host.equals("localhost") || host.equals("[::1]") || LOOPBACK_V4.matcher(host).matches();
  }

  Authority withDefaultPort(int defaultPort) {
    return port == 0 ? new Authority(host, defaultPort) : this;
  }
}
