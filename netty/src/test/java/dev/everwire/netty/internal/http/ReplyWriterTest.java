package dev.everwire.netty.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.netty.Buffers;
import dev.everwire.session.transport.HttpReply;
import io.netty.buffer.ByteBuf;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyWriterTest {
  private static final String DATE =
      "date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT";

  private static final String SAFE =
      "cache-control: no-store|content-security-policy: default-src 'none'; frame-ancestors 'none'|"
          + "cross-origin-resource-policy: same-origin|referrer-policy: no-referrer|"
          + "x-content-type-options: nosniff|x-frame-options: DENY";

  private final Buffers buffers = new Buffers();

  @AfterEach
  void nothingIsLeft() {
    buffers.assertAllFreed();
  }

  @Test
  void aReplyIsWrittenAsHttp() {
    assertThat(written(HttpReply.text(200, "hé"), false, true))
        .isEqualTo(
            "HTTP/1.1 200 OK|content-type: text/plain; charset=utf-8|SAFE|content-length: 3|DATE|"
                + "connection: keep-alive||hÃ©");
    assertThat(written(new HttpReply(404, Map.of(), new byte[0]), false, false))
        .isEqualTo("HTTP/1.1 404 Not Found|SAFE|content-length: 0|DATE|connection: close||");
  }

  @Test
  void headGetsTheLengthOnly() {
    assertThat(written(new HttpReply(200, Map.of(), new byte[7]), true, true))
        .isEqualTo("HTTP/1.1 200 OK|SAFE|content-length: 7|DATE|connection: keep-alive||");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void someHaveNoBodyAtAll(int status) {
    assertThat(written(new HttpReply(status, Map.of(), new byte[7]), false, true))
        .endsWith("|DATE|connection: keep-alive||")
        .doesNotContain("content-length");
  }

  @Test
  void theWritersOwnHeadersAreNotTaken() {
    Map<String, String> own =
        Map.of(
            "Content-Length", "99",
            "Transfer-Encoding", "chunked",
            "Connection", "x",
            "Date", "yesterday");
    assertThat(written(new HttpReply(200, own, new byte[0]), false, true))
        .isEqualTo("HTTP/1.1 200 OK|SAFE|content-length: 0|DATE|connection: keep-alive||");
  }

  @Test
  void anUpgradeThatIsAskedForIsNamedInConnection() {
    assertThat(
            written(new HttpReply(426, Map.of("Upgrade", "websocket"), new byte[0]), false, false))
        .isEqualTo(
            "HTTP/1.1 426 Upgrade Required|Upgrade: websocket|SAFE|content-length: 0|DATE|"
                + "connection: close, upgrade||");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "a\0b", "a\u007fb", "a\u001bb", "\u20ac"})
  void aValueThatHeadersCannotHaveIsRefused(String value) {
    assertThatThrownBy(
            () -> written(new HttpReply(200, Map.of("x", value), new byte[0]), false, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("x: a character that headers cannot have");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "a\r", "é"})
  void aNameThatIsNoTokenIsRefused(String name) {
    assertThatThrownBy(
            () -> written(new HttpReply(200, Map.of(name, ""), new byte[0]), false, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("header name: not a token");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 99, 101, 199, 600})
  void aStatusThatIsNoAnswerIsRefused(int status) {
    assertThatThrownBy(() -> written(new HttpReply(status, Map.of(), new byte[0]), false, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("status: " + status + " (expected: 200-599)");
  }

  @Test
  void anUpgradeIsAnsweredWithWhatWasChosen() {
    assertThat(
            text(
                ReplyWriter.switching(
                    buffers.allocator(), "dGhlIHNhbXBsZSBub25jZQ==", "chat", "permessage-deflate")))
        .isEqualTo(
            "HTTP/1.1 101 Switching Protocols|Upgrade: websocket|Connection: Upgrade|"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=|Sec-WebSocket-Protocol: chat|"
                + "Sec-WebSocket-Extensions: permessage-deflate||");
  }

  @Test
  void whatAnAnswerSaysItselfIsSaidOnce() {
    Map<String, String> own =
        Map.of(
            "Content-Security-Policy", "default-src 'self'",
            "CACHE-CONTROL", "max-age=60",
            "X-Frame-Options", "SAMEORIGIN",
            "cross-origin-resource-policy", "cross-origin",
            "referrer-policy", "origin",
            "Strict-Transport-Security", "max-age=1");
    for (Map.Entry<String, String> one : own.entrySet()) {
      String name = one.getKey().toLowerCase(Locale.ROOT);
      String text =
          written(new HttpReply(200, Map.of(one.getKey(), one.getValue()), new byte[0]), 9);
      assertThat(text).contains(one.getKey() + ": " + one.getValue());
      assertThat(text.toLowerCase(Locale.ROOT).split(name + ": ", -1)).as(name).hasSize(2);
    }
    assertThat(written(new HttpReply(200, own, new byte[0]), 9))
        .contains("x-content-type-options: nosniff")
        .doesNotContain("none", "no-store", "DENY", "max-age=9");
  }

  @Test
  void anAnswerThatNothingHasChangedSaysNothingElse() {
    assertThat(written(new HttpReply(304, Map.of("etag", "a"), new byte[0]), 9))
        .isEqualTo("HTTP/1.1 304 Not Modified|etag: a|DATE|connection: keep-alive||");
  }

  @Test
  void tlsIsAskedForWhereItIsSaidForHowLong() {
    HttpReply reply = new HttpReply(200, Map.of(), new byte[0]);
    assertThat(written(reply, 31_536_000))
        .contains("|strict-transport-security: max-age=31536000|");
    assertThat(written(reply, 0)).doesNotContain("strict-transport-security");
  }

  private String written(HttpReply reply, boolean toHead, boolean keepAlive) {
    return text(ReplyWriter.reply(buffers.allocator(), reply, toHead, keepAlive, 0))
        .replaceFirst(DATE, "DATE")
        .replace(SAFE, "SAFE");
  }

  private String written(HttpReply reply, long strictSeconds) {
    return text(ReplyWriter.reply(buffers.allocator(), reply, false, true, strictSeconds))
        .replaceFirst(DATE, "DATE");
  }

  private static String text(ByteBuf bytes) {
    try {
      return bytes.toString(ISO_8859_1).replace("\r\n", "|");
    } finally {
      bytes.release();
    }
  }
}
