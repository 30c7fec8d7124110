package dev.everwire.netty;

import dev.everwire.session.transport.Receiver;
import java.nio.ByteBuffer;

/** Stands where a receiver is not yet, or no more. */
enum Nobody implements Receiver {
  LISTENS;

  @Override
  public void onText(ByteBuffer utf8) {}

  @Override
  public void onBinary(ByteBuffer bytes) {}

  @Override
  public void onClosed(int code, String reason) {}
}
