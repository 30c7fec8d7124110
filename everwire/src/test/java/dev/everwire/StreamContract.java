package dev.everwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.Client;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.session.Batch;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.stream.ItemStream;
import dev.everwire.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams, progress and batches between client and server, whatever carries them. */
@Timeout(60)
abstract class StreamContract extends StreamEnds {
  // ---- results

  @Test
  void allItemsComeInOrderAndTheProducerIsClosedOnce() {
    Client client = connect();
    List<Integer> got = new ArrayList<>();
    try (ItemStream<Integer> numbers = client.stream("count", List.of(1_000), Integer.class)) {
      numbers.forEach(got::add);
    }
    assertThat(got).isEqualTo(IntStream.rangeClosed(1, 1_000).boxed().toList());
    assertThat(closed).hasValue(1);
  }

  @Test
  void anEmptyStreamEnds() {
    assertThat(connect().stream("count", Map.of("to", 0), Integer.class)).isEmpty();
  }

  @Test
  void aConsumerThatTakesNothingStopsTheProducerAndNothingElse() {
    Client client = connect();
    ItemStream<Integer> numbers = client.stream("endless", null, Integer.class);
    Await.until(() -> produced.get() >= 4);
    assertThat(client.call("list", null, int[].class)).containsExactly(1, 2, 3);
    assertThat(produced.get()).isLessThanOrEqualTo(5);

    Iterator<Integer> read = numbers.iterator();
    for (int n = 1; n <= 500; n++) {
      assertThat(read.next()).isEqualTo(n);
    }
    Await.until(() -> produced.get() > 500);
    assertThat(produced.get()).isLessThanOrEqualTo(500 + 65);
    numbers.close();
    Await.until(() -> closed.get() == 1);
    assertThat(read.hasNext()).isFalse();
  }

  @Test
  void largeItemsAreBoundedInBytes() {
    Client client = connect();
    int size = 200_000;
    try (ItemStream<String> items = client.stream("large", List.of(100, size), String.class)) {
      int count = 0;
      for (String item : items) {
        count++;
        assertThat(item).hasSize(size);
        assertThat(produced.get() - count).isLessThanOrEqualTo(20);
      }
      assertThat(count).isEqualTo(100);
    }
  }

