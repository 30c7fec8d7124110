package dev.everwire.netty.internal.connection;

import dev.everwire.netty.internal.frame.Utf8Check;
import dev.everwire.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Makes whole messages of data frames, bounded and checked. Holds a buffer only in the middle of a
 * fragmented message. On the connection's loop only.
 */
public final class Inbound {

  /** Takes whole messages. */
  interface Sink {
    void text(ByteBuffer utf8);

    void binary(ByteBuffer bytes);

    void broken(CloseCode code, String reason);
  }

  private final int maxMessageBytes;
  private final Sink sink;
  private final Utf8Check utf8 = new Utf8Check();
  private @Nullable ByteBuf joined;
  private boolean text; // of the message under way

  Inbound(int maxMessageBytes, Sink sink) {
    this.maxMessageBytes = maxMessageBytes;
    this.sink = sink;
  }

  /** Takes a text, binary or continuation frame; the caller keeps its reference. */
  void accept(WebSocketFrame frame, ByteBufAllocator alloc) {
    if (frame instanceof TextWebSocketFrame) {
      text = true;
    } else if (frame instanceof BinaryWebSocketFrame) {
      text = false;
    }
    ByteBuf content = frame.content();
    if (text && !isUtf8(content.nioBuffer(), frame.isFinalFragment())) {
      release();
      notUtf8();
      return;
    }
    ByteBuf whole = joined;
    if (whole == null) {
      if (frame.isFinalFragment()) {
        deliver(content);
      } else {
        joined = alloc.buffer(content.readableBytes()).writeBytes(content);
      }
      return;
    }
    if (content.readableBytes() > maxMessageBytes - whole.readableBytes()) {
      release();
      tooLarge();
      return;
    }
    whole.writeBytes(content);
    if (frame.isFinalFragment()) {
      joined = null;
      try {
        deliver(whole);
      } finally {
        whole.release();
      }
    }
  }

  void release() {
    ByteBuf whole = joined;
    if (whole != null) {
      joined = null;
      whole.release();
    }
  }

  /** A frame was not even decoded. Its own words about that stay here. */
  void refused(CorruptedWebSocketFrameException breach) {
    int code = breach.closeStatus().code();
    if (code == CloseCode.TOO_LARGE.value()) {
      tooLarge();
    } else if (code == CloseCode.INVALID_TEXT.value()) {
      notUtf8();
    } else {
      sink.broken(CloseCode.PROTOCOL_ERROR, "not a valid frame");
    }
  }

  private void tooLarge() {
    sink.broken(CloseCode.TOO_LARGE, "message longer than " + maxMessageBytes + " bytes");
  }

  private void notUtf8() {
    sink.broken(CloseCode.INVALID_TEXT, "text is not UTF-8");
  }

  private boolean isUtf8(ByteBuffer piece, boolean last) {
    boolean good = utf8.accept(piece) && (!last || utf8.complete());
    if (last || !good) {
      utf8.reset();
    }
    return good;
  }

  private void deliver(ByteBuf message) {
    ByteBuffer bytes = message.nioBuffer();
    if (text) {
      sink.text(bytes);
    } else {
      sink.binary(bytes);
    }
  }
}
