package dev.everwire.netty.internal.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.everwire.netty.internal.deflate.Negotiation.Agreed;
import dev.everwire.netty.internal.deflate.Negotiation.Compressed;
import dev.everwire.netty.internal.deflate.Negotiation.Malformed;
import dev.everwire.netty.internal.deflate.Negotiation.Refused;
import dev.everwire.netty.options.Compression;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Any header gets an answer, and one that every client understands. */
final class NegotiationFuzzTest {
  private static final Compression OURS =
      Compression.DEFAULT.withTakeover(true, true).withWindowBits(13, 12);

  @FuzzTest(maxDuration = "3m")
  void everyHeaderGetsAnAnswer(byte[] data) {
    List<String> lines = List.of(new String(data, StandardCharsets.ISO_8859_1).split("\n"));
    var answer = Negotiation.answer(lines, OURS);
    var verdict = Negotiation.accept(OURS, lines);
    if (answer instanceof Agreed(DeflateTerms terms, String header)) {
      assertThat(terms.sendWindowBits()).isBetween(8, 13);
      assertThat(terms.receiveWindowBits()).isBetween(8, 15);
      assertThat(Negotiation.answer(List.of(header), OURS)).isInstanceOf(Agreed.class);
    }
    if (verdict instanceof Compressed(DeflateTerms terms)) {
      assertThat(terms.receiveWindowBits()).isBetween(8, 12);
      assertThat(answer).isInstanceOf(Agreed.class);
    }
    if (answer instanceof Malformed && !lines.isEmpty()) {
      assertThat(verdict).isInstanceOf(Refused.class);
    }
  }
}
