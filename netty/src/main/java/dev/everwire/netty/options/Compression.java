package dev.everwire.netty.options;

/**
 * How messages are compressed where the peer agrees (permessage-deflate, RFC 7692).
 *
 * <p>Context takeover makes small similar messages much smaller, at a price in memory for as long
 * as the connection lives: up to 270 KiB outside the heap for what we send with a full window, up
 * to a window of heap for what we receive. Without it a connection holds nothing between messages,
 * and one compression of a broadcast serves all who agreed on the same level and window.
 *
 * <p>A window below 15 that we send with spares the peer memory and costs us time; 12 takes about
 * four times as long as 15, and 8 ten to twenty times.
 *
 * @param level of zlib, 1 (fast) to 9 (small)
 * @param thresholdBytes shorter messages go uncompressed
 * @param sendTakeover whether what we send may refer to earlier messages of ours
 * @param receiveTakeover whether what the peer sends may refer to earlier messages of its
 * @param sendWindowBits longest distance, as a power of two, that what we send refers back; 8 to 15
 * @param receiveWindowBits the same for the peer; 15 asks for nothing
 */
public record Compression(
    int level,
    int thresholdBytes,
    boolean sendTakeover,
    boolean receiveTakeover,
    int sendWindowBits,
    int receiveWindowBits) {

  /** Level 1, from 1 KiB on, no context takeover in either direction, full windows. */
  public static final Compression DEFAULT = new Compression(1, 1024, false, false, 15, 15);

  public Compression {
    if (level < 1 || level > 9) {
      throw new IllegalArgumentException("level: " + level + " (expected: 1-9)");
    }
    if (thresholdBytes < 0) {
      throw new IllegalArgumentException("thresholdBytes: " + thresholdBytes + " (expected: >= 0)");
    }
    requireWindow("sendWindowBits", sendWindowBits);
    requireWindow("receiveWindowBits", receiveWindowBits);
  }

  public Compression withLevel(int level) {
    return new Compression(
        level, thresholdBytes, sendTakeover, receiveTakeover, sendWindowBits, receiveWindowBits);
  }

  public Compression withThreshold(int bytes) {
    return new Compression(
        level, bytes, sendTakeover, receiveTakeover, sendWindowBits, receiveWindowBits);
  }

  public Compression withTakeover(boolean send, boolean receive) {
    return new Compression(level, thresholdBytes, send, receive, sendWindowBits, receiveWindowBits);
  }

  public Compression withWindowBits(int send, int receive) {
    return new Compression(level, thresholdBytes, sendTakeover, receiveTakeover, send, receive);
  }

  private static void requireWindow(String name, int bits) {
    if (bits < 8 || bits > 15) {
      throw new IllegalArgumentException(name + ": " + bits + " (expected: 8-15)");
    }
  }
}
