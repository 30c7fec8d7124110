package dev.everwire.netty.internal.deflate;

import dev.everwire.netty.options.Compression;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Payloads and terms for the tests of this package. */
final class Samples {
  private Samples() {}

  /** Text that deflates well: words from a small vocabulary, with matches near and far. */
  static byte[] words(long seed, int bytes) {
    var random = new Random(seed);
    var text = new StringBuilder(bytes + 32);
    while (text.length() < bytes) {
      text.append("{\"price\":").append(random.nextInt(500)).append(",\"at\":\"");
      text.append("north south east west".split(" ")[random.nextInt(4)]).append("\"}");
    }
    return text.substring(0, bytes).getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] noise(long seed, int bytes) {
    byte[] noise = new byte[bytes];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  /** Noise that comes again and again: every match is exactly {@code period} bytes away. */
  static byte[] periodic(long seed, int period, int bytes) {
    byte[] once = noise(seed, period);
    byte[] all = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      all[i] = once[i % period];
    }
    return all;
  }

  /** Terms under which both directions are alike, so that one end can read the other. */
  static DeflateTerms terms(int level, boolean takeover, int windowBits) {
    return new DeflateTerms(
        level, Compression.DEFAULT.thresholdBytes(), takeover, takeover, windowBits, windowBits);
  }

  static byte[] deflate(MessageDeflater deflater, byte[] payload) {
    ByteBuf out = Unpooled.buffer();
    deflater.deflate(ByteBuffer.wrap(payload), out);
    return bytes(out);
  }

  /** Deflated with nothing before it. */
  static byte[] deflated(byte[] payload) {
    try (var deflaters = new Deflaters()) {
      return deflate(new MessageDeflater(terms(6, false, 15), deflaters), payload);
    }
  }

  static byte[] bytes(ByteBuf out) {
    byte[] bytes = new byte[out.readableBytes()];
    out.getBytes(out.readerIndex(), bytes);
    return bytes;
  }
}
