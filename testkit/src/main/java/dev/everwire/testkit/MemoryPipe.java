package dev.everwire.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: frames in order, at most a window of bytes unread, as in TCP. The
 * driving thread only.
 */
final class MemoryPipe {
  private static final int HEADER_BYTES = 2;
  private static final int MAX_REASON_BYTES = 123;

  /** What is on the wire. */
  enum Kind {
    TEXT,
    BINARY,
    PING,
    PONG,
    CLOSE,
    /** The connection has ended. */
    END
  }

  /** A frame, and its length on the wire. */
  static final class Frame {
    private final Kind kind;
    private final byte[] payload;
    private final int length;

    Frame(Kind kind, byte[] payload, int length) {
      this.kind = kind;
      this.payload = payload;
      this.length = length;
    }

    Kind kind() {
      return kind;
    }

    byte[] payload() {
      return payload;
    }

    int length() {
      return length;
    }

    boolean message() {
      return kind == Kind.TEXT || kind == Kind.BINARY;
    }
  }

  private record Segment(Frame frame, long arrivesAt) {}

  private final ArrayDeque<Segment> unread = new ArrayDeque<>();
  private final boolean masked;
  private final long window;
  private final IntToLongFunction underWay;
  private final long cutAfter;
  private final boolean losesThen; // false if the cut is of the other direction

  private long unreadBytes;
  private long lastArrival = Long.MIN_VALUE; // nothing overtakes what was written before
  private int written;
  private long passed;
  private boolean severed;
  private @Nullable MemoryTransport writer;
  private @Nullable MemoryTransport reader;

  /**
   * @param underWay nanoseconds, by the number of the frame
   */
  MemoryPipe(
      boolean masked, long window, IntToLongFunction underWay, long cutAfter, boolean losesThen) {
    this.masked = masked;
    this.window = window;
    this.underWay = underWay;
    this.cutAfter = cutAfter;
    this.losesThen = losesThen;
  }

  void writer(MemoryTransport end) {
    writer = end;
  }

  void reader(MemoryTransport end, long now) {
    reader = end;
    for (Segment waiting : unread) {
      end.wake(Math.max(0, waiting.arrivesAt() - now));
    }
  }

  /** Length of a frame as RFC 6455 writes it. */
  int length(int payload) {
    int extended = payload < 126 ? 0 : payload < 65_536 ? 2 : 8;
    return HEADER_BYTES + extended + (masked ? 4 : 0) + payload;
  }

  /** A frame longer than the window goes alone. */
  boolean hasRoomFor(Frame frame) {
    return unreadBytes == 0 || unreadBytes + frame.length() <= window;
  }

  /** Puts a frame on the wire; true if that was the last one before the cut, or the first after. */
  boolean write(Frame frame, long now) {
    passed += frame.length();
    unreadBytes += frame.length();
    if (!severed && (passed <= cutAfter || !losesThen)) {
      append(frame, now);
    }
    return !severed && passed >= cutAfter;
  }

  /** Loses everything written from now on. */
  void sever(boolean tellReader, long now) {
    if (!severed) {
      severed = true;
      if (tellReader) {
        append(new Frame(Kind.END, new byte[0], 0), now);
      }
    }
  }

  /** Loses what is unread too, and ends the reader as soon as the news is there. */
  void reset(long now) {
    if (!severed) {
      unread.clear();
      lastArrival = Long.MIN_VALUE;
      sever(true, now);
      if (reader != null) {
        reader.resetAfter(Math.max(0, lastArrival - now));
      }
    }
  }

  /** The next frame that has arrived. */
  @Nullable Frame read(long now) {
    Segment next = unread.peek();
    if (next == null || next.arrivesAt() > now) {
      return null;
    }
    unread.remove();
    unreadBytes -= next.frame().length();
    if (writer != null) {
      writer.roomCame();
    }
    return next.frame();
  }

  private void append(Frame frame, long now) {
    long arrival = now + underWay.applyAsLong(written++);
    lastArrival = lastArrival == Long.MIN_VALUE ? arrival : Math.max(lastArrival, arrival);
    unread.add(new Segment(frame, lastArrival));
    if (reader != null) {
      reader.wake(lastArrival - now);
    }
  }

  /** A longer reason is cut at a character. */
  static byte[] closePayload(int code, String reason) {
    byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, MAX_REASON_BYTES);
    while (length < utf8.length && length > 0 && (utf8[length] & 0xC0) == 0x80) {
      length--;
    }
    return ByteBuffer.allocate(2 + length).putShort((short) code).put(utf8, 0, length).array();
  }
}
