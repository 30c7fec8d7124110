package dev.everwire.netty;

import io.netty.buffer.ByteBufAllocator;

/** Opens the option for tests that count buffers to those of other packages. */
public final class OnAllocator {
  private OnAllocator() {}

  public static NettyListener listener(NettyListener listener, ByteBufAllocator counting) {
    return listener.allocator(counting);
  }

  public static NettyDialer.Builder dialer(ByteBufAllocator counting) {
    return NettyDialer.builder().allocator(counting);
  }
}
