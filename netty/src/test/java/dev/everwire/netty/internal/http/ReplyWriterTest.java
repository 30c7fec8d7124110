package dev.everwire.netty.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.netty.Buffers;
import dev.everwire.session.transport.HttpReply;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyWriterTest {
  private static final String DATE =
      "date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT";

  private final Buffers buffers = new Buffers();

  @AfterEach
  void nothingIsLeft() {
    buffers.assertAllFreed();
  }

  @Test
  void aReplyIsWrittenAsHttp() {
    assertThat(written(HttpReply.text(200, "hé"), false, true))
        .isEqualTo(
            "HTTP/1.1 200 OK|content-type: text/plain; charset=utf-8|content-length: 3|DATE|"
                + "connection: keep-alive||hÃ©");
    assertThat(written(new HttpReply(404, Map.of(), new byte[0]), false, false))
        .isEqualTo("HTTP/1.1 404 Not Found|content-length: 0|DATE|connection: close||");
  }

  @Test
  void headGetsTheLengthOnly() {
    assertThat(written(new HttpReply(200, Map.of(), new byte[7]), true, true))
        .isEqualTo("HTTP/1.1 200 OK|content-length: 7|DATE|connection: keep-alive||");
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
        .isEqualTo("HTTP/1.1 200 OK|content-length: 0|DATE|connection: keep-alive||");
  }

  @Test
  void anUpgradeThatIsAskedForIsNamedInConnection() {
    assertThat(
            written(new HttpReply(426, Map.of("Upgrade", "websocket"), new byte[0]), false, false))
        .isEqualTo(
            "HTTP/1.1 426 Upgrade Required|Upgrade: websocket|content-length: 0|DATE|"
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

  private String written(HttpReply reply, boolean toHead, boolean keepAlive) {
    return text(ReplyWriter.reply(buffers.allocator(), reply, toHead, keepAlive))
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
