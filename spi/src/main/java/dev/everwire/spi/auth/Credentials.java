package dev.everwire.spi.auth;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a peer brought to show who it is. A cookie is never among it: a browser sends those by
 * itself, also for somebody else's page. Immutable.
 *
 * @param occasion when it was brought
 * @param path of the WebSocket
 * @param remoteAddress the peer as {@code host:port}
 * @param token the bearer token, secret; null if there is none
 * @param headers first value of each header of the handshake, names in lower case, without cookies;
 *     empty for who has shown who it is before
 * @param certificates what TLS has verified, the peer's own first; empty if it showed none
 */
public record Credentials(
    Occasion occasion,
    String path,
    String remoteAddress,
    @Nullable String token,
    Map<String, String> headers,
    List<X509Certificate> certificates) {

  /** When credentials were brought. */
  public enum Occasion {
    /** With the request for the WebSocket. */
    HANDSHAKE,
    /** In {@code rpc.hello}, or by a method of another protocol that logs in. */
    HELLO,
    /** In {@code rpc.auth}: the connection has shown who it is before, or must do so now. */
    REFRESH
  }

  public Credentials {
    Map<String, String> kept = new HashMap<>(headers);
    kept.remove("cookie");
    kept.remove("cookie2");
    headers = Map.copyOf(kept);
    certificates = List.copyOf(certificates);
  }

  /** What is worth keeping for as long as the connection lasts: neither token nor headers. */
  public Credentials bare() {
    return token == null && headers.isEmpty()
        ? this
        : new Credentials(occasion, path, remoteAddress, null, Map.of(), certificates);
  }

  /** The same with another token, brought later. */
  public Credentials later(Occasion when, @Nullable String newToken) {
    return new Credentials(when, path, remoteAddress, newToken, headers, certificates);
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return "Credentials["
        + occasion
        + " path="
        + path
        + " remote="
        + remoteAddress
        + (token == null ? "" : " token=…")
        + "]";
  }
}
