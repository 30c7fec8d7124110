package dev.everwire.netty.internal.connection;

import dev.everwire.session.transport.Receiver;
import java.nio.ByteBuffer;

/** Stands where a receiver is not yet, or no more. */
public enum Nobody implements Receiver {
  LISTENS;

  @Override
  public void onText(ByteBuffer utf8) {}

  @Override
  public void onBinary(ByteBuffer bytes) {}

  @Override
  public void onClosed(int code, String reason) {}
}
