package dev.everwire.session.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Items;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class OutflowTest {
  private static final RequestId ID = RequestId.number(9);

  private final AtomicInteger told = new AtomicInteger();

  private Outflow outflow(long credits) {
    Outflow outflow = new Outflow(ID, 0, credits);
    outflow.open(told::incrementAndGet, 1_000_000);
    return outflow;
  }

  @Test
  void theLoopIsToldOnceUntilItHasTakenAll() throws InterruptedException {
    Outflow outflow = outflow(10);
    outflow.put(RawJson.number(1));
    outflow.put(RawJson.number(2));
    assertThat(told).hasValue(1);

    assertThat(outflow.poll())
        .isEqualTo(new Items(ID, 0, 1, List.of(RawJson.number(1), RawJson.number(2))));
    outflow.put(RawJson.number(3));
    assertThat(told).hasValue(2);
    assertThat(outflow.poll()).isEqualTo(new Items(ID, 0, 3, List.of(RawJson.number(3))));
    assertThat(outflow.poll()).isNull();
  }

  @Test
  void withoutCreditTheProducerWaits() throws Exception {
    Outflow outflow = outflow(1);
    CountDownLatch second = new CountDownLatch(1);
    CompletableFuture<String> done = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        outflow.put(RawJson.NULL);
        outflow.put(RawJson.NULL);
        second.countDown();
        outflow.finish();
        done.complete("finished");
      } catch (InterruptedException | FaultException e) {
        done.completeExceptionally(e);
      }
    });

    assertThat(second.await(50, TimeUnit.MILLISECONDS)).isFalse();
    outflow.grant(1);
    second.await();
    assertThat(done).isNotDone();
    while (outflow.poll() != null) {
      // takes all
    }
    assertThat(done.get()).isEqualTo("finished");
  }

  @Test
  void creditBeyondAllMeasureDoesNotOverflow() throws InterruptedException {
    Outflow outflow = outflow(Long.MAX_VALUE);
    outflow.grant(Long.MAX_VALUE);
    outflow.grant(Long.MAX_VALUE);
    outflow.put(RawJson.NULL);
    assertThat(outflow.poll()).isNotNull();
  }

  @Test
  void anItemLargerThanThePeerTakesIsRefused() {
    Outflow outflow = new Outflow(ID, 0, 10);
    outflow.open(told::incrementAndGet, 10);
    assertThatThrownBy(() -> outflow.put(RawJson.string("0123456789")))
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(FaultCode.TOO_LARGE));
  }

  @Test
  void whoPutsIntoAClosedOneIsTold() throws Exception {
    Outflow outflow = outflow(0);
    CompletableFuture<Integer> code = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        outflow.put(RawJson.NULL);
      } catch (FaultException e) {
        code.complete(e.fault().code());
      } catch (InterruptedException e) {
        code.completeExceptionally(e);
      }
    });

    outflow.close();
    assertThat(code.get()).isEqualTo(FaultCode.CANCELLED);
  }

  /** Whatever the sizes and grants, all items come once, in order, and little waits. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aSeededStreamLosesNothing(long seed) throws Exception {
    Random random = new Random(seed);
    int count = 2_000;
    Outflow outflow = outflow(0);
    Thread producer =
        Thread.startVirtualThread(() -> {
          Random sizes = new Random(seed);
          try {
            for (int i = 0; i < count; i++) {
              outflow.put(RawJson.string(i + ":" + "x".repeat(sizes.nextInt(2_000))));
            }
            outflow.finish();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    List<String> got = new ArrayList<>();
    long granted = 0;
    while (got.size() < count) {
      if (granted - got.size() < 200) {
        int n = 1 + random.nextInt(100);
        granted += n;
        outflow.grant(n);
      }
      Items items = outflow.poll();
      if (items == null) {
        Thread.onSpinWait();
        continue;
      }
      assertThat(items.seq()).as("seed %d", seed).isEqualTo(got.size() + 1);
      int bytes = items.items().stream().mapToInt(RawJson::length).sum();
      assertThat(bytes).as("seed %d", seed).isLessThan(64 * 1024 + 2_100);
      items.items().forEach(item -> got.add(item.asString()));
      assertThat(got.size()).as("seed %d", seed).isLessThanOrEqualTo((int) granted);
    }
    producer.join();
    for (int i = 0; i < count; i++) {
      assertThat(got.get(i)).startsWith(i + ":");
    }
  }
}
