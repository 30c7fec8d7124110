package dev.everwire.session.transport;

import java.util.Map;

/**
 * A bounded HTTP request: at most 8 KiB of headers and 64 KiB of body.
 *
 * @param path decoded, without the query
 * @param query first value of each parameter, decoded
 * @param headers first value of each header, names in lower case
 */
@SuppressWarnings("ArrayRecordComponent") // handed over whole; nobody compares two of them
public record HttpRequest(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body) {
  public HttpRequest {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /** Without what may be secret: query, headers and body. */
  @Override
  public String toString() {
    return "HttpRequest[" + method + " " + path + "]";
  }
}
