package dev.everwire.session.transport;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP request that asks for a WebSocket, as far as a decision needs it.
 *
 * @param path decoded, without the query
 * @param query first value of each parameter, decoded
 * @param headers first value of each header, names in lower case
 * @param subprotocols what the client offered, in its order
 * @param remoteAddress the peer as {@code host:port}
 * @param certificates of the peer, its own first, as TLS has verified them; empty if it showed none
 */
public record Handshake(
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    List<String> subprotocols,
    String remoteAddress,
    List<X509Certificate> certificates) {
  public Handshake {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
    subprotocols = List.copyOf(subprotocols);
    certificates = List.copyOf(certificates);
  }

  /** Of a peer that showed no certificate. */
  public Handshake(
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      List<String> subprotocols,
      String remoteAddress) {
    this(path, query, headers, subprotocols, remoteAddress, List.of());
  }

  private static final String BEARER = "bearer ";
  private static final String TOKEN_SUBPROTOCOL = "everwire.bearer.";

  /**
   * The token that came with the request: of the {@code Authorization} header, else of an offered
   * subprotocol {@code everwire.bearer.<base64url of the token>}, which is how a browser can bring
   * one (beside a subprotocol that can be selected) and which is never selected itself. Null if
   * there is none. A query is not looked at, because it ends up in logs.
   */
  public @Nullable String bearerToken() {
    String authorization = headers.get("authorization");
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      String token = authorization.substring(BEARER.length()).strip();
      return token.isEmpty() ? null : token;
    }
    for (String offered : subprotocols) {
      if (offered.startsWith(TOKEN_SUBPROTOCOL)) {
        return decoded(offered.substring(TOKEN_SUBPROTOCOL.length()));
      }
    }
    return null;
  }

  /** {@link #bearerToken()}, else a parameter of the query, for those who accept that. */
  public @Nullable String bearerTokenOrQuery(String parameter) {
    String token = bearerToken();
    return token == null ? query.get(parameter) : token;
  }

  private static @Nullable String decoded(String base64Url) {
    try {
      String token = new String(Base64.getUrlDecoder().decode(base64Url), StandardCharsets.UTF_8);
      return token.isEmpty() ? null : token;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  public @Nullable String header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }

  /** Without what may be secret: query, headers and what a token may be hidden in. */
  @Override
  public String toString() {
    return "Handshake[path=" + path + ", remote=" + remoteAddress + "]";
  }
}
