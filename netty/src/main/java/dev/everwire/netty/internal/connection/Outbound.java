package dev.everwire.netty.internal.connection;

import dev.everwire.netty.internal.frame.Frames;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.TransportLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection still has to send: bounded, counted, and handed to the socket once per pass.
 * Small frames of one pass are joined in one buffer; a shared message goes as a slice of the buffer
 * that all connections share. On the connection's loop only.
 */
public final class Outbound {
  /** A joined buffer of this size goes to the channel; longer frames get a buffer of their own. */
  private static final int JOIN_BYTES = 64 * 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final Object FRAMED = Framed.class;

  /** A message with its frame header, for all connections of servers. */
  private record Framed(ByteBuf frame) implements Encoded.Variant {
    @Override
    public void free() {
      frame.release();
    }
  }

  private final Channel channel;
  private final NettyLoop loop;
  private final TransportLimits limits;
  private final Frames frames;
  private final boolean encrypted;
  private final Runnable drained;

  private @Nullable ByteBuf joined; // not yet with the channel
  private int joinedMessages;
  private boolean unflushed;
  private long queuedBytes;
  private int queuedMessages;
  private byte @Nullable [] latePong; // answers the latest ping that found the queue too full

  /**
   * @param encrypted whether TLS stands between here and the socket
   * @param drained called when something left
   */
  Outbound(
      Channel channel,
      NettyLoop loop,
      TransportLimits limits,
      Frames frames,
      boolean encrypted,
      Runnable drained) {
    this.channel = channel;
    this.loop = loop;
    this.limits = limits;
    this.frames = frames;
    this.encrypted = encrypted;
    this.drained = drained;
  }

  Offer send(Encoded message) {
    byte[] payload = message.payload();
    int opcode = message.isText() ? Frames.TEXT : Frames.BINARY;
    if (frames.masking()) {
      return send(opcode, ByteBuffer.wrap(payload));
    }
    if (!admits(frames.length(payload.length))) {
      return Offer.FULL;
    }
    ByteBuf frame = message.variant(FRAMED, Framed.class, this::framed).frame();
    handOver();
    queuedBytes += frame.readableBytes();
    queuedMessages++;
    write(frame.retainedDuplicate(), 1);
    return Offer.QUEUED;
  }

  Offer send(int opcode, ByteBuffer payload) {
    int length = frames.length(payload.remaining());
    if (!admits(length)) {
      return Offer.FULL;
    }
    append(opcode, payload, length);
    joinedMessages++;
    queuedMessages++;
    return Offer.QUEUED;
  }

  void ping() {
    append(Frames.PING, NOTHING, frames.length(0));
  }

  /** Answers a ping; only the latest one while the queue is more than half full. */
  void pong(ByteBuf payload) {
    if (aboveHalf()) {
      byte[] copy = new byte[payload.readableBytes()];
      payload.getBytes(payload.readerIndex(), copy);
      latePong = copy;
    } else {
      ByteBuffer bytes = payload.nioBuffer();
      append(Frames.PONG, bytes, frames.length(bytes.remaining()));
    }
  }

  /** Queues a Close frame behind everything else and says when it left or was lost. */
  void close(ByteBuffer payload, Runnable left) {
    handOver();
    int length = frames.length(payload.remaining());
    ByteBuf frame = channel.alloc().directBuffer(length);
    frames.write(frame, Frames.CLOSE, payload);
    queuedBytes += length;
    unflushed = true;
    channel
        .write(frame)
        .addListener(future -> {
          queuedBytes -= length;
          left.run();
        });
  }

  /** Something was written past this class. */
  void markUnflushed() {
    unflushed = true;
  }

  boolean unflushed() {
    return unflushed;
  }

  void flush() {
    if (unflushed) {
      handOver();
      unflushed = false;
      loop.countFlush();
      channel.flush();
    }
  }

  void answerLatePing() {
    byte[] payload = latePong;
    if (payload != null) {
      latePong = null;
      append(Frames.PONG, ByteBuffer.wrap(payload), frames.length(payload.length));
    }
  }

  boolean aboveHalf() {
    return queuedBytes() > limits.maxQueuedBytes() / 2
        || queuedMessages > limits.maxQueuedMessages() / 2;
  }

  boolean underQuarter() {
    return queuedBytes() <= limits.maxQueuedBytes() / 4
        && queuedMessages <= limits.maxQueuedMessages() / 4;
  }

  long queuedBytes() {
    if (encrypted) {
      return queuedBytes;
    }
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return waiting == null ? queuedBytes : queuedBytes - waiting.currentProgress();
  }

  int queuedMessages() {
    return queuedMessages;
  }

  /** Frees what never reached the channel. */
  void release() {
    if (joined != null) {
      queuedBytes -= joined.readableBytes();
      queuedMessages -= joinedMessages;
      joined.release();
      joined = null;
      joinedMessages = 0;
    }
  }

  private boolean admits(int length) {
    if (queuedMessages == 0) {
      return true;
    }
    if (unflushed && (aboveHalf() || queuedBytes() + length > limits.maxQueuedBytes() / 2)) {
      flush(); // a busy pass should not look like a slow reader
      if (queuedMessages == 0) {
        return true;
      }
    }
    return queuedBytes() + length <= limits.maxQueuedBytes()
        && queuedMessages < limits.maxQueuedMessages();
  }

  private void append(int opcode, ByteBuffer payload, int length) {
    ByteBuf buffer = joined;
    if (buffer != null && buffer.readableBytes() + length > JOIN_BYTES) {
      handOver();
      buffer = null;
    }
    if (buffer == null) {
      buffer = channel.alloc().directBuffer(length);
      joined = buffer;
    }
    frames.write(buffer, opcode, payload);
    queuedBytes += length;
    unflushed = true;
  }

  private void handOver() {
    ByteBuf buffer = joined;
    if (buffer != null) {
      int messages = joinedMessages;
      joined = null;
      joinedMessages = 0;
      write(buffer, messages);
    }
  }

  private void write(ByteBuf buffer, int messages) {
    int bytes = buffer.readableBytes();
    unflushed = true;
    channel
        .write(buffer)
        .addListener(future -> {
          queuedBytes -= bytes;
          queuedMessages -= messages;
          drained.run();
        });
  }

  private Framed framed(Encoded message) {
    ByteBuffer payload = ByteBuffer.wrap(message.payload());
    ByteBuf frame = channel.alloc().directBuffer(frames.length(payload.remaining()));
    frames.write(frame, message.isText() ? Frames.TEXT : Frames.BINARY, payload);
    return new Framed(frame);
  }
}
