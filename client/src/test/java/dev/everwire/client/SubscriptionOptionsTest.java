package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.link.Overflow;
import dev.everwire.protocol.Position;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SubscriptionOptionsTest {
  private static final SubscriptionOptions DEFAULT = SubscriptionOptions.DEFAULT;

  @Test
  void eachWordChangesACopyAndNothingElse() {
    Position since = new Position("k3", 7);

    SubscriptionOptions options =
        DEFAULT
            .bufferEvents(5)
            .bufferBytes(100)
            .latestPerKey("/symbol")
            .confirmWithin(Duration.ofSeconds(2))
            .since(since);

    assertThat(options.bufferEvents()).isEqualTo(5);
    assertThat(options.bufferBytes()).isEqualTo(100);
    assertThat(options.overflow()).isEqualTo(Overflow.LATEST_PER_KEY);
    assertThat(options.key()).contains("/symbol");
    assertThat(options.confirmWithin()).isEqualTo(Duration.ofSeconds(2));
    assertThat(options.since()).contains(since);
    assertThat(options.overflow(Overflow.DISCONNECT).key()).isEmpty();
    assertThat(DEFAULT.bufferEvents()).isEqualTo(10_000);
    assertThat(DEFAULT.bufferBytes()).isEqualTo(16 * 1024 * 1024);
    assertThat(DEFAULT.overflow()).isEqualTo(Overflow.DROP_OLDEST);
    assertThat(DEFAULT.key()).isEmpty();
    assertThat(DEFAULT.confirmWithin()).isEqualTo(Duration.ofSeconds(10));
    assertThat(DEFAULT.since()).isEmpty();
  }

  @Test
  void whereNothingIsSaidTheClientsWordCounts() {
    SubscriptionOptions client =
        DEFAULT.bufferEvents(7).bufferBytes(70).confirmWithin(Duration.ofSeconds(7));

    SubscriptionOptions nothing = DEFAULT.since(new Position("k3", 1)).over(client);
    SubscriptionOptions all =
        DEFAULT.bufferEvents(1).bufferBytes(2).confirmWithin(Duration.ofSeconds(3)).over(client);

    assertThat(nothing.bufferEvents()).isEqualTo(7);
    assertThat(nothing.bufferBytes()).isEqualTo(70);
    assertThat(nothing.confirmWithin()).isEqualTo(Duration.ofSeconds(7));
    assertThat(nothing.since()).contains(new Position("k3", 1));
    assertThat(all.bufferEvents()).isEqualTo(1);
    assertThat(all.bufferBytes()).isEqualTo(2);
    assertThat(all.confirmWithin()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void whatMakesNoSenseIsRefusedWithNameValueAndExpectation() {
    refused(o -> o.bufferEvents(0), "bufferEvents: 0 (expected: >= 1)");
    refused(o -> o.bufferBytes(0), "bufferBytes: 0 (expected: >= 1)");
    refused(o -> o.confirmWithin(Duration.ZERO), "confirmWithin: PT0S (expected: > 0, <= P1D)");
    refused(
        o -> o.confirmWithin(Duration.ofDays(2)), "confirmWithin: PT48H (expected: > 0, <= P1D)");
    refused(
        o -> o.latestPerKey("symbol"), "key: symbol (expected: a JSON pointer such as /symbol)");
    refused(
        o -> o.overflow(Overflow.LATEST_PER_KEY),
        "overflow: LATEST_PER_KEY (expected: latestPerKey with the key's place)");
  }

  private static void refused(
      Function<SubscriptionOptions, SubscriptionOptions> change, String message) {
    assertThatThrownBy(() -> change.apply(DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
