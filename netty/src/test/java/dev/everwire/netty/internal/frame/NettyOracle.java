package dev.everwire.netty.internal.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A second opinion on frames: Netty's decoder for the frames, the JDK's for UTF-8. Says what {@link
 * Reading} says, but {@code breach} and a code alone.
 */
final class NettyOracle {
  private final List<String> told = new ArrayList<>();
  private final int maxMessageBytes;
  private ByteArrayOutputStream joined = new ByteArrayOutputStream();
  private boolean text;

  private NettyOracle(int maxMessageBytes) {
    this.maxMessageBytes = maxMessageBytes;
  }

  static List<String> read(boolean server, int maxMessageBytes, byte[] bytes) {
    var oracle = new NettyOracle(maxMessageBytes);
    var decoder =
        new WebSocket13FrameDecoder(
            WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(server)
                .maxFramePayloadLength(maxMessageBytes)
                .closeOnProtocolViolation(false)
                .withUTF8Validator(false)
                .build());
    var channel = new EmbeddedChannel(decoder);
    int breach = 0;
    try {
      channel.writeInbound(Unpooled.copiedBuffer(bytes));
    } catch (CorruptedWebSocketFrameException e) {
      breach = e.closeStatus().code();
    }
    for (Object frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
      try {
        oracle.take((WebSocketFrame) frame);
      } finally {
        ((WebSocketFrame) frame).release();
      }
    }
    if (breach != 0) {
      oracle.tell("breach " + breach);
    }
    channel.close();
    channel.releaseInbound();
    return oracle.told;
  }

  private void take(WebSocketFrame frame) {
    switch (frame) {
      case PingWebSocketFrame ping -> tell("ping " + hex(bytes(frame)));
      case PongWebSocketFrame pong -> tell("pong");
      case CloseWebSocketFrame close when close.statusCode() > 4999 -> tell("breach 1002");
      case CloseWebSocketFrame close when !isUtf8(reason(close), true) -> tell("breach 1007");
      case CloseWebSocketFrame close ->
          tell(
              "close "
                  + (close.statusCode() < 0 ? 1005 : close.statusCode())
                  + " "
                  + close.reasonText());
      default -> data(frame);
    }
  }

  private void data(WebSocketFrame frame) {
    if (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame) {
      text = frame instanceof TextWebSocketFrame;
      joined = new ByteArrayOutputStream();
    }
    if (joined.size() + frame.content().readableBytes() > maxMessageBytes) {
      tell("breach 1009");
      return;
    }
    joined.writeBytes(bytes(frame));
    byte[] whole = joined.toByteArray();
    if (text && !isUtf8(whole, frame.isFinalFragment())) {
      tell("breach 1007");
    } else if (frame.isFinalFragment()) {
      tell(text ? "text " + new String(whole, UTF_8) : "binary " + hex(whole));
    }
  }

  private void tell(String sentence) {
    if (told.isEmpty() || !told.getLast().startsWith("breach")) {
      told.add(sentence.strip());
    }
  }

  private static boolean isUtf8(byte[] bytes, boolean last) {
    CharsetDecoder decoder = UTF_8.newDecoder();
    var chars = CharBuffer.allocate(bytes.length + 1);
    return !decoder.decode(ByteBuffer.wrap(bytes), chars, last).isError();
  }

  /** Netty takes one that ends inside a character. */
  private static byte[] reason(CloseWebSocketFrame close) {
    byte[] bytes = bytes(close);
    return Arrays.copyOfRange(bytes, Math.min(2, bytes.length), bytes.length);
  }

  private static byte[] bytes(WebSocketFrame frame) {
    byte[] bytes = new byte[frame.content().readableBytes()];
    frame.content().getBytes(frame.content().readerIndex(), bytes);
    return bytes;
  }

  private static String hex(byte[] bytes) {
    return bytes.length > 64 ? bytes.length + " bytes" : HexFormat.of().formatHex(bytes);
  }
}
