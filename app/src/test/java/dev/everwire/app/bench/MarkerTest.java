package dev.everwire.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MarkerTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 15, 16, 0xFFFF_FFFFL, 0x1_0000_0000L, 0x1_0000_0001L, 9_000_000_000L})
  void theNumberIsReadBackNearTheOneExpected(long number) {
    ByteBuffer bytes = ByteBuffer.allocate(20);
    Marker.put(bytes, 2, 18, 99_999, number);
    for (long near : new long[] {number, number + 1_000, Math.max(0, number - 1_000)}) {
      assertThat(Marker.number(bytes, 2, 99_999, near)).isEqualTo(number);
    }
    assertThat(Marker.number(bytes, 2, 99_998, number)).isEqualTo(Marker.NONE);
    assertThat(Marker.number(bytes, 8, 99_999, number)).isEqualTo(Marker.NONE);
  }

  @Test
  void whatHasNoRoomIsLeftOut() {
    ByteBuffer bytes = ByteBuffer.wrap("......".getBytes(StandardCharsets.US_ASCII));
    Marker.put(bytes, 1, 3, 7, 0xABCDE);
    assertThat(new String(bytes.array(), StandardCharsets.US_ASCII)).isEqualTo(".edc..");
  }
}
