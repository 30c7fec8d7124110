package dev.everwire.netty.internal.connection;

import dev.everwire.netty.internal.frame.Breach;
import dev.everwire.netty.internal.frame.FrameReader;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.netty.internal.loop.ReceiveBuffers;
import dev.everwire.netty.internal.loop.SharedRead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The way of a connection's bytes from the socket to its frame reader. What may not be read yet is
 * held, and meanwhile no more is taken from the socket: at most one turn's worth. On the
 * connection's loop only.
 */
final class Inbound implements ReceiveBuffers.Owner {

  /** Takes what was read, says whether to go on, and is told when that is impossible. */
  interface Gate extends FrameReader.Sink {
    void broken(Breach breach);
  }

  private final Channel channel;
  private final NettyLoop loop;
  private final FrameReader reader;
  private final Gate gate;
  private final boolean encrypted;

  private @Nullable ByteBuf held; // read, and not yet given to the reader
  private boolean resuming;
  private boolean ended;

  Inbound(Channel channel, NettyLoop loop, ConnectionSpec spec, Gate gate) {
    this.channel = channel;
    this.loop = loop;
    this.gate = gate;
    this.encrypted = spec.encrypted();
    this.reader =
        new FrameReader(
            spec.server(),
            spec.limits().maxMessageBytes(),
            channel.alloc(),
            Inflating.of(spec.deflate(), loop),
            gate);
  }

  /** No buffer of its own from now on, unless TLS stands in between and keeps what it was given. */
  void start() {
    if (!encrypted && channel.config().getRecvByteBufAllocator() instanceof ReceiveBuffers reads) {
      reads.share(this);
    }
  }

  void limitMessages(int maxBytes) {
    reader.limitMessages(maxBytes);
  }

  /** Messages are of no interest any more. */
  void discard() {
    reader.discard();
  }

  @Override
  public @Nullable ByteBuf target() {
    return held == null && !ended && !gate.paused() ? reader.target() : null;
  }

  /** Bytes came. The caller keeps its reference. */
  void take(ByteBuf bytes) {
    if (ended) {
      return;
    }
    if (reader.isTarget(bytes)) {
      check(reader.readTarget());
    } else if (held != null || gate.paused()) {
      hold(bytes);
    } else {
      read(bytes);
      if (bytes.isReadable() && !ended) {
        hold(bytes);
      }
    }
  }

  /** The gate opened: what is held comes first, in a pass of its own, then the socket. */
  void resume() {
    if (held == null) {
      channel.config().setAutoRead(true);
    } else if (!resuming) {
      resuming = true;
      loop.execute(this::readHeld);
    }
  }

  /** The gate closed. */
  void pause() {
    channel.config().setAutoRead(false);
  }

  /** Nothing more will come: reads what is held, whatever the gate says. */
  void finish() {
    ByteBuf bytes = held;
    if (bytes != null && !ended) {
      bytes.retain(); // the connection may end inside
      while (!ended && bytes.isReadable()) {
        read(bytes);
      }
      bytes.release();
    }
    release();
  }

  /** Drops what is held and what still comes. */
  void release() {
    if (ended) {
      return;
    }
    ended = true;
    reader.release();
    ByteBuf bytes = held;
    held = null;
    if (bytes != null) {
      bytes.release();
    }
  }

  private void readHeld() {
    resuming = false;
    ByteBuf bytes = held;
    if (bytes == null || ended || gate.paused()) {
      return;
    }
    bytes.retain(); // the connection may end inside
    try {
      read(bytes);
      if (!ended && !bytes.isReadable()) {
        held = null;
        bytes.release();
      }
    } catch (RuntimeException | Error e) { // nobody above is told
      channel.pipeline().fireExceptionCaught(e);
    } finally {
      bytes.release();
    }
    if (!ended && held == null && !gate.paused()) {
      channel.config().setAutoRead(true);
    }
  }

  private void hold(ByteBuf bytes) {
    channel.config().setAutoRead(false);
    if (held == null) {
      held = channel.alloc().directBuffer(bytes.readableBytes());
    }
    held.writeBytes(bytes);
  }

  private void read(ByteBuf bytes) {
    SharedRead shared = loop.sharedRead();
    int from = bytes.readerIndex();
    int to = bytes.writerIndex();
    ByteBuffer in;
    if (shared.is(bytes)) {
      in = shared.bytes().limit(to).position(from);
      check(reader.read(in, shared.view()));
      bytes.readerIndex(in.position());
    } else if (bytes.nioBufferCount() == 1 && !bytes.isReadOnly()) {
      in = bytes.nioBuffer(from, to - from);
      check(reader.read(in, in.duplicate()));
      bytes.readerIndex(from + in.position());
    } else {
      ByteBuf copy = bytes.alloc().directBuffer(to - from).writeBytes(bytes, from, to - from);
      try {
        in = copy.nioBuffer(0, to - from);
        check(reader.read(in, in.duplicate()));
        bytes.readerIndex(from + in.position());
      } finally {
        copy.release();
      }
    }
  }

  private void check(@Nullable Breach breach) {
    if (breach != null) {
      release();
      gate.broken(breach);
    }
  }
}
