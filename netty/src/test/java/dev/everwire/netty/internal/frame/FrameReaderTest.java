package dev.everwire.netty.internal.frame;

import static dev.everwire.netty.internal.frame.Reading.masked;
import static dev.everwire.netty.internal.frame.Reading.unmasked;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes in, sentences out, for both roles and however the bytes are cut. */
class FrameReaderTest {
  private static final int LIMIT = 300;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text                        | 81 05 48656c6c6f                  | text Hello
          empty text                  | 81 00                             | text
          binary                      | 82 03 00FF80                      | binary 00ff80
          empty binary                | 82 00                             | binary
          two in one go               | 81 01 61 / 82 01 62               | text a; binary 62
          characters of all lengths   | 81 0A 24C2A2E282ACF09F9880        | text $¢€😀
          half a message              | 81 05 486564                      | ''
          nothing but a first byte    | 81                                | ''
          fragments                   | 01 01 61 / 00 01 62 / 80 01 63    | text abc
          binary fragments            | 02 01 61 / 80 01 62               | binary 6162
          empty fragments             | 01 00 / 00 00 / 80 00             | text
          empty fragments around      | 01 00 / 00 01 61 / 80 00          | text a
          character over fragments    | 01 02 E282 / 80 01 AC             | text €
          over three fragments        | 01 01 F0 / 00 02 9F98 / 80 01 80  | text 😀
          ping between fragments      | 01 01 61 / 89 01 62 / 80 01 63    | ping 62; text ac
          ping between halves         | 01 01 E2 / 89 00 / 80 02 82AC     | ping; text €
          pong unasked                | 8A 02 6869                        | pong
          pings one after the other   | 89 01 01 / 89 01 02 / 89 01 03    | ping 01; ping 02; ping 03
          text after fragments        | 02 00 / 80 00 / 81 01 61          | binary; text a
          close without a code        | 88 00                             | close 1005
          close with a code           | 88 02 03E8                        | close 1000
          close with a reason         | 88 05 0FA0 627965                 | close 4000 bye
          nothing after close         | 88 02 03E8 / 81 01 61 / 83 00     | close 1000
          nonsense after close        | 88 02 03E8 / F3 00                | close 1000
          """)
  void whatIsAllowedIsUnderstood(String name, String frames, String sentence) {
    assertReads(frames, sentence);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          RSV1                     | C1 00             | breach 1002 reserved bit is set
          RSV2                     | A1 00             | breach 1002 reserved bit is set
          RSV3                     | 91 00             | breach 1002 reserved bit is set
          RSV1 on a ping           | C9 00             | breach 1002 reserved bit is set
          RSV2 on a continuation   | 01 00 / A0 00     | breach 1002 reserved bit is set
          RSV3 on a close          | 98 00             | breach 1002 reserved bit is set
          opcode 3                 | 83 00             | breach 1002 opcode 3 is reserved
          opcode 7                 | 87 00             | breach 1002 opcode 7 is reserved
          opcode 11                | 8B 00             | breach 1002 opcode 11 is reserved
          opcode 15                | 8F 00             | breach 1002 opcode 15 is reserved
          ping in fragments        | 09 00             | breach 1002 control frame in fragments
          close in fragments       | 08 00             | breach 1002 control frame in fragments
          ping of 126 bytes        | 89 7E 007E        | breach 1002 control frame longer than 125 bytes
          close of 64 KiB          | 88 7F 0000000000010000 | breach 1002 control frame longer than 125 bytes
          nothing to continue      | 80 00             | breach 1002 nothing to be continued
          nothing to go on with    | 00 00             | breach 1002 nothing to be continued
          continued after its end  | 81 00 / 80 00     | text; breach 1002 nothing to be continued
          text inside text         | 01 00 / 81 00     | breach 1002 message inside a message
          binary inside text       | 01 00 / 02 00     | breach 1002 message inside a message
          125 in two bytes         | 82 7E 007D        | breach 1002 length is not written the shortest way
          65535 in eight bytes     | 82 7F 000000000000FFFF | breach 1002 length is not written the shortest way
          top bit of the length    | 82 7F 8000000000000000 | breach 1002 length is negative
          longer than the limit    | 82 7E 012D        | breach 1009 message longer than 300 bytes
          longer than 4 GiB        | 82 7F 0000000100000000 | breach 1009 message longer than 300 bytes
          longer than anything     | 82 7F 7FFFFFFFFFFFFFFF | breach 1009 message longer than 300 bytes
          message before a breach  | 81 01 61 / 83 00  | text a; breach 1002 opcode 3 is reserved
          close of one byte        | 88 01 03          | breach 1002 close with half a code
          """)
  void whatBreaksARuleEndsTheReading(String name, String frames, String sentence) {
    assertReads(frames, sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "0000, false", "03E7, false", "03E8, true", "03E9, true", "03EA, true", "03EB, true",
    "03EC, false", "03ED, false", "03EE, false", "03EF, true", "03F0, true", "03F1, true",
    "03F2, true", "03F3, true", "03F4, true", "03F5, true", "03F6, true", "03F7, false",
    "03F8, false", "07CF, false", "07D0, false", "0BB7, false", "0BB8, true", "0F9F, true",
    "0FA0, true", "1387, true", "1388, false", "FFFF, false"
  })
  void closeCodesAreThoseThatMayTravel(String code, boolean allowed) {
    int number = Integer.parseInt(code, 16);
    assertReads(
        "88 02 " + code, allowed ? "close " + number : "breach 1002 close with code " + number);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          stray continuation byte     | 81 01 80
          overlong slash              | 81 02 C0AF
          overlong in three bytes     | 81 03 E08080
          surrogate                   | 81 03 EDA080
          beyond U+10FFFF             | 81 04 F4908080
          five bytes                  | 81 05 F888808080
          ends inside a character     | 81 02 E282
          ends inside, in fragments   | 01 01 E2 / 80 01 82
          empty end inside            | 01 02 E282 / 80 00
          bad long before its end     | 81 7E 0100 61 F5
          bad in the first of many    | 01 02 61FF
          bad across fragments        | 01 01 E2 / 00 01 41
          bad behind eight good ones  | 81 7E 0080 6162636465666768 FF
          """)
  void badTextIsFoundAtItsFirstBadByte(String name, String frames) {
    assertReads(frames, "breach 1007 text is not UTF-8");
  }

  @Test
  void theReasonOfACloseIsText() {
    assertReads("88 03 03E8 FF", "breach 1007 close reason is not UTF-8");
    assertReads("88 04 03E8 E282", "breach 1007 close reason is not UTF-8");
    assertReads("88 05 03E8 E282AC", "close 1000 €");
  }

  @Test
  void binaryNeedNotBeText() {
    assertReads("82 02 C0AF", "binary c0af");
    assertReads("02 01 FF / 80 01 FE", "binary fffe");
  }

  @Test
  void onlyAClientMasks() {
    assertThat(Reading.server(LIMIT).whole(unmasked("81 01 61")).sentence())
        .isEqualTo("breach 1002 frame is not masked");
    assertThat(Reading.server(LIMIT).whole(unmasked("89 00")).sentence())
        .isEqualTo("breach 1002 frame is not masked");
    assertThat(Reading.client(LIMIT).whole(masked("81 01 61")).sentence())
        .isEqualTo("breach 1002 frame is masked");
  }

  @Test
  void lengthsUpToTheLimitAreTaken() {
    assertReads("82 7E 012C " + "00".repeat(300), "binary 300 bytes");
    assertReads("82 7D " + "00".repeat(125), "binary 125 bytes");
    assertReads("82 7E 007E " + "00".repeat(126), "binary 126 bytes");
    assertReads("89 7D " + "00".repeat(125), "ping 125 bytes");
  }

  @Test
  void fragmentsTogetherMustKeepTheLimit() {
    assertReads(
        "02 7E 00C8 " + "00".repeat(200) + " / 80 64 " + "00".repeat(100), "binary 300 bytes");
    assertReads(
        "02 7E 00C8 " + "00".repeat(200) + " / 80 65 " + "00".repeat(101),
        "breach 1009 message longer than 300 bytes");
  }

  @Test
  void aLongMessageIsUnmaskedAtEveryOffset() {
    for (int length = 0; length < 80; length++) {
      var payload = new StringBuilder();
      for (int i = 0; i < length; i++) {
        payload.append("%02x".formatted(i * 7 & 0x7F));
      }
      String frame = "82 %02x %s".formatted(length, payload);
      String expected = length > 64 ? "binary " + length + " bytes" : "binary " + payload;
      assertReads(frame, expected.strip());
    }
  }

  @Test
  void moreFragmentsThanTheirBytesAreWorthAreAFlood() {
    String none = " / 00 00".repeat(1023);
    assertThat(whole(1000, "02 00" + none + " / 80 00"))
        .isEqualTo("breach 1008 message in too many fragments");
    assertThat(whole(1000, "02 00" + none)).isEmpty();
    String sixteen = " / 00 10 " + "00".repeat(16);
    assertThat(whole(1_000_000, "02 00" + sixteen.repeat(5000) + " / 80 00"))
        .isEqualTo("binary 80000 bytes");
  }

  @Test
  void aPausedReaderStopsBehindEachFrameAndLosesNothing() {
    String frames = "81 01 61 / 89 01 62 / 01 01 63 / 80 01 64 / 82 00 / 88 02 03E8 / 81 01 65";
    assertThat(Reading.server(LIMIT).pausingAfterEachFrame().whole(masked(frames)).sentence())
        .isEqualTo("text a; ping 62; text cd; binary; close 1000");
  }

  @Test
  void aReaderThatDiscardsStillSeesTheClose() {
    String frames = "01 01 61 / 00 02 FFFF / 89 00 / 80 00 / 82 01 00 / 88 02 03E8";
    for (int split = 0; split < 4; split++) {
      Reading reading = Reading.server(LIMIT);
      byte[] bytes = masked(frames);
      reading.piece(bytes, 0, split * 3);
      reading.reader().discard();
      assertThat(reading.held()).isZero();
      reading.piece(bytes, split * 3, bytes.length);
      assertThat(reading.sentence()).isEqualTo("ping; close 1000");
    }
  }

  private static void assertReads(String frames, String sentence) {
    assertReads(() -> Reading.client(LIMIT), unmasked(frames), sentence);
    assertReads(() -> Reading.server(LIMIT), masked(frames), sentence);
  }

  private static void assertReads(Supplier<Reading> fresh, byte[] bytes, String sentence) {
    assertThat(fresh.get().whole(bytes).sentence()).isEqualTo(sentence);
    for (int length : List.of(1, 2, 3, 7)) {
      assertThat(fresh.get().pieces(bytes, length).sentence())
          .as("in pieces of %d", length)
          .isEqualTo(sentence);
    }
    for (int at = 0; at <= bytes.length; at++) {
      assertThat(fresh.get().splitAt(bytes, at).sentence()).as("cut at %d", at).isEqualTo(sentence);
    }
  }

  private static String whole(int limit, String frames) {
    return Reading.server(limit).whole(masked(frames)).sentence();
  }
}
