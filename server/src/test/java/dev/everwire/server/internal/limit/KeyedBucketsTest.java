package dev.everwire.server.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.server.internal.limit.KeyedBuckets.Shared;
import dev.everwire.server.limit.InboundRates.Bounds;
import dev.everwire.session.transport.Loop;
import dev.everwire.testkit.MemoryNetwork;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class KeyedBucketsTest {
  private final MemoryNetwork network = new MemoryNetwork();
  private final Loop loop = network.dialer().loop();
  private final Bounds bounds = Bounds.messages(1, 60).bytes(1_000, 1_000);
  private final KeyedBuckets buckets = new KeyedBuckets(bounds, 3);

  private long take(Shared shared, long tokens) {
    return Objects.requireNonNull(shared.messages).take(tokens, loop.now());
  }

  @Test
  void connectionsOfOneNameShareOne() {
    Shared first = buckets.hold("a");
    assertThat(buckets.hold("a")).isSameAs(first);
    assertThat(buckets.hold("b")).isNotSameAs(first);
    assertThat(buckets.size()).isEqualTo(2);
  }

  @Test
  void whatNobodyHoldsAndIsFullIsForgottenAtOnce() {
    Shared first = buckets.hold("a");
    buckets.hold("a");
    buckets.release("a", first, loop);
    assertThat(buckets.size()).isOne();
    buckets.release("a", first, loop);
    assertThat(buckets.size()).isZero();
    assertThat(network.timers()).isZero();
  }

  @Test
  void whoComesBackDoesNotBeginAnew() {
    Shared first = buckets.hold("a");
    assertThat(take(first, 60)).isZero();
    buckets.release("a", first, loop);
    assertThat(take(buckets.hold("a"), 1)).isPositive();
  }

  @Test
  void whatWasUsedIsForgottenWhenItIsMadeGood() {
    Shared first = buckets.hold("a");
    take(first, 30);
    buckets.release("a", first, loop);
    network.advance(Duration.ofSeconds(20));
    assertThat(buckets.size()).isOne();
    network.advance(Duration.ofSeconds(21));
    assertThat(buckets.size()).isZero();
    assertThat(network.timers()).isZero();
  }

  @Test
  void thoseBeyondTheMostShareOneThatIsNeverForgotten() {
    buckets.hold("a");
    buckets.hold("b");
    buckets.hold("c");
    Shared fourth = buckets.hold("d");
    assertThat(buckets.hold("e")).isSameAs(fourth);
    assertThat(buckets.hold("a")).isNotSameAs(fourth);
    buckets.release("d", fourth, loop);
    assertThat(buckets.hold("f")).isSameAs(fourth);
    assertThat(buckets.size()).isEqualTo(3);
  }
}
