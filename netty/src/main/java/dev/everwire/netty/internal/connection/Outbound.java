package dev.everwire.netty.internal.connection;

import dev.everwire.netty.internal.frame.FrameWriter;
import dev.everwire.netty.internal.frame.Opcode;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.TransportLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection still has to send: bounded, counted, and handed to the socket once per pass.
 * Small frames of one pass are joined in one buffer; a shared message goes as a slice of the buffer
 * that all connections share. On the connection's loop only.
 */
final class Outbound {
  /** A joined buffer of this size goes to the channel; longer frames get a buffer of their own. */
  private static final int JOIN_BYTES = 64 * 1024;

  /** A shared message up to this length is copied: cheaper than an entry of its own. */
  private static final int COPY_BYTES = 2 * 1024;

  private static final int MUCH_BYTES = 32 * 1024;

  /** Key of the frame that all servers' connections share which do not compress it. */
  private static final Object PLAIN = SharedFrame.class;

  private final Channel channel;
  private final NettyLoop loop;
  private final TransportLimits limits;
  private final FrameWriter frames;
  private final @Nullable Compressor compressor;
  private final boolean encrypted;
  private final Runnable drained;

  private @Nullable ByteBuf joined; // not yet with the channel
  private int joinedMessages;
  private int lastPassBytes; // what the joined buffer came to last time
  private int awaited; // writes whose end will be told
  private boolean unflushed;
  private int unflushedBytes;
  private long queuedBytes;
  private int queuedMessages;

  /**
   * @param drained called when something left
   */
  Outbound(Channel channel, NettyLoop loop, ConnectionSpec spec, Runnable drained) {
    this.channel = channel;
    this.loop = loop;
    this.limits = spec.limits();
    this.encrypted = spec.encrypted();
    this.frames =
        spec.server() ? FrameWriter.SERVER : loop.part(FrameWriter.class, FrameWriter::client);
    this.compressor = Compressor.of(spec.deflate(), channel.alloc(), loop);
    this.drained = drained;
  }

  Offer send(Encoded message) {
    byte[] payload = message.payload();
    int opcode = message.isText() ? Opcode.TEXT : Opcode.BINARY;
    boolean compress = compressor != null && compressor.wants(payload.length);
    if (compress && frames.masking()) {
      return send(opcode, ByteBuffer.wrap(payload));
    }
    int length = frames.length(payload.length);
    if (!admits(length)) {
      return Offer.FULL;
    }
    if (compressor != null && compress) {
      append(compressor.share(message).bytes());
    } else if (frames.masking() || length <= COPY_BYTES) {
      frames.write(room(length), opcode, payload);
      joinedMessages++;
    } else {
      append(message.variant(PLAIN, SharedFrame.class, this::framed).bytes());
    }
    queuedMessages++;
    return Offer.QUEUED;
  }

  Offer send(int opcode, ByteBuffer payload) {
    int length = frames.length(payload.remaining());
    if (!admits(length)) {
      return Offer.FULL;
    }
    ByteBuf compressed =
        compressor != null && compressor.wants(payload.remaining())
            ? compressor.compress(payload)
            : null;
    if (compressed == null) {
      frames.write(room(length), opcode, payload);
    } else {
      try {
        ByteBuf room = room(frames.length(compressed.readableBytes()));
        frames.write(room, opcode | FrameWriter.COMPRESSED, compressed);
      } finally {
        compressed.release();
      }
    }
    joinedMessages++;
    queuedMessages++;
    return Offer.QUEUED;
  }

  /** Queues a ping or a pong, which is not counted as a message. */
  void control(int opcode, ByteBuffer payload) {
    frames.write(room(frames.length(payload.remaining())), opcode, payload);
  }

