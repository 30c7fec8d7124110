package dev.everwire.netty.internal.dial;

import dev.everwire.netty.internal.deflate.DeflateTerms;
import dev.everwire.netty.internal.deflate.Negotiation;
import dev.everwire.netty.internal.http.AcceptKey;
import dev.everwire.netty.internal.http.UpgradeRequest;
import dev.everwire.netty.options.Compression;
import dev.everwire.session.transport.Dialer;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request for a WebSocket and what its answer means (RFC 6455 section 4.1). Decides only. */
final class UpgradeOffer {
  static final int MAX_HEADERS = 100;

  private static final Set<String> OURS =
      Set.of(
          "upgrade",
          "connection",
          "content-length",
          "transfer-encoding",
          "te",
          "trailer",
          "expect");
  private static final String OUR_PREFIX = "sec-websocket-";
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:\\d{1,5})?");

  /** What the answer means. */
  sealed interface Verdict {}

  record Agreed(@Nullable String subprotocol, @Nullable DeflateTerms deflate) implements Verdict {}

  /** Another answer follows. */
  record Interim() implements Verdict {}

  /**
   * @param what completes a sentence that begins with the server's address
   */
  record Failed(int status, String what, @Nullable Duration retryAfter) implements Verdict {}

  private final Target target;
  private final Dialer.Request asked;
  private final String key;
  private final @Nullable Compression compression;

  UpgradeOffer(Target target, Dialer.Request asked, String key, @Nullable Compression compression) {
    this.target = target;
    this.asked = asked;
    this.key = key;
    this.compression = compression;
  }

  /**
   * @throws IllegalArgumentException with one sentence that names the header that cannot be sent
   */
  DefaultFullHttpRequest request() {
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, target.resource(), Unpooled.EMPTY_BUFFER);
    HttpHeaders headers = request.headers();
    headers.set(HttpHeaderNames.HOST, target.authority());
    asked.headers().forEach((name, value) -> set(headers, name, value));
    headers
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, UpgradeRequest.VERSION)
        .set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key);
    if (!asked.subprotocols().isEmpty()) {
      headers.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, String.join(", ", asked.subprotocols()));
    }
    if (compression != null) {
      headers.set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, Negotiation.offer(compression));
    }
    return request;
  }

  Verdict judge(HttpResponse response) {
    HttpHeaders headers = response.headers();
    int status = response.status().code();
    if (!response.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      return new Failed(status, "did not answer with HTTP/1.1", null);
    }
    if (headers.size() > MAX_HEADERS) {
      return new Failed(status, "answered with more than " + MAX_HEADERS + " headers", null);
    }
    if (status == 101) {
      return upgrade(headers);
    }
    if (status < 200) {
      return new Interim();
    }
    return new Failed(
        status,
        "refused the upgrade with status "
            + status
            + (status >= 300 && status < 400 ? " (redirects are not followed)" : ""),
        RetryAfter.parse(headers.get(HttpHeaderNames.RETRY_AFTER)));
  }

  private Verdict upgrade(HttpHeaders headers) {
    List<String> upgrade = headers.getAll(HttpHeaderNames.UPGRADE);
    if (upgrade.size() != 1 || !upgrade.getFirst().strip().equalsIgnoreCase("websocket")) {
      return bad("no Upgrade to websocket");
    }
    if (!headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
      return bad("no Connection: Upgrade");
    }
    List<String> accept = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
    if (accept.size() != 1 || !accept.getFirst().strip().equals(AcceptKey.of(key))) {
      return bad(
          accept.size() > 1 ? "repeated Sec-WebSocket-Accept" : "wrong Sec-WebSocket-Accept");
    }
    List<String> protocol = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    if (protocol.size() > 1) {
      return bad("repeated Sec-WebSocket-Protocol");
    }
    String selected = protocol.isEmpty() ? null : protocol.getFirst().strip();
    if (selected != null && !asked.subprotocols().contains(selected)) {
      return bad("a subprotocol that was not offered");
    }
    return switch (Negotiation.accept(
        compression, headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS))) {
      case Negotiation.Plain plain -> new Agreed(selected, null);
      case Negotiation.Compressed(DeflateTerms terms) -> new Agreed(selected, terms);
      case Negotiation.Refused(String why) -> bad(why);
    };
  }

  private static Failed bad(String why) {
    return new Failed(101, "answered with a bad WebSocket handshake: " + why, null);
  }

  private static void set(HttpHeaders headers, String name, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (OURS.contains(lower) || lower.startsWith(OUR_PREFIX)) {
      throw new IllegalArgumentException(
          "header " + lower + " belongs to the handshake and cannot be given");
    }
    if (lower.equals("host") && !HOST.matcher(value).matches()) {
      throw new IllegalArgumentException("header host is not valid (expected: host or host:port)");
    }
    try {
      headers.set(name, value);
    } catch (IllegalArgumentException e) {
      // neither name nor value: the one is no name, the other may be a secret
      throw new IllegalArgumentException("a header of the request is not valid", e);
    }
  }
}
