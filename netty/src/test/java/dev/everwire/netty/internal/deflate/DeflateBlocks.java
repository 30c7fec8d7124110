package dev.everwire.netty.internal.deflate;

import java.util.Arrays;

/**
 * A second opinion on deflate data: follows RFC 1951 bit by bit, slowly and without zlib, and keeps
 * the longest distance that it met. Throws where it does not understand, but does not look for
 * everything that zlib refuses.
 */
final class DeflateBlocks {
  private static final int[] LENGTH_ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };
  private static final int TAIL_BYTES = 4;

  private byte[] data = new byte[0];
  private long bit;
  private byte[] output = new byte[1024];
  private int length;
  private int longestDistance;

  /** Reads compressed messages that may refer to each other. */
  static DeflateBlocks ofMessages(byte[]... messages) {
    var blocks = new DeflateBlocks();
    for (byte[] message : messages) {
      blocks.message(message);
    }
    return blocks;
  }

  /** Reads a message without its last four bytes (RFC 7692 section 7.2.2). */
  void message(byte[] message) {
    data = Arrays.copyOf(message, message.length + TAIL_BYTES);
    data[message.length + 2] = -1;
    data[message.length + 3] = -1;
    bit = 0;
    boolean ended = message.length == 0;
    while (!ended) {
      boolean last = block();
      if (last) {
        bit = (bit + 7) / 8 * 8;
      }
      ended = bit == 8L * data.length || (last && bit == 8L * message.length);
    }
  }

  byte[] output() {
    return Arrays.copyOf(output, length);
  }

  int longestDistance() {
    return longestDistance;
  }

  /** Whether it is a final one. */
  private boolean block() {
    boolean last = bits(1) == 1;
    switch (bits(2)) {
      case 0 -> stored();
      case 1 -> compressed(fixedLiterals(), new Code(filled(30, 5)));
      case 2 -> dynamic();
      default -> throw new IllegalStateException("block type 3 at bit " + bit);
    }
    return last;
  }

  private void stored() {
    bit = (bit + 7) / 8 * 8;
    int size = bits(16);
    if ((size ^ bits(16)) != 0xFFFF) {
      throw new IllegalStateException("stored length at bit " + bit);
    }
    for (int i = 0; i < size; i++) {
      put(bits(8));
    }
  }

  private void dynamic() {
    int literals = 257 + bits(5);
    int distances = 1 + bits(5);
    int lengths = 4 + bits(4);
    int[] lengthLengths = new int[19];
    for (int i = 0; i < lengths; i++) {
      lengthLengths[LENGTH_ORDER[i]] = bits(3);
    }
    var lengthCode = new Code(lengthLengths);
    int[] all = new int[literals + distances];
    int at = 0;
    while (at < all.length) {
      int symbol = lengthCode.read();
      if (symbol < 16) {
        all[at++] = symbol;
      } else {
        int value = symbol == 16 ? all[at - 1] : 0;
        int times =
            switch (symbol) {
              case 16 -> 3 + bits(2);
              case 17 -> 3 + bits(3);
              default -> 11 + bits(7);
            };
        Arrays.fill(all, at, at + times, value);
        at += times;
      }
    }
    compressed(
        new Code(Arrays.copyOf(all, literals)),
        new Code(Arrays.copyOfRange(all, literals, all.length)));
  }

  private void compressed(Code literals, Code distances) {
    while (true) {
      int symbol = literals.read();
      if (symbol < 256) {
        put(symbol);
      } else if (symbol == 256) {
        return;
      } else {
        int size = copyLength(symbol);
        int distance = distance(distances.read());
        if (distance > length) {
          throw new IllegalStateException("distance " + distance + " at byte " + length);
        }
        longestDistance = Math.max(longestDistance, distance);
        for (int i = 0; i < size; i++) {
          put(output[length - distance] & 0xFF);
        }
      }
    }
  }

  private int copyLength(int symbol) {
    if (symbol < 265) {
      return symbol - 254;
    }
    if (symbol == 285) {
      return 258;
    }
    int extra = (symbol - 261) / 4;
    return 3 + ((4 + (symbol - 261) % 4) << extra) + bits(extra);
  }

  private int distance(int symbol) {
    if (symbol < 4) {
      return symbol + 1;
    }
    int extra = symbol / 2 - 1;
    return 1 + ((2 + symbol % 2) << extra) + bits(extra);
  }

  private Code fixedLiterals() {
    int[] lengths = filled(288, 8);
    Arrays.fill(lengths, 144, 256, 9);
    Arrays.fill(lengths, 256, 280, 7);
    return new Code(lengths);
  }

  private static int[] filled(int size, int value) {
    int[] lengths = new int[size];
    Arrays.fill(lengths, value);
    return lengths;
  }

  private int bits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++, bit++) {
      value |= (data[(int) (bit >> 3)] >> (bit & 7) & 1) << i;
    }
    return value;
  }

  private void put(int value) {
    if (length == output.length) {
      output = Arrays.copyOf(output, 2 * length);
    }
    output[length++] = (byte) value;
  }

  /** A canonical Huffman code (RFC 1951 section 3.2.2): counts per length, symbols in order. */
  private final class Code {
    private final int[] counts = new int[16];
    private final int[] symbols;

    Code(int[] lengths) {
      int[] offsets = new int[16];
      for (int size : lengths) {
        counts[size]++;
      }
      counts[0] = 0;
      for (int size = 1; size < 15; size++) {
        offsets[size + 1] = offsets[size] + counts[size];
      }
      symbols = new int[lengths.length];
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] > 0) {
          symbols[offsets[lengths[symbol]]++] = symbol;
        }
      }
    }

    int read() {
      int code = 0;
      int first = 0;
      int index = 0;
      for (int size = 1; size < 16; size++) {
        code |= bits(1);
        if (code - first < counts[size]) {
          return symbols[index + code - first];
        }
        index += counts[size];
        first = (first + counts[size]) << 1;
        code <<= 1;
      }
      throw new IllegalStateException("no such code at bit " + bit);
    }
  }
}
