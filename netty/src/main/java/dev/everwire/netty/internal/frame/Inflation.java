package dev.everwire.netty.internal.frame;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Undoes the compression of one connection's messages, one message after the other. */
public interface Inflation {

  /** What came of a step. */
  enum Outcome {
    OK,
    /** The message is longer than allowed; no more of it was made. */
    TOO_LARGE,
    CORRUPT
  }

  /**
   * Appends what a piece of a message comes to.
   *
   * @param limit most bytes that {@code out} may then hold
   */
  Outcome inflate(ByteBuffer piece, ByteBuf out, int limit);

  /** The last piece was given: appends what is left. */
  Outcome finish(ByteBuf out, int limit);

  /** No more messages will come. */
  void release();
}
