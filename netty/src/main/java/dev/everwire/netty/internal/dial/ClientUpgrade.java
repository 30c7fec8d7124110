package dev.everwire.netty.internal.dial;

import dev.everwire.netty.internal.http.AcceptKey;
import dev.everwire.netty.internal.http.UpgradeRequest;
import dev.everwire.session.transport.Dialer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A client's connection until the server has agreed to a WebSocket. Leaves the pipeline then. */
public final class ClientUpgrade extends ChannelInboundHandlerAdapter {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int KEY_BYTES = 16;

  private final DialAttempt attempt;
  private final String key;
  private @Nullable HttpHeaders agreed; // headers of a good answer, until its end was read

  ClientUpgrade(DialAttempt attempt) {
    this.attempt = attempt;
    byte[] nonce = new byte[KEY_BYTES];
    RANDOM.nextBytes(nonce);
    this.key = Base64.getEncoder().encodeToString(nonce);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    try {
      ctx.writeAndFlush(request());
    } catch (IllegalArgumentException e) { // a header that HTTP does not allow
      attempt.fail(0, "a header of the request is not valid", null);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (!(message instanceof HttpObject object)) {
        return;
      }
      if (object.decoderResult().isFailure()) {
        attempt.fail(0, attempt.target() + " did not answer with HTTP", null);
        return;
      }
      if (object instanceof HttpResponse response) {
        answered(response);
      }
      if (object instanceof LastHttpContent && agreed != null) {
        attempt.upgraded(this, ctx.channel(), agreed.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL));
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    attempt.fail(0, attempt.target() + " closed the connection before the upgrade", null);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Throwable root =
        cause instanceof io.netty.handler.codec.DecoderException && cause.getCause() != null
            ? cause.getCause()
            : cause;
    attempt.fail(root);
    ctx.close();
  }

  private DefaultFullHttpRequest request() {
    Dialer.Request asked = attempt.request();
    URI uri = asked.uri();
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, target, Unpooled.EMPTY_BUFFER);
    HttpHeaders headers = request.headers();
    headers.set(
        HttpHeaderNames.HOST,
        uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort());
    asked.headers().forEach(headers::set);
    headers
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, UpgradeRequest.VERSION)
        .set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key);
    if (!asked.subprotocols().isEmpty()) {
      headers.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, String.join(", ", asked.subprotocols()));
    }
    return request;
  }

  private void answered(HttpResponse response) {
    HttpHeaders headers = response.headers();
    int status = response.status().code();
    if (status >= 100 && status < 200 && status != 101) {
      return; // the real answer follows
    }
    if (status != 101) {
      attempt.fail(
          status,
          attempt.target() + " refused the upgrade with status " + status,
          RetryAfter.parse(headers.get(HttpHeaderNames.RETRY_AFTER)));
      return;
    }
    String subprotocol = headers.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    boolean good =
        headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
            && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
            && AcceptKey.of(key).equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT))
            && !headers.contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)
            && (subprotocol == null || attempt.request().subprotocols().contains(subprotocol));
    if (good) {
      agreed = headers;
    } else {
      attempt.fail(status, attempt.target() + " answered with a bad WebSocket handshake", null);
    }
  }
}
