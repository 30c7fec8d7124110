package dev.everwire.netty.internal.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The data message under way: bounded, inflated, checked, joined, delivered. Holds a buffer only
 * while a message is there in part, and one not much larger than what came of it.
 */
final class MessageReader {
  /** A frame that misses at least so much may be read straight into the message. */
  private static final int DIRECT_BYTES = 32 * 1024;

  /** And only once so much of its message came: to announce a lot is cheap. */
  private static final int DIRECT_AFTER_BYTES = 16 * 1024;

  /** Memory may be so far ahead of what came, or as far as that again. */
  static final int AHEAD_BYTES = 4 * 1024;

  private static final int INFLATE_AT_FIRST = 1024;
  private static final int FREE_FRAGMENTS = 1024;
  private static final int BYTES_PER_FRAGMENT = 16;
  private static final int NO_TYPE = 0;

  private final int most; // as the connection was opened with
  private int maxMessageBytes;
  private final ByteBufAllocator alloc;
  private final @Nullable Inflation inflation;
  private final FrameReader.Sink sink;

  private int type = NO_TYPE; // the opcode, from the first frame of a message to its end
  private boolean compressed;
  private boolean discarding;
  private int fragments;
  private long announced; // payload bytes of all its frames so far, as sent
  private int utf8 = Utf8.BOUNDARY;
  private @Nullable ByteBuf joined;
  private @Nullable ByteBuf target; // the part of it that the next read goes to

  MessageReader(
      int maxMessageBytes,
      ByteBufAllocator alloc,
      @Nullable Inflation inflation,
      FrameReader.Sink sink) {
    this.most = maxMessageBytes;
    this.maxMessageBytes = maxMessageBytes;
    this.alloc = alloc;
    this.inflation = inflation;
    this.sink = sink;
  }

  /** Messages are no longer than this, or than they might be at first, if that is less. */
  void limit(int maxBytes) {
    maxMessageBytes = Math.min(most, maxBytes);
  }

  boolean mayBeCompressed() {
    return inflation != null;
  }

  /** Whether a data frame may come now. */
  @Nullable Breach check(int opcode) {
    if ((opcode == Opcode.CONTINUATION) == (type != NO_TYPE)) {
      return null;
    }
    return Breach.protocol(
        type == NO_TYPE ? "nothing to be continued" : "message inside a message");
  }

  /** The head of a data frame came that was checked before. */
  @Nullable Breach begin(int opcode, boolean rsv1, long length) {
    if (opcode == Opcode.CONTINUATION) {
      fragments++;
      if (fragments > FREE_FRAGMENTS + announced / BYTES_PER_FRAGMENT) {
        return Breach.TOO_MANY_FRAGMENTS;
      }
    } else {
      type = opcode;
      compressed = rsv1;
      fragments = 1;
    }
    if (length > mostAnnounced() - announced) {
      return Breach.tooLarge(maxMessageBytes);
    }
    announced += length;
    return null;
  }

  /** Deflate makes a little longer what it cannot shrink; what it comes to is bounded by itself. */
  private long mostAnnounced() {
    return compressed
        ? Math.min(Integer.MAX_VALUE, maxMessageBytes + maxMessageBytes / 16L + 64)
        : maxMessageBytes;
  }

  boolean discarding() {
    return discarding;
  }

  /**
   * A piece of the frame's payload came.
   *
   * @param in little-endian; {@code from} to {@code to} is the piece, unmasked
   * @param view of the same memory, to show a whole message
   * @param seen bits set in some byte of the piece
   * @param left how much of the frame is still to come
   * @param ends whether the message ends here
   */
  @Nullable Breach take(
      ByteBuffer in, ByteBuffer view, int from, int to, long seen, int left, boolean ends) {
    if (discarding) {
      if (ends) {
        reset();
      }
      return null;
    }
    if (compressed) {
      return inflate(view.limit(to).position(from), ends);
    }
    if (!isText(in, from, to, seen, ends)) {
      return Breach.NOT_UTF8;
    }
    if (ends && joined == null) {
      deliver(type, view.limit(to).position(from));
      return null;
    }
    if (to > from) {
      reserve(to - from, to - from + left).writeBytes(view.limit(to).position(from));
    }
    if (ends) {
      deliverJoined();
    }
    return null;
  }

  /** Where the next read should go if it is to save a copy; null: anywhere. */
  @Nullable ByteBuf target(int left) {
    ByteBuf begun = joined;
    if (left < DIRECT_BYTES
        || compressed
        || discarding
        || begun == null
        || begun.readableBytes() < DIRECT_AFTER_BYTES) {
      return null;
    }
    ByteBuf message = reserve(DIRECT_BYTES, left);
    int room = Math.min(left, message.writableBytes());
    target = message.retainedSlice(message.writerIndex(), room).writerIndex(0);
    return target;
  }

