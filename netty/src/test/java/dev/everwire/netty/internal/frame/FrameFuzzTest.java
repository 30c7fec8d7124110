package dev.everwire.netty.internal.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes mean the same however they are cut, and the same to Netty's decoder where it has an
 * opinion. The first byte chooses: bit 0 the role, bit 1 the limit, bit 2 compression, bit 3 that
 * frames for a server are masked as they stand. A plain build tries what is kept beside this class;
 * {@code JAZZER_FUZZ=1} looks for more.
 */
final class FrameFuzzTest {

  @FuzzTest(maxDuration = "4m")
  void bytesMeanTheSameHoweverTheyAreCut(byte[] data) {
    if (data.length == 0) {
      return;
    }
    byte[] bytes = bytes(data);
    List<String> whole = reading(data).whole(bytes).told();
    assertThat(reading(data).pieces(bytes, 1).told()).isEqualTo(whole);
    assertThat(reading(data).pausingAfterEachFrame().whole(bytes).told()).isEqualTo(whole);
    Reading random = reading(data);
    var cuts = new Random(Arrays.hashCode(data));
    for (int from = 0; from < bytes.length; ) {
      int to = Math.min(bytes.length, from + cuts.nextInt(20));
      random.piece(bytes, from, to);
      from = to;
    }
    assertThat(random.told()).isEqualTo(whole);
  }

  @FuzzTest(maxDuration = "4m")
  void nettyThinksTheSame(byte[] data) {
    if (data.length == 0 || (data[0] & 4) != 0) {
      return;
    }
    byte[] bytes = Arrays.copyOf(bytes(data), bytes(data).length + 14); // ends a head begun
    List<String> ours = reading(data).whole(bytes).told();
    List<String> theirs = NettyOracle.read(server(data), limit(data), bytes);
    boolean broken = !ours.isEmpty() && ours.getLast().startsWith("breach");
    if (broken && !ours.getLast().startsWith("breach 1008")) {
      int told = ours.size() - 1;
      assertThat(theirs.subList(0, Math.min(told, theirs.size()))).isEqualTo(ours.subList(0, told));
      if (theirs.size() > told) { // or else a frame that is there in part
        boolean code = ours.getLast().contains("close with code"); // it knows no highest one
        assertThat(ours.getLast()).startsWith(code ? "breach 1002" : theirs.getLast());
        assertThat(theirs).hasSameSizeAs(ours);
      }
    } else if (!broken) {
      assertThat(theirs).isEqualTo(ours);
    }
  }

  private static Reading reading(byte[] data) {
    @Nullable Inflation inflation = (data[0] & 4) == 0 ? null : new Doubling();
    return Reading.of(server(data), limit(data), inflation);
  }

  private static boolean server(byte[] data) {
    return (data[0] & 1) == 0;
  }

  private static int limit(byte[] data) {
    return (data[0] & 2) == 0 ? 100_000 : 200;
  }

  private static byte[] bytes(byte[] data) {
    byte[] frames = Arrays.copyOfRange(data, 1, data.length);
    return server(data) && (data[0] & 8) != 0 ? masked(frames) : frames;
  }

  /** Masks frames one after the other for as long as they are whole. */
  private static byte[] masked(byte[] frames) {
    var out = new ByteArrayOutputStream();
    int at = 0;
    while (frames.length - at >= 2) {
      int length = frames[at + 1] & 0x7F;
      int head = 2;
      if (length == 126 && frames.length - at >= 4) {
        length = (frames[at + 2] & 0xFF) << 8 | (frames[at + 3] & 0xFF);
        head = 4;
      } else if (length >= 126) {
        break;
      }
      int end = Math.min(frames.length, at + head + length);
      out.write(frames[at]);
      out.write(frames[at + 1] | 0x80);
      out.write(frames, at + 2, head - 2);
      byte[] key = {(byte) at, (byte) 0x81, (byte) (at >> 3), 0x5C};
      out.writeBytes(key);
      for (int i = at + head; i < end; i++) {
        out.write(frames[i] ^ key[(i - at - head) & 3]);
      }
      at = end;
    }
    out.write(frames, at, frames.length - at);
    return out.toByteArray();
  }
}
