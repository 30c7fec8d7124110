package dev.everwire.netty.internal.frame;

import static dev.everwire.netty.internal.frame.Reading.masked;
import static dev.everwire.netty.internal.frame.Reading.unmasked;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames where compression was agreed on; {@link Doubling} stands for it. */
class CompressedFramesTest {
  private static final int LIMIT = 20;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          compressed                  | C1 02 6162                        | text aabb!
          not compressed              | 81 02 6162                        | text ab
          both in turn                | C2 01 00 / 82 01 00 / C1 00       | binary 000021; binary 00; text !
          fragments                   | 41 01 61 / 00 01 62 / 80 01 63    | text aabbcc!
          ping in between             | 41 01 61 / 89 00 / 80 01 63       | ping; text aacc!
          RSV1 on a continuation      | 41 01 61 / C0 01 62               | breach 1002 reserved bit is set
          RSV1 on a ping              | C9 00                             | breach 1002 reserved bit is set
          RSV2                        | E1 00                             | breach 1002 reserved bit is set
          up to the limit             | C2 09 000000000000000000          | binary 00000000000000000000000000000000000021
          past the limit              | C2 0A 00000000000000000000        | breach 1009 message longer than 20 bytes
          past it in fragments        | 42 09 000000000000000000 / 00 02 0000 | breach 1009 message longer than 20 bytes
          far past it                 | C2 7E 0200                        | breach 1009 message longer than 20 bytes
          not valid                   | C2 03 00EE00                      | breach 1007 compressed data is not valid
          not text                    | C1 02 61FF                        | breach 1007 text is not UTF-8
          ends inside a character     | C1 01 C3                          | breach 1007 text is not UTF-8
          binary need not be text     | C2 01 C3                          | binary c3c321
          """)
  void whatIsInflatedIsChecked(String name, String frames, String sentence) {
    for (boolean server : new boolean[] {true, false}) {
      byte[] bytes = server ? masked(frames) : unmasked(frames);
      for (int length = 1; length <= bytes.length; length++) {
        assertThat(Reading.of(server, LIMIT, new Doubling()).pieces(bytes, length).sentence())
            .as("in pieces of %d", length)
            .isEqualTo(sentence);
      }
    }
  }
}
