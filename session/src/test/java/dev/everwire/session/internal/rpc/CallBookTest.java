package dev.everwire.session.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.CallMeta;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallBookTest {
  private final CallBook book = new CallBook();

  private void receive(long number) {
    book.received(
        number,
        new InboundCall(
            RequestId.number(number), "m", null, CallMeta.NONE, null, (call, response) -> {}, 0));
  }

  private void answer(long number, String text) {
    book.answered(number, new Message.Success(RequestId.number(number), RawJson.string(text)));
  }

  private String fate(long number) {
    return switch (book.fate(number)) {
      case CallBook.Fate.New() -> "new";
      case CallBook.Fate.Running(var call) -> "running";
      case CallBook.Fate.Done(var response) -> "done";
      case CallBook.Fate.Unknown() -> "unknown";
    };
  }

  @Test
  void aCallIsNewThenRunsThenIsDoneUntilItsAnswerIsAcknowledged() {
    assertThat(fate(1)).isEqualTo("new");
    receive(1);
    assertThat(fate(1)).isEqualTo("running");
    answer(1, "x");
    assertThat(fate(1)).isEqualTo("done");
    book.acknowledged(1, List.of());
    assertThat(fate(1)).isEqualTo("unknown");
    assertThat(fate(2)).isEqualTo("new");
  }

  @Test
  void whatWasSaidToBeNewStaysNewThoughGreaterOnesAreReceivedBefore() {
    book.promise(List.of(3L, 4L));
    receive(7);
    assertThat(List.of(fate(2), fate(3), fate(4), fate(5)))
        .containsExactly("unknown", "new", "new", "unknown");

    receive(3);
    assertThat(fate(3)).isEqualTo("running");
    answer(3, "x");
    book.acknowledged(3, List.of());
    assertThat(List.of(fate(3), fate(4))).containsExactly("unknown", "new");

    book.promise(List.of());
    assertThat(fate(4)).isEqualTo("unknown");
  }

  @Test
  void anAcknowledgementForgetsWhatItNamesAndNothingElse() {
    for (long number = 1; number <= 6; number++) {
      receive(number);
    }
    for (long number : List.of(5L, 2L, 1L, 4L)) {
      answer(number, "x");
    }
    book.acknowledged(2, List.of(5L));

    assertThat(List.of(fate(1), fate(2), fate(3), fate(4), fate(5), fate(6)))
        .containsExactly("unknown", "unknown", "running", "done", "unknown", "running");
  }

  @Test
  void whatStillRunsCannotBeAcknowledgedAway() {
    receive(1);
    book.acknowledged(10, List.of(1L));

    assertThat(fate(1)).isEqualTo("running");
    answer(1, "x");
    assertThat(fate(1)).isEqualTo("done");
  }

  @Test
  void theOldestAnswersAreForgottenBeyondTheBoundAndTheNewestNever() {
    String large = "x".repeat(300 * 1024);
    for (long number = 1; number <= 5; number++) {
      receive(number);
      answer(number, large);
    }
    assertThat(List.of(fate(1), fate(2), fate(3), fate(4), fate(5)))
        .containsExactly("unknown", "unknown", "done", "done", "done");
    assertThat(book.bytes()).isLessThanOrEqualTo(CallBook.MOST_BYTES);

    receive(6);
    answer(6, "y".repeat(3 * 1024 * 1024));
    assertThat(fate(5)).isEqualTo("unknown");
    assertThat(fate(6)).isEqualTo("done");
  }

  @Test
  void nothingIsLeftWhenEverythingIsAcknowledged() {
    for (long number = 1; number <= 1_000; number++) {
      receive(number);
      answer(number, "x");
      book.acknowledged(0, List.of(number));
    }
    assertThat(book.bytes()).isZero();
    assertThat(book.running()).isZero();
    assertThat(fate(1_000)).isEqualTo("unknown");
  }

  @Test
  void aCallOfWhichNothingIsKeptIsUnknownAfterwards() {
    book.passed(7);

    assertThat(fate(7)).isEqualTo("unknown");
    assertThat(fate(8)).isEqualTo("new");
  }

  @Test
  void onlyPositiveWholeNumbersStandInTheBook() {
    assertThat(CallBook.number(new RequestId("17"))).isEqualTo(17);
    for (String other : List.of("0", "-1", "1.5", "01", "\"17\"", "null", "1e3", "1".repeat(16))) {
      assertThat(CallBook.number(new RequestId(other))).as(other).isZero();
    }
    assertThat(CallBook.number(null)).isZero();
  }
}
