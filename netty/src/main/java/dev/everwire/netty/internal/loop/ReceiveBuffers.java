package dev.everwire.netty.internal.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where one channel's bytes are read to, and how much of them in one go. Small buffers of its own
 * at first; once its owner says so, the loop's buffer, which all channels share, or what the owner
 * names. On the loop only.
 */
public final class ReceiveBuffers
    implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {
  private static final int SMALL_BYTES = 2048;
  private static final int LARGE_BYTES = 64 * 1024;

  /** After so much, the loop's other channels come first. */
  private static final int BYTES_PER_TURN = 256 * 1024;

  /** Knows better where to read to. */
  public interface Owner {
    /** A buffer with room, retained for the reader, or null. */
    @Nullable ByteBuf target();
  }

  private final NettyLoop loop;
  private @Nullable Owner owner;
  private @Nullable ChannelConfig config;
  private int guess = SMALL_BYTES;
  private int attempted;
  private int last;
  private int total;

  ReceiveBuffers(NettyLoop loop) {
    this.loop = loop;
  }

  /** From now on reads go to the loop's buffer, which nobody keeps, or where this owner says. */
  public void share(Owner owner) {
    this.owner = owner;
  }

  @Override
  public ExtendedHandle newHandle() {
    return this;
  }

  @Override
  public ByteBuf allocate(ByteBufAllocator alloc) {
    if (owner == null) {
      return alloc.ioBuffer(guess);
    }
    ByteBuf target = owner.target();
    return target == null ? loop.sharedRead().lend() : target;
  }

  @Override
  public int guess() {
    return owner == null ? guess : SharedRead.BYTES;
  }

  @Override
  public void reset(ChannelConfig config) {
    this.config = config;
    total = 0;
  }

  @Override
  public void incMessagesRead(int reads) {}

  @Override
  public void lastBytesRead(int bytes) {
    last = bytes;
    if (bytes > 0) {
      total += bytes;
    }
    if (bytes == attempted && guess < LARGE_BYTES) {
      guess *= 2;
    }
  }

  @Override
  public int lastBytesRead() {
    return last;
  }

  @Override
  public void attemptedBytesRead(int bytes) {
    attempted = bytes;
  }

  @Override
  public int attemptedBytesRead() {
    return attempted;
  }

  @Override
  public boolean continueReading() {
    return mayContinue() && last == attempted;
  }

  @Override
  public boolean continueReading(UncheckedBooleanSupplier more) {
    return mayContinue() && more.get();
  }

  @Override
  public void readComplete() {
    if (total < guess / 4 && guess > SMALL_BYTES) {
      guess /= 2;
    }
  }

  private boolean mayContinue() {
    return config != null && config.isAutoRead() && total > 0 && total < BYTES_PER_TURN;
  }
}
