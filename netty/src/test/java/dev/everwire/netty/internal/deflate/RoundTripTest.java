package dev.everwire.netty.internal.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTripTest {
  private static final int LIMIT = 8 * 1024 * 1024;

  private final Deflaters deflaters = new Deflaters();

  @AfterEach
  void nothingIsLeftAlive() {
    deflaters.close();
    assertThat(deflaters.alive()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
  void everyMessageComesOutAsItWentInAndNoDistanceExceedsTheWindow(int windowBits) {
    for (boolean takeover : new boolean[] {false, true}) {
      for (int level : new int[] {1, 6, 9}) {
        var terms = Samples.terms(level, takeover, windowBits);
        var sender = new MessageDeflater(terms, deflaters);
        var receiver = new MessageInflater(terms, deflaters);
        for (byte[] payload : payloads(windowBits)) {
          byte[] compressed = Samples.deflate(sender, payload);
          assertThat(inflate(receiver, compressed)).isEqualTo(payload);
        }
        sender.release();
        receiver.release();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
  void noDistanceExceedsTheWindow(int windowBits) {
    for (int level : new int[] {1, 4, 6, 9}) {
      var sender = new MessageDeflater(Samples.terms(level, true, windowBits), deflaters);
      var messages = new ArrayList<byte[]>();
      ByteBuf all = Unpooled.buffer();
      for (byte[] payload : payloads(windowBits)) {
        all.writeBytes(payload);
        messages.add(Samples.deflate(sender, payload));
      }
      sender.release();
      var blocks = DeflateBlocks.ofMessages(messages.toArray(new byte[0][]));
      assertThat(blocks.output()).isEqualTo(Samples.bytes(all));
      assertThat(blocks.longestDistance())
          .as("level %d", level)
          .isBetween((1 << windowBits) / 4, 1 << windowBits);
    }
  }

  @Test
  void aMessageThatRepeatsAnEarlierOneIsShortOnlyWithTakeover() {
    for (int windowBits : new int[] {9, 12, 15}) {
      byte[] payload = Samples.noise(1, (1 << windowBits) / 2);
      var with = new MessageDeflater(Samples.terms(6, true, windowBits), deflaters);
      var without = new MessageDeflater(Samples.terms(6, false, windowBits), deflaters);
      assertThat(Samples.deflate(with, payload).length).isGreaterThan(payload.length);
      assertThat(Samples.deflate(with, payload).length).isLessThan(payload.length / 8);
      assertThat(Samples.deflate(without, payload).length).isGreaterThan(payload.length);
      assertThat(Samples.deflate(without, payload).length).isGreaterThan(payload.length);
      with.release();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 11, 15})
  void afterForgettingNothingEarlierIsReferredTo(int windowBits) {
    var terms = Samples.terms(6, true, windowBits);
    var sender = new MessageDeflater(terms, deflaters);
    byte[] payload = Samples.words(3, 5_000);
    byte[] first = Samples.deflate(sender, payload);
    sender.forget();
    byte[] afterwards = Samples.deflate(sender, payload);
    assertThat(afterwards).isEqualTo(first);
    assertThat(DeflateBlocks.ofMessages(afterwards).output()).isEqualTo(payload);
    sender.release();
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 14, 15})
  void aSharedFormCanStandBetweenMessagesOfAConnectionThatThenForgets(int windowBits) {
    var terms = Samples.terms(6, true, windowBits);
    var sender = new MessageDeflater(terms, deflaters);
    var receiver = new MessageInflater(terms, deflaters);
    byte[] own = Samples.words(4, 3_000);
    byte[] shared = Samples.words(5, 3_000);
    for (int i = 0; i < 3; i++) {
      assertThat(inflate(receiver, Samples.deflate(sender, own))).isEqualTo(own);
      ByteBuf out = Unpooled.buffer();
      terms.sharedForm().deflate(ByteBuffer.wrap(shared), out, deflaters);
      assertThat(inflate(receiver, Samples.bytes(out))).isEqualTo(shared);
      sender.forget();
    }
    sender.release();
    receiver.release();
  }

  @Test
  void formsAreEqualWhereTheBytesAre() {
    var form = Samples.terms(3, false, 12).sharedForm();
    assertThat(Samples.terms(3, true, 12).sharedForm()).isEqualTo(form);
    assertThat(Samples.terms(4, false, 12).sharedForm()).isNotEqualTo(form);
    assertThat(Samples.terms(3, false, 13).sharedForm()).isNotEqualTo(form);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEmptyMessageIsOneZeroByte(boolean takeover) {
    for (int windowBits : new int[] {8, 15}) {
      var terms = Samples.terms(6, takeover, windowBits);
      var sender = new MessageDeflater(terms, deflaters);
      var receiver = new MessageInflater(terms, deflaters);
      for (int i = 0; i < 3; i++) {
        assertThat(Samples.deflate(sender, new byte[0])).containsExactly(0);
        assertThat(inflate(receiver, new byte[] {0})).isEmpty();
      }
      sender.release();
      receiver.release();
    }
  }

  @Test
  void directAndHeapMemoryGiveTheSame() {
    byte[] payload = Samples.words(6, 100_000);
    for (int windowBits : new int[] {10, 15}) {
      var terms = Samples.terms(1, true, windowBits);
      var fromHeap = new MessageDeflater(terms, deflaters);
      byte[] expected = Samples.deflate(fromHeap, payload);
      fromHeap.release();
      ByteBuf in = Unpooled.directBuffer().writeBytes(payload);
      ByteBuf out = Unpooled.directBuffer().writeZero(7);
      ByteBuffer taken = in.nioBuffer();
      var sender = new MessageDeflater(terms, deflaters);
      sender.deflate(taken, out);
      sender.release();
      assertThat(taken.remaining()).isZero();
      assertThat(Samples.bytes(out.skipBytes(7))).isEqualTo(expected);

      ByteBuf inflated = Unpooled.directBuffer();
      ByteBuffer piece = out.nioBuffer();
      var receiver = new MessageInflater(terms, deflaters);
      assertThat(receiver.inflate(piece, inflated, LIMIT)).isEqualTo(Outcome.OK);
      assertThat(receiver.finish(inflated, LIMIT)).isEqualTo(Outcome.OK);
      receiver.release();
      assertThat(piece.remaining()).isZero();
      assertThat(Samples.bytes(inflated)).isEqualTo(payload);
      in.release();
      out.release();
      inflated.release();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 15})
  void aSliceThatMustNotBeWrittenIsReadAsItStands(int windowBits) {
    byte[] around = Samples.words(7, 5_000);
    ByteBuffer slice = ByteBuffer.wrap(around, 13, 4_000).asReadOnlyBuffer();
    var terms = Samples.terms(6, true, windowBits);
    var sender = new MessageDeflater(terms, deflaters);
    ByteBuf out = Unpooled.buffer();
    sender.deflate(slice, out);
    sender.release();
    assertThat(slice.position()).isEqualTo(4_013);
    var receiver = new MessageInflater(terms, deflaters);
    assertThat(inflate(receiver, Samples.bytes(out)))
        .isEqualTo(Arrays.copyOfRange(around, 13, 4_013));
    receiver.release();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomConversationsArriveHoweverTheyAreCut(long seed) {
    var random = new Random(seed);
    for (int conversation = 0; conversation < 12; conversation++) {
      var terms = Samples.terms(1 + random.nextInt(9), random.nextBoolean(), 8 + random.nextInt(8));
      var sender = new MessageDeflater(terms, deflaters);
      var receiver = new MessageInflater(terms, deflaters);
      for (int message = 0; message < 20; message++) {
        int length = random.nextInt(1 << random.nextInt(16));
        byte[] payload =
            switch (random.nextInt(3)) {
              case 0 -> Samples.noise(random.nextLong(), length);
              case 1 -> Samples.periodic(random.nextLong(), 1 + random.nextInt(40_000), length);
              default -> Samples.words(random.nextLong(), length);
            };
        if (random.nextInt(10) == 0) {
          sender.forget();
        }
        byte[] compressed = Samples.deflate(sender, payload);
        ByteBuf out = Unpooled.buffer();
        for (int from = 0; from < compressed.length; ) {
          int size = Math.min(random.nextInt(1 << random.nextInt(12)), compressed.length - from);
          assertThat(receiver.inflate(ByteBuffer.wrap(compressed, from, size), out, LIMIT))
              .as("seed %d, conversation %d, message %d", seed, conversation, message)
              .isEqualTo(Outcome.OK);
          from += size;
        }
        assertThat(receiver.finish(out, LIMIT)).isEqualTo(Outcome.OK);
        assertThat(Samples.bytes(out))
            .as("seed %d, conversation %d, message %d", seed, conversation, message)
            .isEqualTo(payload);
      }
      sender.release();
      receiver.release();
    }
  }

  private static List<byte[]> payloads(int windowBits) {
    int window = 1 << windowBits;
    return List.of(
        new byte[0],
        new byte[] {42},
        Samples.words(1, 300),
        Samples.words(1, 300),
        Samples.periodic(2, window / 2 - 1, 3 * window),
        Samples.periodic(3, window - 1, 3 * window),
        Samples.periodic(4, window / 2 + 1, window),
        Samples.periodic(5, 2 * window, 5 * window),
        Samples.noise(6, window / 2),
        new byte[2 * window + 1],
        Samples.noise(7, 3),
        Samples.words(8, 40_000));
  }

  private static byte[] inflate(MessageInflater receiver, byte[] compressed) {
    ByteBuf out = Unpooled.buffer();
    assertThat(receiver.inflate(ByteBuffer.wrap(compressed), out, LIMIT)).isEqualTo(Outcome.OK);
    assertThat(receiver.finish(out, LIMIT)).isEqualTo(Outcome.OK);
    return Samples.bytes(out);
  }
}
