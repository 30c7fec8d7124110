package dev.everwire.netty.internal.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.HashMap;
import java.util.Map;

/**
 * What a request line asks for.
 *
 * @param path decoded, without the query
 * @param query first value of each parameter, decoded
 */
public record RequestTarget(String path, Map<String, String> query) {

  /**
   * @throws IllegalArgumentException if an escape is not valid
   */
  static RequestTarget parse(String target) {
    var decoder = new QueryStringDecoder(originForm(target));
    Map<String, String> query = new HashMap<>();
    decoder.parameters().forEach((name, values) -> query.put(name, values.getFirst()));
    return new RequestTarget(decoder.path(), query);
  }

  /** Proxies send {@code http://host/path} (RFC 9112 section 3.2.2). */
  private static String originForm(String target) {
    int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
    if (scheme < 0) {
      return target;
    }
    int path = target.indexOf('/', scheme + 3);
    return path < 0 ? "/" : target.substring(path);
  }
}