  @SuppressWarnings("ReferenceEquality") // this buffer, not one with the same content
  boolean isTarget(ByteBuf read) {
    return read == target;
  }

  /** What was read into the target, little-endian. It belongs to the message already. */
  ByteBuffer targetBytes() {
    ByteBuf read = Objects.requireNonNull(target);
    ByteBuf message = Objects.requireNonNull(joined);
    target = null;
    int from = message.writerIndex();
    message.writerIndex(from + read.readableBytes());
    return message.nioBuffer(from, read.readableBytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** As {@link #take}, for what was read into the target. */
  @Nullable Breach tookTarget(ByteBuffer piece, long seen, boolean ends) {
    if (!isText(piece, 0, piece.limit(), seen, ends)) {
      return Breach.NOT_UTF8;
    }
    if (ends) {
      deliverJoined();
    }
    return null;
  }

  /** Goes on without delivering or keeping anything. */
  void discard() {
    discarding = true;
    release();
  }

  void end() {
    release();
    if (inflation != null) {
      inflation.release();
    }
  }

  private void release() {
    ByteBuf message = joined;
    joined = null;
    target = null;
    if (message != null) {
      message.release();
    }
  }

  private boolean isText(ByteBuffer in, int from, int to, long seen, boolean ends) {
    if (type != Opcode.TEXT) {
      return true;
    }
    if (utf8 != Utf8.BOUNDARY || (seen & Utf8.NOT_ASCII) != 0) {
      utf8 = Utf8.check(utf8, in, from, to);
    }
    return ends ? utf8 == Utf8.BOUNDARY : utf8 != Utf8.BAD;
  }

  private @Nullable Breach inflate(ByteBuffer piece, boolean ends) {
    Inflation inflater = Objects.requireNonNull(inflation);
    ByteBuf message = joined;
    if (message == null) {
      message = alloc.directBuffer(Math.min(INFLATE_AT_FIRST, maxMessageBytes));
      joined = message;
    }
    int from = message.writerIndex();
    Inflation.Outcome outcome = Inflation.Outcome.OK;
    if (piece.hasRemaining()) {
      outcome = inflater.inflate(piece, message, maxMessageBytes);
    }
    if (ends && outcome == Inflation.Outcome.OK) {
      outcome = inflater.finish(message, maxMessageBytes);
    }
    int to = message.writerIndex();
    if (type == Opcode.TEXT) { // also of what is too long or followed by nonsense
      utf8 = Utf8.check(utf8, message.nioBuffer(from, to - from), 0, to - from);
      if (utf8 == Utf8.BAD) {
        return Breach.NOT_UTF8;
      }
    }
    return switch (outcome) {
      case TOO_LARGE -> Breach.tooLarge(maxMessageBytes);
      case CORRUPT -> Breach.NOT_DEFLATE;
      case OK -> {
        if (ends && utf8 != Utf8.BOUNDARY) {
          yield Breach.NOT_UTF8;
        }
        if (ends) {
          deliverJoined();
        }
        yield null;
      }
    };
  }

  /**
   * Makes room for the next bytes of a frame that announced some more.
   *
   * @param more bytes that are needed now
   * @param coming bytes of the frame that were not taken yet, those included
   */
  private ByteBuf reserve(int more, int coming) {
    ByteBuf message = joined;
    if (message == null) {
      message = alloc.directBuffer(Math.max(more, Math.min(coming, AHEAD_BYTES)));
      joined = message;
    } else if (message.writableBytes() < more) {
      long came = message.readableBytes();
      long enough = Math.min(came + coming, Math.max(AHEAD_BYTES, 2 * came));
      if (fragments > 1) { // many small ones must not copy the message each time
        enough = Math.max(enough, Math.min(maxMessageBytes, 2 * came));
      }
      message.capacity((int) Math.max(came + more, enough));
    }
    return message;
  }

  private void deliverJoined() {
    ByteBuf message = joined;
    joined = null;
    if (message == null) {
      deliver(type, ByteBuffer.allocate(0));
      return;
    }
    try {
      deliver(type, message.nioBuffer());
    } finally {
      message.release();
    }
  }

  private void deliver(int opcode, ByteBuffer bytes) {
    reset(); // first: the receiver may end the connection
    bytes.order(ByteOrder.BIG_ENDIAN);
    if (opcode == Opcode.TEXT) {
      sink.text(bytes);
    } else {
      sink.binary(bytes);
    }
  }

  private void reset() {
    type = NO_TYPE;
    announced = 0;
    utf8 = Utf8.BOUNDARY;
  }
}
