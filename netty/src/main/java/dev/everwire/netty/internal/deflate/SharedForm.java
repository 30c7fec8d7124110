package dev.everwire.netty.internal.deflate;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * How a message is compressed that refers to nothing before it. Connections with equal forms take
 * the same bytes, so this is the key under which they share them. One with context takeover has to
 * {@link MessageDeflater#forget()} once it took them.
 *
 * @param level of zlib, 1 to 9
 * @param windowBits 8 to 15
 */
public record SharedForm(int level, int windowBits) {

  /**
   * Appends the compressed form of one whole message, which is consumed.
   *
   * @param deflaters of the calling loop
   * @param out in one piece of memory
   */
  public void deflate(ByteBuffer payload, ByteBuf out, Deflaters deflaters) {
    var deflater = deflaters.borrowDeflater(level);
    try {
      if (windowBits == Deflating.FULL_WINDOW) {
        Deflating.message(deflater, payload, out);
      } else {
        Deflating.messageInSegments(deflater, null, windowBits, payload, out);
      }
    } finally {
      deflaters.giveBack(deflater, level);
    }
  }
}
