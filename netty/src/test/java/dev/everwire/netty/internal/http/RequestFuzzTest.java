package dev.everwire.netty.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Any bytes: read the same whole and one at a time, within the bounds, and what is accepted is the
 * same requests to Netty's reader, which is the more lenient one.
 */
class RequestFuzzTest {
  private record Request(
      String method, RequestTarget target, Map<String, String> headers, String body) {}

  @FuzzTest(maxDuration = "5m")
  void twoReadersComeToTheSameRequests(byte[] bytes) {
    assertThat(Sentences.byteByByte(bytes)).isEqualTo(Sentences.whole(bytes));
    List<Request> ours = ours(bytes);
    if (!ours.isEmpty()) {
      List<Request> theirs = theirs(bytes, ours.size());
      assertThat(theirs).isEqualTo(ours);
    }
  }

  /** The whole requests up to the first refusal. */
  private static List<Request> ours(byte[] bytes) {
    List<Request> requests = new ArrayList<>();
    var reader = new RequestReader();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    RequestHead head = null;
    while (in.hasRemaining()) {
      switch (reader.read(in)) {
        case Step.More more -> {}
        case Step.Refusal refusal -> {
          return requests;
        }
        case RequestHead next -> {
          assertThat(next.fields().count()).isBetween(1, RequestReader.MAX_HEADERS);
          head = next;
          if (!next.hasBody()) {
            requests.add(request(next, ""));
          }
        }
        case Step.Body(byte[] body) -> {
          assertThat(body.length).isLessThanOrEqualTo(BodyReader.MAX_BYTES);
          requests.add(request(head, new String(body, ISO_8859_1)));
        }
      }
    }
    return requests;
  }

  private static Request request(RequestHead head, String body) {
    return new Request(head.method(), head.target(), head.fields().firstValues(), body);
  }

  private static List<Request> theirs(byte[] bytes, int count) {
    var channel =
        new EmbeddedChannel(
            new HttpRequestDecoder(
                new HttpDecoderConfig()
                    .setMaxInitialLineLength(RequestReader.MAX_HEAD_BYTES)
                    .setMaxHeaderSize(RequestReader.MAX_HEAD_BYTES)));
    List<Request> requests = new ArrayList<>();
    channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    HttpRequest head = null;
    var body = new StringBuilder();
    for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
      if (next instanceof HttpRequest request) {
        head = request;
        body.setLength(0);
      }
      if (next instanceof HttpContent content) {
        body.append(content.content().toString(ISO_8859_1));
      }
      if (next instanceof LastHttpContent && head != null && requests.size() < count) {
        assertThat(head.decoderResult().isSuccess()).isTrue();
        requests.add(request(head, body.toString()));
      }
      ReferenceCountUtil.release(next);
    }
    channel.finishAndReleaseAll();
    return requests;
  }

  private static Request request(HttpRequest request, String body) {
    RequestTarget target = RequestTarget.parse(request.method().name(), request.uri());
    Map<String, String> headers = new HashMap<>();
    request
        .headers()
        .forEach(header ->
            headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    if (target != null && target.authority() != null) {
      headers.put("host", target.authority());
    }
    return new Request(request.method().name(), target, headers, body);
  }
}
