package dev.everwire.netty.internal.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameWriterTest {
  @Test
  void aServersFrameIsAsInTheStandard() { // RFC 6455 section 5.7
    assertThat(written(FrameWriter.SERVER, Opcode.TEXT, "Hello".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("810548656c6c6f");
    assertThat(written(FrameWriter.SERVER, Opcode.PING, new byte[0])).isEqualTo("8900");
  }

  @ParameterizedTest
  @CsvSource({
    "125, 827d",
    "126, 827e007e",
    "65535, 827effff",
    "65536, 827f0000000000010000",
  })
  void lengthsAreWrittenTheShortestWay(int length, String header) {
    assertThat(written(FrameWriter.SERVER, Opcode.BINARY, new byte[length]))
        .startsWith(header + "00");
    assertThat(FrameWriter.SERVER.length(length)).isEqualTo(header.length() / 2 + length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 125, 126, 70_000})
  void aClientsFrameIsMasked(int length) {
    byte[] payload = new byte[length];
    for (int i = 0; i < length; i++) {
      payload[i] = (byte) i;
    }
    FrameWriter frames = FrameWriter.client();
    ByteBuf out = Unpooled.buffer();
    frames.write(out, Opcode.BINARY, ByteBuffer.wrap(payload));
    assertThat(out.readableBytes()).isEqualTo(frames.length(length));
    assertThat(out.getByte(1) & 0x80).isEqualTo(0x80);
    int from = out.readableBytes() - length;
    for (int i = 0; i < length; i++) {
      assertThat((byte) (out.getByte(from + i) ^ out.getByte(from - 4 + (i & 3))))
          .isEqualTo(payload[i]);
    }
  }

  @Test
  void masksDoNotRepeat() {
    FrameWriter frames = FrameWriter.client();
    Set<Integer> masks = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      ByteBuf out = Unpooled.buffer();
      frames.write(out, Opcode.TEXT, ByteBuffer.allocate(0));
      masks.add(out.getInt(2));
    }
    assertThat(masks).hasSizeGreaterThan(195);
  }

  private static String written(FrameWriter frames, int opcode, byte[] payload) {
    ByteBuf out = Unpooled.buffer();
    frames.write(out, opcode, ByteBuffer.wrap(payload));
    return ByteBufUtil.hexDump(out);
  }
}
