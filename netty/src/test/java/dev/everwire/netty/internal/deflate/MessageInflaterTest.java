package dev.everwire.netty.internal.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageInflaterTest {
  private static final int MIB = 1024 * 1024;
  private static final int LIMIT = MIB;
  private static final DeflateTerms ALONE = Samples.terms(6, false, 15);
  private static final DeflateTerms TAKEOVER = Samples.terms(6, true, 15);

  private final Deflaters deflaters = new Deflaters();

  @AfterEach
  void nothingIsLeftAlive() {
    deflaters.close();
    assertThat(deflaters.alive()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "f248cdc9c90700,             Hello, the example of RFC 7692 section 7.2.3.1",
        "f200110000,                 -, one with a bad reference",
        "000500faff48656c6c6f00,     Hello, a stored block (7.2.3.3)",
        "f348cdc9c9070000,           Hello, a final block and an empty one (7.2.3.4)",
        "f348cdc9c90700,             Hello, a final block with nothing behind it",
        "f24805000000ffffcac9c90700, Hello, two blocks (7.2.3.5)",
        "f348cdc9c90700f348cdc9c9070000, HelloHello, two final blocks",
        "00,                         '', an empty block (7.2.3.6)",
        "'',                         '', no byte at all",
        "01,                         '', an empty final block that the appended bytes complete",
        "0300,                       '', an empty final block",
        "03000300030000,             '', several",
        "0000,                       -, a stored block that is cut off",
        "000500faff4865,             -, within stored bytes",
        "010500faff486500,           -, a final stored block that the appended bytes would overrun",
        "f248cd,                     -, within a compressed block",
        "f248cdc9c907,               -, without the header of an empty block",
        "06,                         -, block type 3",
        "07,                         -, final and block type 3",
        "000500fbff48656c6c6f00,     -, a stored length that is not its complement's",
        "f248cdc9c9070000000000,     -, bytes behind the end",
        "780100,                     -, a zlib header",
        "78bb00000001,               -, a zlib header that names a dictionary",
        "1f8b08000000000000,         -, a gzip header",
      })
  void aMessageIsWhatTheRfcSays(String hex, String expected, String why) {
    for (DeflateTerms terms : new DeflateTerms[] {ALONE, TAKEOVER}) {
      for (int piece : new int[] {1, 2, Integer.MAX_VALUE}) {
        assertThat(text(new MessageInflater(terms, deflaters), HexFormat.of().parseHex(hex), piece))
            .as(why)
            .isEqualTo(expected == null ? "CORRUPT" : expected);
      }
    }
  }

  @Test
  void withTakeoverAMessageMayReferToEarlierOnes() {
    byte[] hello = HexFormat.of().parseHex("f248cdc9c90700");
    byte[] again = HexFormat.of().parseHex("f200110000"); // RFC 7692 section 7.2.3.2
    var remembering = new MessageInflater(TAKEOVER, deflaters);
    assertThat(text(remembering, hello, 1)).isEqualTo("Hello");
    assertThat(text(remembering, again, 1)).isEqualTo("Hello");
    remembering.release();
    assertThat(text(remembering, again, 1)).isEqualTo("CORRUPT");

    var alone = new MessageInflater(ALONE, deflaters);
    assertThat(text(alone, hello, 1)).isEqualTo("Hello");
    assertThat(text(alone, again, 1)).isEqualTo("CORRUPT");
  }

  @Test
  void aPeerThatRefersBeyondItsWindowIsNotUnderstood() {
    byte[] payload = Samples.periodic(1, 1000, 1000);
    for (int windowBits : new int[] {9, 10}) {
      var sender = new MessageDeflater(TAKEOVER, deflaters);
      var receiver = new MessageInflater(Samples.terms(6, true, windowBits), deflaters);
      String first = new String(payload, StandardCharsets.ISO_8859_1);
      assertThat(text(receiver, Samples.deflate(sender, payload), 100)).isEqualTo(first);
      assertThat(text(receiver, Samples.deflate(sender, payload), 100))
          .isEqualTo(windowBits == 9 ? "CORRUPT" : first);
      sender.release();
      receiver.release();
    }
  }

  @Test
  void afterAMessageThatFailedTheNextOneIsReadAfresh() {
    var receiver = new MessageInflater(ALONE, deflaters);
    assertThat(text(receiver, new byte[] {7}, 1)).isEqualTo("CORRUPT");
    assertThat(text(receiver, HexFormat.of().parseHex("f248cd"), 1)).isEqualTo("CORRUPT");
    assertThat(text(receiver, HexFormat.of().parseHex("f248cdc9c90700"), 1)).isEqualTo("Hello");
  }

  @Test
  void emptyPiecesChangeNothing() {
    var receiver = new MessageInflater(ALONE, deflaters);
    ByteBuf out = Unpooled.buffer();
    for (byte b : HexFormat.of().parseHex("f248cdc9c90700")) {
      assertThat(receiver.inflate(ByteBuffer.allocate(0), out, 5)).isEqualTo(Outcome.OK);
      assertThat(receiver.inflate(ByteBuffer.wrap(new byte[] {b}), out, 5)).isEqualTo(Outcome.OK);
    }
    assertThat(receiver.finish(out, 5)).isEqualTo(Outcome.OK);
    assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("Hello");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 4096, 65_536, 100_000})
  void theLimitIsExact(int size) {
    for (byte[] payload : new byte[][] {new byte[size], Samples.noise(1, size)}) {
      byte[] compressed = Samples.deflated(payload);
      for (int piece : new int[] {1, 1000, Integer.MAX_VALUE}) {
        var receiver = new MessageInflater(ALONE, deflaters);
        assertThat(inflate(receiver, compressed, piece, size, Unpooled.buffer(0)))
            .isEqualTo(Outcome.OK);
        ByteBuf out = Unpooled.buffer(0);
        assertThat(inflate(receiver, compressed, piece, size - 1, out))
            .isEqualTo(Outcome.TOO_LARGE);
        assertThat(out.readableBytes()).isLessThan(size);
        assertThat(out.capacity()).isLessThan(size);
      }
    }
  }

  @Test
  void theLimitCountsAllPiecesOfAMessageAlsoIfOutIsEmptiedInBetween() {
    byte[] compressed = Samples.deflated(new byte[10_000]);
    var receiver = new MessageInflater(ALONE, deflaters);
    ByteBuf out = Unpooled.buffer();
    Outcome outcome = Outcome.OK;
    for (int at = 0; at < compressed.length && outcome == Outcome.OK; at++) {
      outcome = receiver.inflate(ByteBuffer.wrap(compressed, at, 1), out.clear(), 9_999);
    }
    assertThat(outcome).isEqualTo(Outcome.TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10 * MIB, 16 * MIB, 40 * MIB})
  void aBombOf256MebibytesCostsLessThanTheLimitAnd16(int limit) {
    byte[] bomb = bomb();
    assertThat(bomb.length).isLessThan(MIB);
    for (int piece : new int[] {1000, Integer.MAX_VALUE}) {
      var allocator = new PeakAllocator();
      ByteBuf out = allocator.buffer(64);
      var receiver = new MessageInflater(ALONE, deflaters);
      assertThat(inflate(receiver, bomb, piece, limit, out)).isEqualTo(Outcome.TOO_LARGE);
      assertThat(out.readableBytes()).isEqualTo(limit);
      out.release();
      assertThat(allocator.used()).isZero();
      assertThat(allocator.peak()).isBetween((long) limit, limit + 15L * MIB);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"000000ffff", "0300", "010000ffff", "0300000000ffff"})
  void blocksOfNothingAreReadToTheirEnd(String hex) {
    byte[] block = HexFormat.of().parseHex(hex);
    var many = new ByteArrayOutputStream();
    for (int i = 0; i < 200_000; i++) {
      many.writeBytes(block);
    }
    many.write(0);
    for (int limit : new int[] {0, LIMIT}) {
      var receiver = new MessageInflater(ALONE, deflaters);
      ByteBuf out = Unpooled.buffer(0);
      assertThat(inflate(receiver, many.toByteArray(), 3_000, limit, out)).isEqualTo(Outcome.OK);
      assertThat(out.capacity()).isLessThanOrEqualTo(16 * 1024);
      assertThat(out.readableBytes()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withAnyBitFlippedItEndsWithinTheLimit(boolean takeover) {
    byte[] payload = Samples.words(9, 700);
    byte[] compressed = Samples.deflated(payload);
    int corrupt = 0;
    for (int bit = 0; bit < 8 * compressed.length; bit++) {
      byte[] flipped = compressed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      String whole = flippedOutcome(flipped, takeover, Integer.MAX_VALUE);
      assertThat(flippedOutcome(flipped, takeover, 1)).as("bit %d", bit).isEqualTo(whole);
      corrupt += whole.startsWith("CORRUPT") ? 1 : 0;
    }
    assertThat(corrupt).isPositive();
  }

  @Test
  void aMessageCutOffAnywhereIsCorrupt() {
    byte[] compressed = Samples.deflated(Samples.words(10, 700));
    for (int length = 1; length < compressed.length; length++) {
      var receiver = new MessageInflater(ALONE, deflaters);
      byte[] cut = Arrays.copyOf(compressed, length);
      assertThat(inflate(receiver, cut, Integer.MAX_VALUE, LIMIT, Unpooled.buffer()))
          .as("%d of %d", length, compressed.length)
          .isEqualTo(Outcome.CORRUPT);
    }
  }

  @Test
  void aMessageOfFourMebibytesComesWholeByteByByte() {
    byte[] payload = Samples.words(11, 4 * MIB);
    byte[] compressed = Samples.deflated(payload);
    ByteBuf out = Unpooled.buffer();
    assertThat(inflate(new MessageInflater(ALONE, deflaters), compressed, 1, 4 * MIB, out))
        .isEqualTo(Outcome.OK);
    assertThat(Samples.bytes(out)).isEqualTo(payload);
  }

  /** 256 MiB of zeros: each one says the same, that what was there goes on. */
  private static byte[] bomb() {
    byte[] oneMebibyte = Samples.deflated(new byte[MIB]);
    ByteBuf all = Unpooled.buffer();
    for (int i = 0; i < 256; i++) {
      all.writeBytes(oneMebibyte).writeInt(0xFFFF);
    }
    return Samples.bytes(all.writeByte(0));
  }

  private String flippedOutcome(byte[] flipped, boolean takeover, int piece) {
    int limit = 1_000;
    ByteBuf out = Unpooled.buffer(0);
    var receiver = new MessageInflater(takeover ? TAKEOVER : ALONE, deflaters);
    Outcome outcome = inflate(receiver, flipped, piece, limit, out);
    receiver.release();
    assertThat(out.readableBytes()).isLessThanOrEqualTo(limit);
    return outcome == Outcome.OK
        ? outcome + HexFormat.of().formatHex(Samples.bytes(out))
        : outcome.toString();
  }

  private static String text(MessageInflater receiver, byte[] compressed, int piece) {
    ByteBuf out = Unpooled.buffer();
    Outcome outcome = inflate(receiver, compressed, piece, LIMIT, out);
    return outcome == Outcome.OK ? out.toString(StandardCharsets.ISO_8859_1) : outcome.name();
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
}
