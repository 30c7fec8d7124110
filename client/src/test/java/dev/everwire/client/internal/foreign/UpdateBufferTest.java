package dev.everwire.client.internal.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.internal.foreign.UpdateBuffer.WhenFull;
import dev.everwire.client.internal.topic.Ending;
import dev.everwire.protocol.json.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UpdateBufferTest {
  private static final long MUCH = 1 << 20;

  private static UpdateBuffer buffer(int max, WhenFull whenFull) {
    return new UpdateBuffer(max, MUCH, whenFull, null);
  }

  private static void fill(UpdateBuffer buffer, int from, int to) {
    IntStream.rangeClosed(from, to).forEach(i -> buffer.update(RawJson.number(i)));
  }

  private static String all(UpdateBuffer buffer) {
    List<String> all = new ArrayList<>();
    for (var piece = buffer.poll(); piece != null; piece = buffer.poll()) {
      all.add(
          switch (piece) {
            case UpdateBuffer.Piece.Update(RawJson data) -> data.toString();
            case UpdateBuffer.Piece.Lagged(long updates) -> "lag" + updates;
            case UpdateBuffer.Piece.Resumed(long epoch) -> "epoch" + epoch;
          });
    }
    return String.join(" ", all);
  }

  @ParameterizedTest(name = "{0}, {1} come, room for 3: {2}")
  @CsvSource({
    "DROP_OLDEST, 3, 1 2 3",
    "DROP_OLDEST, 5, lag2 3 4 5",
    "DROP_NEWEST, 3, 1 2 3",
    "DROP_NEWEST, 5, 1 2 3 lag2",
    "END, 3, 1 2 3",
    "END, 5, 1 2 3",
  })
  void lagStandsWhereUpdatesAreMissing(WhenFull whenFull, int come, String expected) {
    UpdateBuffer buffer = buffer(3, whenFull);
    fill(buffer, 1, come);
    assertThat(all(buffer)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "DROP_OLDEST, lag2 3 4 5 6",
    "DROP_NEWEST, 1 2 3 lag2 6",
  })
  void theStreamGoesOnBehindALag(WhenFull whenFull, String expected) {
    UpdateBuffer buffer = buffer(3, whenFull);
    fill(buffer, 1, 5);
    String first = all(buffer);
    fill(buffer, 6, 6);
    assertThat(first + " " + all(buffer)).isEqualTo(expected);
    assertThat(buffer.ending()).isNull();
  }

  @Test
  void aSubscriptionThatMayLoseNothingEndsInsteadBehindWhatWaits() {
    UpdateBuffer buffer = buffer(2, WhenFull.END);
    fill(buffer, 1, 2);
    assertThat(buffer.update(RawJson.number(3))).isFalse();
    assertThat(all(buffer)).isEqualTo("1 2");
    assertThat(buffer.ending()).isNotNull();
  }

  @Test
  void aLaterUpdateOfTheSameKeyReplacesTheOneThatWaits() {
    UpdateBuffer buffer =
        new UpdateBuffer(2, MUCH, WhenFull.DROP_OLDEST, data -> key(data.asLong()));
    fill(buffer, 1, 10); // odd ones share a key and even ones do
    assertThat(all(buffer)).isEqualTo("9 10");
  }

  private static @Nullable Object key(long value) {
    return value % 2;
  }

  @Test
  void updatesWithoutAKeyReplaceNothing() {
    UpdateBuffer buffer = new UpdateBuffer(9, MUCH, WhenFull.DROP_OLDEST, data -> null);
    fill(buffer, 1, 3);
    assertThat(all(buffer)).isEqualTo("1 2 3");
  }

  @Test
  void bytesAreBoundedAndOneUpdateAlwaysFits() {
    UpdateBuffer buffer = new UpdateBuffer(100, 10, WhenFull.DROP_OLDEST, null);
    fill(buffer, 1, 1);
    assertThat(all(buffer)).isEqualTo("1");
    fill(buffer, 2, 4);
    assertThat(all(buffer)).isEqualTo("lag2 4");
  }

  @Test
  void anotherConnectionIsMarkedInTheStreamOnceHoweverOftenItChanged() {
    UpdateBuffer buffer = buffer(3, WhenFull.DROP_OLDEST);
    fill(buffer, 1, 1);
    buffer.resumed(2);
    buffer.resumed(3);
    fill(buffer, 2, 2);
    assertThat(all(buffer)).isEqualTo("1 epoch3 2");
  }

  @Test
  void theMarkSurvivesWhenWhatIsAroundItGivesWay() {
    UpdateBuffer buffer = buffer(2, WhenFull.DROP_OLDEST);
    fill(buffer, 1, 1);
    buffer.resumed(2);
    fill(buffer, 2, 5);
    assertThat(all(buffer)).isEqualTo("lag3 epoch2 4 5");
  }

  @Test
  void closingThrowsAwayWhatWaits() {
    UpdateBuffer buffer = buffer(3, WhenFull.DROP_OLDEST);
    fill(buffer, 1, 5);
    assertThat(buffer.discard(new Ending.Closed("x"))).isTrue();
    assertThat(buffer.discard(new Ending.Closed("x"))).isFalse();
    assertThat(all(buffer)).isEmpty();
    assertThat(buffer.update(RawJson.TRUE)).isFalse();
  }

  @Test
  void anEndLetsWhatWaitsBeTaken() throws InterruptedException {
    UpdateBuffer buffer = buffer(3, WhenFull.DROP_OLDEST);
    fill(buffer, 1, 1);
    buffer.end(new Ending.Lost("gone"));
    assertThat(buffer.take()).isNotNull();
    assertThat(buffer.take()).isNull();
    assertThat(buffer.ending()).isEqualTo(new Ending.Lost("gone"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"DROP_OLDEST", "DROP_NEWEST"})
  void marksDoNotPileUpHoweverOftenTheConnectionChanges(WhenFull whenFull) {
    UpdateBuffer byKey = new UpdateBuffer(3, MUCH, whenFull, data -> "same");
    UpdateBuffer plain = buffer(1, whenFull);
    for (int epoch = 2; epoch < 1_000; epoch++) {
      for (UpdateBuffer each : List.of(byKey, plain)) {
        fill(each, epoch, epoch);
        each.resumed(epoch);
      }
    }
    assertThat(all(byKey).split(" ")).hasSizeLessThan(20).endsWith("epoch999");
    assertThat(all(plain).split(" ")).hasSizeLessThan(20).endsWith("epoch999");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"DROP_OLDEST", "DROP_NEWEST"})
  void aReaderThatWaitsMissesNothingThatItIsNotTold(WhenFull whenFull) throws Exception {
    int most = 50_000;
    UpdateBuffer buffer = buffer(16, whenFull);
    var counted =
        CompletableFuture.supplyAsync(() -> {
          long heard = 0;
          try {
            for (var piece = buffer.take(); piece != null; piece = buffer.take()) {
              heard += piece instanceof UpdateBuffer.Piece.Lagged(long updates) ? updates : 1;
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return heard;
        });
    fill(buffer, 1, most);
    buffer.end(new Ending.Lost("done"));
    assertThat(counted.get(20, TimeUnit.SECONDS)).isEqualTo(most);
  }
}
