package dev.everwire.netty.internal.connection;

import dev.everwire.session.transport.Encoded;
import io.netty.buffer.ByteBuf;

/**
 * A message in its frame, for all connections that can send it so.
 *
 * @param compressed whether its payload is
 */
record SharedFrame(ByteBuf bytes, boolean compressed) implements Encoded.Variant {
  @Override
  public void free() {
    bytes.release();
  }
}
