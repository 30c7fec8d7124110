package dev.everwire.netty.internal.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Inflation of anything, read whole, in pieces and byte by byte, against a decoder of our own; and
 * deflation of anything, read back. Three bytes choose how, the rest is what: bits 0 to 2 of the
 * first the window, bit 3 takeover, bits 4 and 5 the level, bits 6 and 7 the limit; the second how
 * long the first of two messages is; the third the size of a piece. A plain build tries what is
 * kept beside this class; {@code JAZZER_FUZZ=1} looks for more.
 */
final class InflationFuzzTest {
  private static final int HEAD = 3;

  @FuzzTest(maxDuration = "3m")
  void aMessageMeansTheSameHoweverItArrives(byte[] data) {
    if (data.length < HEAD) {
      return;
    }
    int limit = new int[] {0, 100, 5_000, 1_000_000}[data[0] >> 6 & 3];
    List<byte[]> messages = messages(data);
    List<String> whole = inflate(data, messages, Integer.MAX_VALUE, limit);
    assertThat(inflate(data, messages, 1, limit)).isEqualTo(whole);
    assertThat(inflate(data, messages, 1 + (data[2] & 0xFF), limit)).isEqualTo(whole);
  }

  @FuzzTest(maxDuration = "3m")
  void whatWasDeflatedComesBack(byte[] data) {
    if (data.length < HEAD) {
      return;
    }
    DeflateTerms terms = terms(data);
    try (var deflaters = new Deflaters()) {
      var sender = new MessageDeflater(terms, deflaters);
      var receiver = new MessageInflater(terms, deflaters);
      for (byte[] payload : messages(data)) {
        byte[] compressed = Samples.deflate(sender, payload);
        ByteBuf out = Unpooled.buffer();
        Outcome outcome = inflate(receiver, compressed, 1 + (data[2] & 0xFF), data.length, out);
        assertThat(outcome).isEqualTo(Outcome.OK);
        assertThat(Samples.bytes(out)).isEqualTo(payload);
      }
      sender.release();
      receiver.release();
    }
  }

  /**
   * What became of each message, up to the first that is not accepted. Why it is not can depend on
   * the pieces: zlib may see the bad code behind the byte that is one too many before that byte is
   * asked for.
   */
  private static List<String> inflate(byte[] data, List<byte[]> messages, int piece, int limit) {
    var seen = new ArrayList<String>();
    var blocks = new DeflateBlocks();
    var deflaters = new Deflaters();
    var receiver = new MessageInflater(terms(data), deflaters);
    Outcome outcome = Outcome.OK;
    for (int i = 0; i < messages.size() && outcome == Outcome.OK; i++) {
      ByteBuf out = Unpooled.buffer(0);
      outcome = inflate(receiver, messages.get(i), piece, limit, out);
      assertThat(out.readableBytes()).isLessThanOrEqualTo(limit);
      if (outcome == Outcome.OK) {
        int before = blocks.output().length;
        blocks.message(messages.get(i));
        byte[] expected = blocks.output();
        assertThat(Samples.bytes(out))
            .isEqualTo(Arrays.copyOfRange(expected, before, expected.length));
      }
      seen.add(outcome == Outcome.OK ? out.readableBytes() + " bytes" : "refused");
    }
    receiver.release();
    deflaters.close();
    assertThat(deflaters.alive()).isZero();
    return seen;
  }

  private static Outcome inflate(
      MessageInflater receiver, byte[] compressed, int piece, int limit, ByteBuf out) {
    Outcome outcome = Outcome.OK;
    for (int from = 0; from < compressed.length && outcome == Outcome.OK; ) {
      int size = Math.min(piece, compressed.length - from);
      outcome = receiver.inflate(ByteBuffer.wrap(compressed, from, size), out, limit);
      from += size;
    }
    return outcome == Outcome.OK ? receiver.finish(out, limit) : outcome;
  }

  private static List<byte[]> messages(byte[] data) {
    int rest = data.length - HEAD;
    int cut = HEAD + (data[1] & 0xFF) * rest / 256;
    return List.of(Arrays.copyOfRange(data, HEAD, cut), Arrays.copyOfRange(data, cut, data.length));
  }

  private static DeflateTerms terms(byte[] data) {
    int level = new int[] {1, 4, 6, 9}[data[0] >> 4 & 3];
    return Samples.terms(level, (data[0] & 8) != 0, 8 + (data[0] & 7));
  }
}
