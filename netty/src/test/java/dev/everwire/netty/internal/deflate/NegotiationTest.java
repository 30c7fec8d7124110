package dev.everwire.netty.internal.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.internal.deflate.Negotiation.Agreed;
import dev.everwire.netty.internal.deflate.Negotiation.Compressed;
import dev.everwire.netty.internal.deflate.Negotiation.Declined;
import dev.everwire.netty.internal.deflate.Negotiation.Malformed;
import dev.everwire.netty.internal.deflate.Negotiation.Plain;
import dev.everwire.netty.internal.deflate.Negotiation.Refused;
import dev.everwire.netty.options.Compression;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Terms are written as {@code send/receive}: the window bits of each direction, with a plus where
 * messages may refer to earlier ones.
 */
class NegotiationTest {
  private static final Compression FRUGAL = Compression.DEFAULT;
  private static final Compression GENEROUS = FRUGAL.withTakeover(true, true);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "permessage-deflate                               | 15+/15+ | permessage-deflate",
        "PerMessage-Deflate                               | 15+/15+ | permessage-deflate",
        "permessage-deflate; server_no_context_takeover   | 15/15+  | permessage-deflate; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover   | 15+/15  | permessage-deflate; client_no_context_takeover",
        "permessage-deflate; server_max_window_bits=9     | 9+/15+  | permessage-deflate; server_max_window_bits=9",
        "permessage-deflate; server_max_window_bits=\"8\" | 8+/15+  | permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits=15    | 15+/15+ | permessage-deflate; server_max_window_bits=15",
        "permessage-deflate; client_max_window_bits       | 15+/15+ | permessage-deflate",
        "permessage-deflate; client_max_window_bits=15    | 15+/15+ | permessage-deflate",
        "permessage-deflate; client_max_window_bits=9     | 15+/9+  | permessage-deflate; client_max_window_bits=9",
        "permessage-deflate;client_max_window_bits=8;server_max_window_bits=10;client_no_context_takeover;server_no_context_takeover"
            + " | 10/8 | permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=8",
        "x-webkit-deflate-frame, permessage-deflate       | 15+/15+ | permessage-deflate",
        "permessage-bzip2; level=\"9\" ,permessage-deflate | 15+/15+ | permessage-deflate",
        "permessage-deflate; server_max_window_bits=9, permessage-deflate | 9+/15+ | permessage-deflate; server_max_window_bits=9",
      })
  void aServerTakesWhatItIsOffered(String offer, String terms, String header) {
    assertThat(answer(offer, GENEROUS)).isEqualTo(terms + " " + header);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "permessage-deflate                         | 10/15 | permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; client_max_window_bits | 10/11 | permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=11",
        "permessage-deflate; client_max_window_bits=12 | 10/11 | permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=11",
        "permessage-deflate; client_max_window_bits=10 | 10/10 | permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=10",
        "permessage-deflate; server_max_window_bits=12 | 10/15 | permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10",
        "permessage-deflate; server_max_window_bits=9  | 9/15  | permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9",
      })
  void aServerAsksForLessOnlyWhereItMay(String offer, String terms, String header) {
    assertThat(answer(offer, FRUGAL.withWindowBits(10, 11))).isEqualTo(terms + " " + header);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate; unknown",
        "permessage-deflate; unknown=1",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; client_max_window_bits; client_max_window_bits=9",
        "permessage-deflate; server_max_window_bits=9; SERVER_MAX_WINDOW_BITS=9",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=08",
        "permessage-deflate; server_max_window_bits=+8",
        "permessage-deflate; server_max_window_bits=8.0",
        "permessage-deflate; server_max_window_bits=99999999999999999999",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; server_no_context_takeover=true",
        "permessage-deflate; client_no_context_takeover=\"1\"",
        "permessage-bzip2",
        "permessage-deflate-x",
      })
  void anInvalidOfferIsPassedOver(String offer) {
    assertThat(answer(offer, GENEROUS)).isEqualTo("declined");
    assertThat(answer(offer + ", permessage-deflate", GENEROUS))
        .isEqualTo("15+/15+ permessage-deflate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        ";",
        "permessage-deflate;",
        "permessage-deflate;;server_no_context_takeover",
        "permessage-deflate server_no_context_takeover",
        "permessage-deflate; =9",
        "permessage-deflate; server_max_window_bits=",
        "permessage-deflate; server_max_window_bits=\"",
        "permessage-deflate; server_max_window_bits=\"9",
        "permessage-deflate; server_max_window_bits=\"\"",
        "permessage-deflate; server_max_window_bits=\"1 0\"",
        "permessage-deflate; server_max_window_bits=\"9\\",
        "permessage-deflate; server_max_window_bits=\"9\"0",
        "permessage-deflate; server_max_window_bits=9=9",
        "permessage-deflate=1",
        "\"permessage-deflate\"",
        "permessage/deflate",
        "permessage-deflate, é",
        "permessage-deflate\u0000",
        "permessage-deflate\r\nX: y",
        "x; a=(b)",
      })
  void aHeaderAgainstTheGrammarIsMalformedWhetherOrNotWeCompress(String header) {
    assertThat(answer(header, GENEROUS)).isEqualTo("malformed");
    assertThat(answer(header, null)).isEqualTo("malformed");
    assertThat(accept(header, GENEROUS))
        .isEqualTo("the server's Sec-WebSocket-Extensions is malformed");
  }

  @Test
  void blanksAndEmptyElementsAreAllowedWhereTheGrammarHasThem() {
    assertThat(
            answer(
                "\t, ,permessage-deflate\t; server_max_window_bits = \"1\\0\" ;client_max_window_bits , ,",
                GENEROUS))
        .isEqualTo("10+/15+ permessage-deflate; server_max_window_bits=10");
  }

  @Test
  void offersInSeveralLinesAreOneList() {
    var lines = List.of("permessage-deflate; bad", "", "x-other, permessage-deflate");
    assertThat(Negotiation.answer(lines, GENEROUS)).isInstanceOf(Agreed.class);
    assertThat(Negotiation.answer(List.of("permessage-deflate", "a b"), GENEROUS))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void withoutOffersOrWithoutCompressionNothingIsAgreed() {
    assertThat(Negotiation.answer(List.of(), GENEROUS)).isInstanceOf(Declined.class);
    assertThat(answer("permessage-deflate", null)).isEqualTo("declined");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true  | true  | 15 | 15 | permessage-deflate; client_max_window_bits",
        "false | true  | 15 | 15 | permessage-deflate; client_no_context_takeover; client_max_window_bits",
        "true  | false | 15 | 15 | permessage-deflate; server_no_context_takeover; client_max_window_bits",
        "true  | true  | 9  | 15 | permessage-deflate; client_max_window_bits=9",
        "true  | true  | 15 | 8  | permessage-deflate; server_max_window_bits=8; client_max_window_bits",
        "false | false | 12 | 11 | permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=11; client_max_window_bits=12",
      })
  void aClientOffersWhatItsOptionsSay(
      boolean sendTakeover, boolean receiveTakeover, int send, int receive, String header) {
    var ours = FRUGAL.withTakeover(sendTakeover, receiveTakeover).withWindowBits(send, receive);
    assertThat(Negotiation.offer(ours)).isEqualTo(header);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "permessage-deflate                              | 15+/15+",
        "permessage-deflate; server_no_context_takeover  | 15+/15",
        "permessage-deflate; client_no_context_takeover  | 15/15+",
        "permessage-deflate; server_max_window_bits=9    | 15+/9+",
        "permessage-deflate; client_max_window_bits=8    | 8+/15+",
        "permessage-deflate; client_max_window_bits=15   | 15+/15+",
        "permessage-deflate; client_max_window_bits      | the server answered permessage-deflate with an invalid parameter",
        "permessage-deflate; server_max_window_bits      | the server answered permessage-deflate with an invalid parameter",
        "permessage-deflate; server_max_window_bits=16   | the server answered permessage-deflate with an invalid parameter",
        "permessage-deflate; client_max_window_bits=07   | the server answered permessage-deflate with an invalid parameter",
        "permessage-deflate; server_no_context_takeover=1 | the server answered permessage-deflate with an invalid parameter",
        "permessage-deflate; other                       | the server answered permessage-deflate with an invalid parameter",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover | the server answered permessage-deflate with an invalid parameter",
        "permessage-deflate, permessage-deflate          | the server answered more than one extension",
        "permessage-deflate, other                       | the server answered more than one extension",
        "other                                           | the server answered an extension that was not offered",
      })
  void aClientThatAskedForNothingTakesWhatTheServerMayChoose(String answer, String expected) {
    assertThat(accept(answer, GENEROUS)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "; server_no_context_takeover; server_max_window_bits=11                            | 10/11",
        "; server_no_context_takeover; server_max_window_bits=8; client_max_window_bits=10  | 10/8",
        "; server_no_context_takeover; server_max_window_bits=11; client_max_window_bits=9; client_no_context_takeover | 9/11",
        "; server_max_window_bits=11                             | the server did not confirm server_no_context_takeover",
        "; server_no_context_takeover                            | the server did not confirm server_max_window_bits",
        "; server_no_context_takeover; server_max_window_bits=12 | the server did not confirm server_max_window_bits",
        "; server_no_context_takeover; server_max_window_bits=9; client_max_window_bits=11 | the server answered a client_max_window_bits above the offered one",
      })
  void aClientInsistsOnWhatItAskedFor(String parameters, String expected) {
    var ours = FRUGAL.withWindowBits(10, 11);
    assertThat(accept("permessage-deflate" + parameters, ours)).isEqualTo(expected);
  }

  @Test
  void anAnswerWithoutExtensionsMeansNoCompression() {
    assertThat(Negotiation.accept(GENEROUS, List.of())).isInstanceOf(Plain.class);
    assertThat(Negotiation.accept(null, List.of())).isInstanceOf(Plain.class);
    assertThat(accept("permessage-deflate", null))
        .isEqualTo("the server answered an extension that was not offered");
  }

  @Test
  void whateverOurClientOffersOurServerTakesAndBothUnderstandTheSame() {
    for (int flags = 0; flags < 16; flags++) {
      for (int window = 8; window <= 15; window++) {
        var client =
            FRUGAL
                .withTakeover((flags & 1) > 0, (flags & 2) > 0)
                .withWindowBits(window, 23 - window);
        var server =
            FRUGAL.withTakeover((flags & 4) > 0, (flags & 8) > 0).withWindowBits(12, window);
        var agreed = (Agreed) Negotiation.answer(List.of(Negotiation.offer(client)), server);
        var theirs = (Compressed) Negotiation.accept(client, List.of(agreed.header()));
        assertThat(theirs.terms().sendTakeover()).isEqualTo(agreed.terms().receiveTakeover());
        assertThat(theirs.terms().receiveTakeover()).isEqualTo(agreed.terms().sendTakeover());
        assertThat(theirs.terms().sendWindowBits())
            .isLessThanOrEqualTo(agreed.terms().receiveWindowBits());
        assertThat(theirs.terms().receiveWindowBits())
            .isGreaterThanOrEqualTo(agreed.terms().sendWindowBits());
      }
    }
  }

  @Test
  void levelAndThresholdAreOurOwnBusiness() {
    var ours = GENEROUS.withLevel(7).withThreshold(333);
    var agreed = (Agreed) Negotiation.answer(List.of("permessage-deflate"), ours);
    assertThat(agreed.terms().level()).isEqualTo(7);
    assertThat(agreed.terms().thresholdBytes()).isEqualTo(333);
  }

  private static String answer(String header, Compression ours) {
    return switch (Negotiation.answer(List.of(header), ours)) {
      case Agreed(DeflateTerms terms, String value) -> text(terms) + " " + value;
      case Declined() -> "declined";
      case Malformed() -> "malformed";
    };
  }

  private static String accept(String header, Compression ours) {
    return switch (Negotiation.accept(ours, List.of(header))) {
      case Compressed(DeflateTerms terms) -> text(terms);
      case Plain() -> "plain";
      case Refused(String why) -> why;
    };
  }

  private static String text(DeflateTerms terms) {
    return terms.sendWindowBits()
        + (terms.sendTakeover() ? "+" : "")
        + "/"
        + terms.receiveWindowBits()
        + (terms.receiveTakeover() ? "+" : "");
  }
}