  /** Queues a Close frame behind everything else and says when it left or was lost. */
  void close(ByteBuffer payload, Runnable left) {
    handOver();
    int length = frames.length(payload.remaining());
    ByteBuf frame = channel.alloc().directBuffer(length);
    frames.write(frame, Opcode.CLOSE, payload);
    queuedBytes += length;
    unflushed = true;
    awaited++;
    channel
        .write(frame)
        .addListener(future -> {
          awaited--;
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

  /** Flushes if so much waits for it that it had better leave while it is in the cache. */
  void flushIfMuch() {
    if (unflushedBytes >= MUCH_BYTES) {
      flush();
    }
  }

  void flush() {
    if (!unflushed) {
      return;
    }
    unflushed = false;
    unflushedBytes = 0;
    loop.countFlush();
    if (awaited == 0 && !encrypted) {
      flushAlone();
    } else {
      handOver();
      channel.flush();
    }
  }

  /** Everything is in the joined buffer: whether it left can be seen without asking to be told. */
  private void flushAlone() {
    ByteBuf buffer = joined;
    int bytes = joinedBytes();
    int messages = joinedMessages;
    if (buffer != null) {
      forgetJoined();
      channel.write(buffer, channel.voidPromise());
    }
    channel.flush();
    if (bytes == 0) {
      return;
    }
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    if (waiting == null || waiting.isEmpty()) {
      left(bytes, messages);
    } else { // told by an empty write behind it
      write(Unpooled.EMPTY_BUFFER, bytes, messages);
      channel.flush();
    }
  }

  boolean aboveHalf() {
    return queuedBytes() > limits.maxQueuedBytes() / 2
        || queuedMessages > limits.maxQueuedMessages() / 2;
  }

  /** Long enough to tell. */
  boolean isLong() {
    return queuedBytes() > limits.longQueueBytes()
        || queuedMessages > limits.maxQueuedMessages() / 2;
  }

  /** Short enough to tell that it is so again. */
  boolean isShort() {
    return queuedBytes() <= limits.longQueueBytes() / 2
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

  /** Frees what never reached the channel, and what compressing took. */
  void release() {
    ByteBuf buffer = joined;
    if (buffer != null) {
      queuedBytes -= buffer.readableBytes();
      queuedMessages -= joinedMessages;
      forgetJoined();
      buffer.release();
    }
    if (compressor != null) {
      compressor.release();
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

  /** Where the next frame goes, which is counted as queued. */
  private ByteBuf room(int length) {
    ByteBuf buffer = joined;
    if (buffer != null && buffer.readableBytes() + length > JOIN_BYTES) {
      handOver();
      buffer = null;
    }
    if (buffer == null) {
      buffer = channel.alloc().directBuffer(Math.max(length, lastPassBytes));
      joined = buffer;
    }
    queuedBytes += length;
    unflushedBytes += length;
    unflushed = true;
    return buffer;
  }

  /** A frame that others send too. */
  private void append(ByteBuf frame) {
    int length = frame.readableBytes();
    if (length <= COPY_BYTES) {
      room(length).writeBytes(frame, frame.readerIndex(), length);
      joinedMessages++;
    } else {
      handOver();
      queuedBytes += length;
      unflushedBytes += length;
      unflushed = true;
      write(frame.retainedDuplicate(), length, 1);
    }
  }

  private int joinedBytes() {
    return joined == null ? 0 : joined.readableBytes();
  }

  private void forgetJoined() {
    lastPassBytes = Math.min(joinedBytes(), JOIN_BYTES);
    joined = null;
    joinedMessages = 0;
  }

  private void handOver() {
    ByteBuf buffer = joined;
    if (buffer != null) {
      int messages = joinedMessages;
      forgetJoined();
      write(buffer, buffer.readableBytes(), messages);
    }
  }

  /** Gives something to the channel that stands for so much of the queue. */
  private void write(ByteBuf buffer, int bytes, int messages) {
    awaited++;
    channel
        .write(buffer)
        .addListener(future -> {
          awaited--;
          left(bytes, messages);
        });
  }

  private void left(int bytes, int messages) {
    queuedBytes -= bytes;
    queuedMessages -= messages;
    drained.run();
  }

  private SharedFrame framed(Encoded message) {
    byte[] payload = message.payload();
    ByteBuf frame = channel.alloc().directBuffer(frames.length(payload.length));
    frames.write(frame, message.isText() ? Opcode.TEXT : Opcode.BINARY, payload);
    return new SharedFrame(frame, false);
  }
}
