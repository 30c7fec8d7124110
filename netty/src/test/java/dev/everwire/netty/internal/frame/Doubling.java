package dev.everwire.netty.internal.frame;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Stands for a decompressor: each byte means itself twice, EE is not valid, the end says "!". */
final class Doubling implements Inflation {
  @Override
  public Outcome inflate(ByteBuffer piece, ByteBuf out, int limit) {
    while (piece.hasRemaining()) {
      byte b = piece.get();
      if (b == (byte) 0xEE) {
        return Outcome.CORRUPT;
      }
      if (out.readableBytes() + 2 > limit) {
        return Outcome.TOO_LARGE;
      }
      out.writeByte(b).writeByte(b);
    }
    return Outcome.OK;
  }

  @Override
  public Outcome finish(ByteBuf out, int limit) {
    if (out.readableBytes() + 1 > limit) {
      return Outcome.TOO_LARGE;
    }
    out.writeByte('!');
    return Outcome.OK;
  }

  @Override
  public void release() {}
}
