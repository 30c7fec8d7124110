package dev.everwire.client.foreign.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class BinaryCodingTest {
  private static final String CONTENT = "{\"topic\":\"wörld\",\"data\":[1,2,3]}";
  private static final int MUCH = 1 << 20;

  static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] rawDeflate(byte[] plain) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(plain);
    deflater.finish();
    byte[] out = new byte[plain.length + 64];
    int length = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  private static byte[] encoded(BinaryCoding coding, byte[] plain) {
    return switch (coding) {
      case PLAIN, DETECT -> plain;
      case GZIP -> gzip(plain);
      case RAW_DEFLATE -> rawDeflate(plain);
    };
  }

  @ParameterizedTest
  @EnumSource
  void everyFormIsReadAsWhatItIsAndFoundOut(BinaryCoding coding) {
    byte[] bytes = encoded(coding, CONTENT.getBytes(StandardCharsets.UTF_8));
    assertThat(coding.decode(bytes, MUCH)).hasToString(CONTENT);
    assertThat(BinaryCoding.DETECT.decode(bytes, MUCH)).hasToString(CONTENT);
  }

  @ParameterizedTest
  @EnumSource
  void nothingUnfoldsBeyondTheLimit(BinaryCoding coding) {
    byte[] zeros = "0".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
    byte[] bytes = encoded(coding, zeros);
    assertThat(coding.decode(bytes, zeros.length).length()).isEqualTo(zeros.length);
    assertThatThrownBy(() -> coding.decode(bytes, zeros.length - 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longer than 65535 bytes");
  }

  @ParameterizedTest
  @EnumSource
  void rubbishIsRefused(BinaryCoding coding) {
    byte[] rubbish = {(byte) 0xff, (byte) 0xfe, 0, 1, 2};
    assertThatThrownBy(() -> coding.decode(rubbish, MUCH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("binary message: ");
  }

  @Test
  void aMessageThatWasOnlyFlushedIsRead() {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(CONTENT.getBytes(StandardCharsets.UTF_8));
    byte[] out = new byte[200];
    int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    byte[] flushed = Arrays.copyOf(out, length);
    assertThat(BinaryCoding.RAW_DEFLATE.decode(flushed, MUCH)).hasToString(CONTENT);
    assertThat(BinaryCoding.DETECT.decode(flushed, MUCH)).hasToString(CONTENT);
  }

  @Test
  void aCutMessageIsRefused() {
    byte[] whole = gzip(CONTENT.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> BinaryCoding.GZIP.decode(Arrays.copyOf(whole, whole.length / 2), MUCH))
        .hasMessage("binary message: not gzip");
    byte[] raw = rawDeflate(CONTENT.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(
            () -> BinaryCoding.RAW_DEFLATE.decode(Arrays.copyOf(raw, raw.length / 2), MUCH))
        .hasMessage("binary message: not raw deflate");
  }
}
