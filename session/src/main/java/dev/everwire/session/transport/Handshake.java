package dev.everwire.session.transport;

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
 */
public record Handshake(
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    List<String> subprotocols,
    String remoteAddress) {
  public Handshake {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
    subprotocols = List.copyOf(subprotocols);
  }

  public @Nullable String header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }
}
