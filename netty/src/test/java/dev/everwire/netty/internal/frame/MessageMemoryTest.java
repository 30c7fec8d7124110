package dev.everwire.netty.internal.frame;

import static dev.everwire.netty.internal.frame.Reading.masked;
import static dev.everwire.netty.internal.frame.Reading.unmasked;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much a message in parts costs, and that it is read without a copy where that is possible. */
class MessageMemoryTest {
  private static final int MIB = 1024 * 1024;

  private final List<Reading> begun = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    begun.forEach(Reading::told);
  }

  @Test
  void aMessageThatIsWhollyThereTakesNoMemory() {
    Reading reading = server(MIB).whole(masked("82 05 0102030405 / 81 01 61"));
    assertThat(reading.held()).isZero();
  }

  @Test
  void whatIsOnlyAnnouncedTakesLittle() {
    Reading reading = server(10 * MIB).whole(masked("82 7F 0000000000A00000 01"));
    assertThat(reading.held()).isEqualTo(4 * 1024);
  }

  @Test
  void aShortFrameTakesItsLength() {
    Reading reading = server(10 * MIB).whole(masked("82 7E 0100 01"));
    assertThat(reading.held()).isEqualTo(256);
  }

  @Test
  void memoryGrowsWithWhatCame() {
    byte[] bytes = ByteBuffer.allocate(4 * MIB + 14).put(masked("82 7F 0000000000400000")).array();
    Reading reading = server(10 * MIB);
    for (int at = 0; at < bytes.length - 1000; at += 1000) {
      reading.piece(bytes, at, at + 1000);
      assertThat(reading.held()).isLessThanOrEqualTo(Math.max(8 * 1024, 2 * (at + 2000)));
    }
  }

  @Test
  void manyFragmentsAreNotCopiedEachTime() {
    Reading reading = server(10 * MIB);
    byte[] first = masked("02 40 " + "00".repeat(64));
    byte[] next = masked("00 40 " + "00".repeat(64));
    reading.piece(first, 0, first.length);
    long held = reading.held();
    int grown = 0;
    for (int i = 0; i < 10_000; i++) {
      reading.piece(next, 0, next.length);
      if (reading.held() != held) {
        held = reading.held();
        grown++;
      }
    }
    assertThat(grown).isLessThan(20);
    assertThat(reading.held()).isLessThanOrEqualTo(2 * 64 * 10_001);
  }

  @Test
  void aPartialControlFrameTakesNoBuffer() {
    Reading reading = server(MIB).whole(masked("89 05 010203"));
    assertThat(reading.held()).isZero();
  }

  @Test
  void onlyALargeRestOfWhatHasWellBegunHasATarget() {
    assertThat(server(MIB).whole(masked("82 7F 0000000000080000 00")).reader().target()).isNull();
    assertThat(server(MIB).reader().target()).isNull();
    assertThat(server(MIB).whole(masked("82 7E 4000 00")).reader().target()).isNull();
    assertThat(server(MIB).whole(masked("89 7D 00")).reader().target()).isNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsReadIntoTheTargetIsTheSameMessage(boolean server) {
    byte[] payload = new byte[300_000];
    new Random(7).nextBytes(payload);
    byte[] frame = frame("82 7F 00000000000493E0", payload, server);
    byte[] after = frame("81 02", new byte[] {'h', 'i'}, server);
    Reading reading = server ? server(MIB) : client(MIB);
    int at = 20_003;
    reading.piece(frame, 0, at);
    int reads = 0;
    for (int length = reading.toTarget(frame, at); length > 0; reads++) {
      at += length;
      length = reading.toTarget(frame, at);
    }
    assertThat(reads).isBetween(2, 8);
    if (at < frame.length) {
      reading.piece(frame, at, frame.length);
    }
    reading.piece(after, 0, after.length);
    assertThat(reading.sentence()).isEqualTo("binary 300000 bytes; text hi");
  }

  @Test
  void badTextInTheTargetIsFoundAtOnce() {
    byte[] payload = new byte[100_000];
    payload[50_000] = (byte) 0xFF;
    byte[] frame = frame("81 7F 00000000000186A0", payload, true);
    Reading reading = server(MIB);
    reading.piece(frame, 0, 20_000);
    assertThat(reading.toTarget(frame, 20_000)).isPositive();
    assertThat(reading.sentence()).isEqualTo("breach 1007 text is not UTF-8");
  }

  private Reading server(int maxMessageBytes) {
    return begun(Reading.server(maxMessageBytes));
  }

  private Reading client(int maxMessageBytes) {
    return begun(Reading.client(maxMessageBytes));
  }

  private Reading begun(Reading reading) {
    begun.add(reading);
    return reading;
  }

  private static byte[] frame(String head, byte[] payload, boolean server) {
    var hex = new StringBuilder(head);
    for (byte b : payload) {
      hex.append("%02x".formatted(b));
    }
    return server ? masked(hex.toString()) : unmasked(hex.toString());
  }
}
