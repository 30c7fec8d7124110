package dev.everwire.session.transport;

import java.nio.ByteBuffer;

/**
 * Is told what a {@link Transport} brings, on its loop. Buffers are valid only until the method
 * returns; messages are whole (fragments are joined and bounded by the transport, text is checked
 * to be UTF-8).
 *
 * <p>What a method throws closes the connection with 1011 and is logged; other connections are not
 * touched.
 */
public interface Receiver {

  void onText(ByteBuffer utf8);

  void onBinary(ByteBuffer bytes);

  /**
   * The outbound queue became long (false): more than half of its bound in messages, or more than
   * {@link TransportLimits#longQueueBytes}. Or it came back under half of that (true). Told at the
   * end of a pass, never inside a send. A receiver that answers what it reads should stop reading
   * in between.
   */
  default void onWritable(boolean writable) {}

  /**
   * The end, exactly once and last.
   *
   * @param code of the Close frame; 1005 if it carried none, 1006 if there was none
   * @param reason of the Close frame, or a short note of ours
   */
  void onClosed(int code, String reason);
}
