package dev.everwire.netty.internal.http;

import dev.everwire.session.transport.HttpReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Between the seam's HTTP records and Netty's HTTP objects. */
public final class HttpMessages {
  /** RFC 9110 section 5.6.7. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private HttpMessages() {}

  static Map<String, String> firstValues(HttpHeaders headers) {
    Map<String, String> first = new HashMap<>();
    headers.forEach(
        header -> first.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    return first;
  }

  static HttpReply plain(int status, String text, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>();
    headers.forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value));
    all.putIfAbsent("content-type", "text/plain; charset=utf-8");
    return new HttpReply(status, all, text.getBytes(StandardCharsets.UTF_8));
  }

  static FullHttpResponse goOn() {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
  }

  /**
   * @throws IllegalArgumentException if a header is not allowed by HTTP
   */
  static FullHttpResponse response(HttpReply reply, boolean keepAlive) {
    HttpResponseStatus status = HttpResponseStatus.valueOf(reply.status());
    boolean bodiless = reply.status() == 204 || reply.status() == 304;
    ByteBuf body = bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(reply.body());
    var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    HttpHeaders headers = response.headers();
    reply.headers().forEach(headers::set);
    if (!bodiless) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
    }
    headers.set(HttpHeaderNames.DATE, DATE.format(Instant.now()));
    headers.set(
        HttpHeaderNames.CONNECTION,
        keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
    return response;
  }
}
