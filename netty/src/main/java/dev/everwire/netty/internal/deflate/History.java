package dev.everwire.netty.internal.deflate;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The last bytes of all that was said, for a stream that goes on where an earlier one ended. Takes
 * only as much memory as there is to remember, up to its bound. On the connection's loop only.
 */
final class History {
  private static final int FIRST_BYTES = 256;
  private static final byte[] NOTHING = new byte[0];

  private final int maxBytes;
  private byte[] ring = NOTHING; // starts over at the front only once it has maxBytes
  private int next; // where the next byte goes
  private int length;

  History(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  void forget() {
    ring = NOTHING;
    next = 0;
    length = 0;
  }

  /** Remembers what is left in a buffer, without consuming it. */
  void add(ByteBuffer bytes) {
    int count = Math.min(bytes.remaining(), maxBytes);
    int from = bytes.limit() - count;
    makeRoom(count);
    int atEnd = Math.min(count, ring.length - next);
    bytes.get(from, ring, next, atEnd);
    bytes.get(from + atEnd, ring, 0, count - atEnd);
    added(count);
  }

  /** Remembers {@code size} bytes of a buffer. */
  void add(ByteBuf bytes, int index, int size) {
    int count = Math.min(size, maxBytes);
    int from = index + size - count;
    makeRoom(count);
    int atEnd = Math.min(count, ring.length - next);
    bytes.getBytes(from, ring, next, atEnd);
    bytes.getBytes(from + atEnd, ring, 0, count - atEnd);
    added(count);
  }

  /** Lets a stream that has just begun refer to what is remembered. */
  void tell(Deflater deflater) {
    if (wrapped()) {
      deflater.setDictionary(ring, next, ring.length - next);
    }
    if (next > 0) {
      deflater.setDictionary(ring, 0, next);
    }
  }

  /** Lets a stream that has just begun refer to what is remembered. */
  void tell(Inflater inflater) {
    if (wrapped()) {
      inflater.setDictionary(ring, next, ring.length - next);
    }
    if (next > 0) {
      inflater.setDictionary(ring, 0, next);
    }
  }

  private boolean wrapped() {
    return length == maxBytes;
  }

  private void makeRoom(int count) {
    int needed = Math.min(length + count, maxBytes);
    if (ring.length < needed) {
      int roomy = Math.max(FIRST_BYTES, Integer.highestOneBit(needed - 1) << 1);
      byte[] larger = new byte[Math.min(roomy, maxBytes)];
      System.arraycopy(ring, 0, larger, 0, length);
      ring = larger;
      next = length;
    }
  }

  private void added(int count) {
    next += count;
    if (next >= maxBytes) {
      next -= maxBytes;
    }
    length = Math.min(length + count, maxBytes);
  }
}
