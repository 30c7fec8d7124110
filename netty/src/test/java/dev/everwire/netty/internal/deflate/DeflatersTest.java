package dev.everwire.netty.internal.deflate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeflatersTest {
  private static final byte[] PAYLOAD = Samples.words(1, 2_000);

  // what the JDK throws for an ended one, by version
  private static final Class<?>[] ENDED = {NullPointerException.class, IllegalStateException.class};

  private final Deflaters deflaters = new Deflaters();

  @Test
  void aThousandConnectionsWithoutTakeoverShareOneOfEach() {
    var terms = Samples.terms(1, false, 15);
    for (int i = 0; i < 1_000; i++) {
      byte[] compressed = Samples.deflate(new MessageDeflater(terms, deflaters), PAYLOAD);
      receive(new MessageInflater(terms, deflaters), compressed);
    }
    assertThat(deflaters.alive()).isEqualTo(2);
    deflaters.close();
    assertThat(deflaters.alive()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 11, 14})
  void withTakeoverAndASmallWindowNoneIsHeldBetweenMessagesEither(int windowBits) {
    var terms = Samples.terms(1, true, windowBits);
    for (int i = 0; i < 100; i++) {
      byte[] compressed = Samples.deflate(new MessageDeflater(terms, deflaters), PAYLOAD);
      receive(new MessageInflater(terms, deflaters), compressed);
    }
    assertThat(deflaters.alive()).isEqualTo(2);
  }

  @Test
  void withTakeoverAndAFullWindowADeflaterIsHeldFromTheFirstMessageOn() {
    var terms = Samples.terms(1, true, 15);
    List<MessageDeflater> senders =
        IntStream.range(0, 100).mapToObj(i -> new MessageDeflater(terms, deflaters)).toList();
    assertThat(deflaters.alive()).isZero();
    senders.forEach(sender -> Samples.deflate(sender, PAYLOAD));
    assertThat(deflaters.alive()).isEqualTo(100);

    senders.forEach(MessageDeflater::forget);
    senders.forEach(MessageDeflater::release);
    assertThat(deflaters.alive()).isEqualTo(Deflaters.MAX_IDLE_DEFLATERS);
    deflaters.close();
    assertThat(deflaters.alive()).isZero();
  }

  @Test
  void anInflaterIsHeldOnlyWithinAMessage() {
    for (boolean takeover : new boolean[] {false, true}) {
      var terms = Samples.terms(1, takeover, 15);
      byte[] compressed = Samples.deflated(PAYLOAD);
      var receivers = new ArrayList<MessageInflater>();
      int before = deflaters.alive();
      for (int i = 0; i < 100; i++) {
        var receiver = new MessageInflater(terms, deflaters);
        var unused = receiver.inflate(ByteBuffer.wrap(compressed, 0, 50), Unpooled.buffer(), 9_999);
        receivers.add(receiver);
      }
      assertThat(deflaters.alive())
          .isEqualTo(before == 0 ? 100 : 100 + before - Deflaters.MAX_IDLE_INFLATERS);
      receivers.forEach(MessageInflater::release);
      receivers.forEach(MessageInflater::release);
      assertThat(deflaters.alive()).isEqualTo(Deflaters.MAX_IDLE_INFLATERS);
    }
    deflaters.close();
    assertThat(deflaters.alive()).isZero();
  }

  @Test
  void levelsAreKeptApart() {
    for (int round = 0; round < 3; round++) {
      for (int level = 1; level <= 9; level++) {
        var sender = new MessageDeflater(Samples.terms(level, false, 15), deflaters);
        Samples.deflate(sender, PAYLOAD);
      }
    }
    assertThat(deflaters.alive()).isEqualTo(9);
  }

  @Test
  void whatComesBackAfterTheEndIsEnded() {
    Deflater deflater = deflaters.borrowDeflater(6);
    Inflater inflater = deflaters.borrowInflater();
    deflaters.close();
    deflaters.close();
    assertThat(deflaters.alive()).isEqualTo(2);
    deflaters.giveBack(deflater, 6);
    deflaters.giveBack(inflater);
    assertThat(deflaters.alive()).isZero();
    assertThatThrownBy(deflater::getBytesRead).isInstanceOfAny(ENDED);
    assertThatThrownBy(inflater::getBytesRead).isInstanceOfAny(ENDED);
  }

  @Test
  void whatWasLeftInsideIsForgottenOnTheWayBack() {
    Inflater inflater = deflaters.borrowInflater();
    inflater.setInput(new byte[] {7});
    assertThatThrownBy(() -> inflater.inflate(new byte[1])).isInstanceOf(DataFormatException.class);
    deflaters.giveBack(inflater);
    assertThat(deflaters.borrowInflater()).isSameAs(inflater);
    deflaters.giveBack(inflater);
    receive(new MessageInflater(Samples.terms(1, false, 15), deflaters), Samples.deflated(PAYLOAD));
    assertThat(deflaters.alive()).isEqualTo(1);
  }

  private static void receive(MessageInflater receiver, byte[] compressed) {
    var out = Unpooled.buffer();
    assertThat(receiver.inflate(ByteBuffer.wrap(compressed), out, 9_999)).isEqualTo(Outcome.OK);
    assertThat(receiver.finish(out, 9_999)).isEqualTo(Outcome.OK);
    assertThat(Samples.bytes(out)).isEqualTo(PAYLOAD);
  }
}
