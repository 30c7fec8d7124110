package dev.everwire.session.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.RawJson;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class InflowTest {
  private static final RawJson ONE = RawJson.number(1);

  private final List<Integer> grants = new CopyOnWriteArrayList<>();
  private final List<Boolean> waits = new CopyOnWriteArrayList<>();
  private final Inflow inflow =
      new Inflow(
          4,
          new Inflow.Reader() {
            @Override
            public void grants(int n) {
              grants.add(n);
            }

            @Override
            public void waits(boolean on) {
              waits.add(on);
            }
          });

  @Test
  void itemsAreTakenInOrderAndGrantedAgain() throws InterruptedException {
    assertThat(inflow.first()).isEqualTo(4);
    assertThat(inflow.receive(1, List.of(RawJson.number(1), RawJson.number(2)))).isNull();
    assertThat(inflow.receive(3, List.of(RawJson.number(3)))).isNull();

    assertThat(inflow.take()).hasToString("1");
    assertThat(grants).isEmpty();
    assertThat(inflow.take()).hasToString("2");
    assertThat(grants).containsExactly(2);
    assertThat(inflow.take()).hasToString("3");
  }

  @Test
  void whatCameBeforeTheEndIsStillTaken() throws InterruptedException {
    inflow.first();
    inflow.receive(1, List.of(ONE));
    inflow.end(new Ending.Complete());
    inflow.end(new Ending.Closed());

    assertThat(inflow.take()).isEqualTo(ONE);
    assertThat(inflow.take()).isNull();
    assertThat(inflow.ending()).isEqualTo(new Ending.Complete());
    assertThat(grants).isEmpty();
  }

  @Test
  void aPeerThatSendsMoreThanItMayEndsTheStreamWithAFault() throws InterruptedException {
    inflow.first();
    inflow.receive(1, List.of(ONE));

    assertThat(inflow.receive(2, Collections.nCopies(4, ONE)))
        .satisfies(fault -> {
          assertThat(fault.code()).isEqualTo(FaultCode.INVALID_REQUEST);
          assertThat(fault.message()).isEqualTo("stream: more items than were granted");
        });
    assertThat(inflow.receive(2, List.of(ONE))).isNull();
    assertThat(inflow.take()).isEqualTo(ONE);
    assertThat(inflow.take()).isNull();
    assertThat(inflow.ending()).isInstanceOf(Ending.Failed.class);
  }

  @Test
  void itemsOutOfOrderEndTheStream() {
    inflow.first();
    inflow.receive(1, List.of(ONE));

    assertThat(inflow.receive(1, List.of(ONE)))
        .satisfies(fault -> assertThat(fault.message()).isEqualTo("stream: items out of order"));
  }

  @Test
  void afterTheReaderHasClosedNothingWaits() throws InterruptedException {
    inflow.first();
    inflow.receive(1, List.of(ONE, ONE));

    assertThat(inflow.discard()).isTrue();
    assertThat(inflow.discard()).isFalse();
    inflow.receive(3, List.of(ONE));
    assertThat(inflow.size()).isZero();
    assertThat(inflow.take()).isNull();
  }

  @Test
  void aListThatCameAtOnceIsReadWithoutGrants() throws InterruptedException {
    inflow.first();
    inflow.receiveAll(Collections.nCopies(100, ONE));

    for (int i = 0; i < 100; i++) {
      assertThat(inflow.take()).isEqualTo(ONE);
    }
    assertThat(inflow.take()).isNull();
    assertThat(grants).isEmpty();
  }

  @Test
  void aReaderThatWaitsIsWokenByTheEnd() throws Exception {
    inflow.first();
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        ended.complete(inflow.take() == null);
      } catch (InterruptedException e) {
        ended.completeExceptionally(e);
      }
    });

    while (waits.isEmpty()) {
      Thread.onSpinWait();
    }
    inflow.end(new Ending.Lost(true, "cut"));
    assertThat(ended.get()).isTrue();
    assertThat(waits).containsExactly(true, false);
  }
}
