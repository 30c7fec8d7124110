package dev.everwire.netty.internal.http;

import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The opening handshake of RFC 6455 section 4, both ends' part of it. */
public final class UpgradeRequest {
  public static final String VERSION = "13";

  private static final int KEY_BYTES = 16;

  private UpgradeRequest() {}

  /** Whether a request asks for a WebSocket, well or badly. */
  static boolean isMeant(HttpRequest request) {
    return request
            .headers()
            .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        && request
            .headers()
            .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
  }

  /** Why a request for a WebSocket cannot be granted, or null. */
  static @Nullable HttpReply fault(HttpRequest request, boolean hasBody) {
    HttpHeaders headers = request.headers();
    if (!request.method().equals(HttpMethod.GET)
        || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        || hasBody) {
      return HttpReply.text(400, "a WebSocket begins with GET and HTTP/1.1");
    }
    if (!VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      return HttpMessages.plain(
          426,
          "WebSocket version 13 is spoken here",
          Map.of("sec-websocket-version", VERSION, "upgrade", "websocket"));
    }
    if (!isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY))) {
      return HttpReply.text(400, "Sec-WebSocket-Key is not valid");
    }
    return null;
  }

  static Handshake handshake(HttpRequest request, RequestTarget target, String remoteAddress) {
    return new Handshake(
        target.path(),
        target.query(),
        HttpMessages.firstValues(request.headers()),
        offered(request.headers()),
        remoteAddress);
  }

  static void requireOffered(HttpRequest request, @Nullable String subprotocol) {
    if (subprotocol != null && !offered(request.headers()).contains(subprotocol)) {
      throw new IllegalStateException(
          "subprotocol: " + subprotocol + " (expected: an offered one)");
    }
  }

  static HttpResponse accepted(HttpRequest request, @Nullable String subprotocol) {
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
    String key = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    response
        .headers()
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, AcceptKey.of(key.trim()));
    if (subprotocol != null) {
      response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocol);
    }
    return response;
  }

  private static boolean isKey(@Nullable String key) {
    try {
      return key != null && Base64.getDecoder().decode(key.trim()).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<String> offered(HttpHeaders headers) {
    List<String> offered = new ArrayList<>();
    for (String line : headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
      for (String name : line.split(",", -1)) {
        if (!name.isBlank()) {
          offered.add(name.strip());
        }
      }
    }
    return offered;
  }
}