  @Test
  void closingAStreamInterruptsItsProducer() throws InterruptedException {
    Client client = connect();
    ItemStream<Integer> nothing = client.stream("silent", null, Integer.class);
    assertThat(client.call("number", null, int.class)).isEqualTo(7);
    nothing.close();
    nothing.close();
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aStreamEndsAtItsDeadline() throws InterruptedException {
    Client client = connect();
    ItemStream<?> nothing =
        client.stream("silent", null, Integer.class, CallOptions.within(Duration.ofMillis(200)));
    assertFault(nothing, FaultCode.DEADLINE_PASSED);
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatTheProducerThrowsComesBehindItsItems() {
    Client client = connect();
    Iterator<Integer> onPurpose = client.stream("breaks", List.of(true), Integer.class).iterator();
    assertThat(onPurpose.next()).isEqualTo(1);
    assertThat(onPurpose.next()).isEqualTo(2);
    assertThatThrownBy(onPurpose::hasNext)
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault().message()).isEqualTo("no more"));

    Iterator<Integer> byAccident =
        client.stream("breaks", List.of(false), Integer.class).iterator();
    assertThat(byAccident.next()).isEqualTo(1);
    assertThat(byAccident.next()).isEqualTo(2);
    assertThatThrownBy(byAccident::hasNext)
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> {
              assertThat(e.fault().code()).isEqualTo(FaultCode.INTERNAL);
              assertThat(e.fault().message()).doesNotContain("secret");
            });
  }

  @Test
  void aMethodThatDoesNotExistIsToldByTheIterator() {
    assertFault(connect().stream("nothing", null, Integer.class), FaultCode.METHOD_NOT_FOUND);
  }

  @Test
  void aListIsReadAsAStreamAndAnythingElseIsNone() {
    Client client = connect();
    assertThat(client.stream("list", null, Integer.class)).containsExactly(1, 2, 3);
    assertFault(client.stream("number", null, Integer.class), FaultCode.INVALID_REQUEST);
  }

  @Test
  void aCallerThatWantsAListGetsOne() {
    Client client = connect();
    assertThat(client.call("count", List.of(3), int[].class)).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> client.call("count", List.of(10_001), int[].class))
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(FaultCode.TOO_LARGE));
    assertThat(closed).hasValue(2);
  }

  @Test
  void aPlainPeerStreamsNothingAndReadsListsAsStreams() {
    Client client = connect(network.clientThere().plain());
    assertThat(client.stream("count", List.of(3), Integer.class)).containsExactly(1, 2, 3);
    assertThat(client.call("sum", List.of(ItemStream.of(List.of(1, 2, 3))), int.class))
        .isEqualTo(6);
  }

  @Test
  void aProducerWhoseItemsAreCollectedForAPlainPeerIsInterruptedWhenThatIsGone()
      throws InterruptedException {
    Client client = connect(network.clientThere().plain());
    var unused = client.callAsync("silent", null, Integer.class, CallOptions.withoutDeadline());
    Await.until(() -> begun.get() == 1);
    client.close();
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aSlowReaderOfLargeItemsGetsThemAll() {
    Client client = connect();
    try (ItemStream<String> items = client.stream("large", List.of(12, 3_000_000), String.class)) {
      Iterator<String> read = items.iterator();
      Await.until(() -> produced.get() >= 3);
      int count = 0;
      while (read.hasNext()) {
        assertThat(read.next()).hasSize(3_000_000);
        count++;
      }
      assertThat(count).isEqualTo(12);
    }
  }

  @Test
  void manyStreamsRunBesideOneAnotherAndLeaveRoomForCalls() {
    Client client = connect();
    List<ItemStream<Integer>> open = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      open.add(client.stream("count", List.of(200), Integer.class));
    }
    assertThat(client.call("number", null, int.class)).isEqualTo(7);
    List<Iterator<Integer>> readers = open.stream().map(ItemStream::iterator).toList();
    for (int n = 1; n <= 200; n++) {
      for (Iterator<Integer> reader : readers) {
        assertThat(reader.next()).isEqualTo(n);
      }
    }
    readers.forEach(reader -> assertThat(reader.hasNext()).isFalse());
    Await.until(() -> closed.get() == 100);
  }

  @Test
  void theServerReadsTheClientsStreamInsideACall() {
    Client client =
        connect(
            network
                .clientThere()
                .method("mine", call -> ItemStream.of(IntStream.rangeClosed(1, 300).boxed())));
    assertThat(client.call("sumOfMine", null, int.class)).isEqualTo(45_150);
  }

  @Test
  void aCutEndsAStreamAtBothEnds() {
    Client client = connect();
    ItemStream<Integer> numbers = client.stream("endless", null, Integer.class);
    Iterator<Integer> read = numbers.iterator();
    assertThat(read.next()).isEqualTo(1);

    network.cut();

    assertThatThrownBy(
            () -> {
              while (read.hasNext()) {
                read.next();
              }
            })
        .isInstanceOfSatisfying(
            ConnectionLostException.class, e -> assertThat(e.maybeExecuted()).isTrue());
    Await.until(() -> closed.get() == 1);
  }

  // ---- arguments

  @Test
  void aStreamIsAnArgument() {
    Client client = connect();
    AtomicInteger mine = new AtomicInteger();
    ItemStream<Integer> numbers =
        ItemStream.of(IntStream.rangeClosed(1, 1_000).iterator(), mine::incrementAndGet);
    assertThat(client.call("sum", Map.of("numbers", numbers), int.class)).isEqualTo(500_500);
    Await.until(() -> mine.get() == 1);
  }

  @Test
  void anItemOfAnArgumentThatDoesNotFitIsTheCallersBadInput() {
    Client client = connect();
    assertThatThrownBy(() ->
            client.call("sum", Map.of("numbers", ItemStream.of(List.of("secret"))), int.class))
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> {
              assertThat(e.fault().code()).isEqualTo(FaultCode.INVALID_PARAMS);
              assertThat(e.fault().toString()).contains("numbers").doesNotContain("secret");
            });
  }

  @Test
  void aStreamGoesInAndAnotherComesOut() {
    Client client = connect();
    ItemStream<Integer> numbers = ItemStream.of(IntStream.rangeClosed(1, 500).boxed());
    assertThat(client.stream("double", List.of(numbers), Integer.class))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 500).map(n -> 2 * n).boxed().toList());
  }

  @Test
  void anArgumentWhoseProducerFailsFailsItsReader() {
    Client client = connect();
    ItemStream<Integer> broken =
        ItemStream.produce(sink -> {
          sink.put(1);
          throw new FaultException(42, "no more");
        });
    assertThatThrownBy(() -> client.call("sum", List.of(broken), int.class))
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(42));
  }

  @Test
  void anArgumentThatNobodyReadsToItsEndIsClosedWithTheCall() {
    Client client = connect();
    AtomicInteger mine = new AtomicInteger();
    Iterator<Integer> endless = IntStream.iterate(1, n -> n + 1).iterator();
    assertThat(
            client.call("first", List.of(ItemStream.of(endless, mine::incrementAndGet)), int.class))
        .isEqualTo(1);
    assertThat(
            client.call(
                "ignores", List.of(ItemStream.of(endless, mine::incrementAndGet)), String.class))
        .isEqualTo("ignored");
    Await.until(() -> mine.get() == 2);
  }

  @Test
  void anArgumentOfACallThatNeverLeavesIsClosed() {
    Client client = connect();
    client.close();
    AtomicInteger mine = new AtomicInteger();
    assertThatThrownBy(() ->
            client.call(
                "sum",
                List.of(ItemStream.of(List.of(1).iterator(), mine::incrementAndGet)),
                int.class))
        .isInstanceOf(ConnectionLostException.class);
    assertThat(mine).hasValue(1);
  }

  // ---- progress

  @Test
  void progressIsToldInOrderAndNotAfterTheEnd() {
    Client client = connect();
    List<Step> steps = new CopyOnWriteArrayList<>();
    CallOptions options = CallOptions.DEFAULT.onProgress(Step.class, steps::add);
    assertThat(client.call("steps", null, String.class, options)).isEqualTo("done");
    assertThat(steps).extracting(Step::percent).containsExactly(20, 40, 60, 80, 100);
  }

  // ---- batches

  @Test
  void aBatchEndsCallByCall() throws Exception {
    Client client = connect();
    Batch batch = client.batch();
    CompletableFuture<Integer> number = batch.call("number", null, Integer.class);
    CompletableFuture<Integer> nothing = batch.call("nothing", null, Integer.class);
    batch.notify("ignores", null).send();

    assertThat(number.get()).isEqualTo(7);
    assertThatThrownBy(nothing::get).hasCauseInstanceOf(FaultException.class);
    assertThatThrownBy(batch::send).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theServerBatchesToo() {
    Client client =
        connect(network.clientThere().method("one", call -> 1).method("two", call -> 2));
    assertThat(client.call("askAll", null, int.class)).isEqualTo(3);
  }
}
