package dev.everwire.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.session.Gathered.Answered;
import dev.everwire.session.Gathered.Late;
import dev.everwire.session.Gathered.Lost;
import dev.everwire.session.Gathered.Refused;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GatherTest {
  private static final CallOptions SOON = CallOptions.within(Duration.ofSeconds(2));

  private final FakePeer a = new FakePeer();
  private final FakePeer b = new FakePeer();
  private final FakePeer c = new FakePeer();
  private final FakePeer d = new FakePeer();

  private static CompletableFuture<Gathered<FakePeer, @Nullable Integer>> gather(
      FakePeer... peers) {
    return Gather.callAsync(List.of(peers), peer -> peer, "load", List.of(1), Integer.class, SOON);
  }

  @Test
  void everyPeersOutcomeIsThereInTheOrderInWhichTheyWereAsked() {
    var gathering = gather(a, b, c, d);
    d.last().answer().complete(4);
    c.last()
        .answer()
        .completeExceptionally(new FaultException(FaultCode.DEADLINE_PASSED, "no answer"));
    b.last().answer().completeExceptionally(new ConnectionLostException(true, "cut"));
    assertThat(gathering).isNotDone();
    a.last().answer().completeExceptionally(new FaultException(404, "none"));

    Gathered<FakePeer, @Nullable Integer> gathered = gathering.join();

    assertThat(gathered.answers())
        .containsExactly(
            new Refused<>(a, Fault.of(404, "none")),
            new Lost<>(b, true),
            new Late<>(c),
            new Answered<>(d, 4));
    assertThat(gathered.values()).containsExactly(4);
    assertThat(gathered.complete()).isFalse();
  }

  @Test
  void allAreCalledAtOnceWithTheSame() {
    var gathering = gather(a, b);

    for (FakePeer peer : List.of(a, b)) {
      assertThat(peer.made()).hasSize(1);
      assertThat(peer.last().method()).isEqualTo("load");
      assertThat(peer.last().params()).isEqualTo(List.of(1));
      assertThat(peer.last().options()).isEqualTo(SOON);
      peer.last().answer().complete(null);
    }
    assertThat(gathering.join().complete()).isTrue();
    assertThat(gathering.join().values()).containsExactly(null, null);
  }

  @Test
  void nobodyAskedIsNobodyMissing() {
    assertThat(gather().join()).isEqualTo(new Gathered<>(List.of()));
    assertThat(gather().join().complete()).isTrue();
  }

  @Test
  void whatDoesNotFitIsNoAnswer() {
    var gathering = gather(a);
    a.last().answer().completeExceptionally(new IllegalArgumentException("secret"));

    assertThat(gathering.join().answers())
        .containsExactly(
            new Refused<>(
                a, Fault.of(FaultCode.INVALID_REQUEST, "the peer's answer does not fit")));
  }

  @Test
  void cancellingCancelsWhatIsOut() {
    var gathering = gather(a, b);
    a.last().answer().complete(1);

    gathering.cancel(true);

    assertThat(b.last().answer()).isCancelled();
  }

  @Test
  void aPeerThatCannotEvenBeAskedIsLost() {
    FakePeer closed = new FakePeer(new RejectedExecutionException("the loop has ended"));

    assertThat(
            Gather.callAsync(List.of(closed), peer -> peer, "load", null, Integer.class, SOON)
                .join()
                .answers())
        .containsExactly(new Lost<>(closed, false));
  }

  @Test
  void parametersThatCannotBeWrittenCancelTheCallsMadeBefore() {
    FakePeer picky = new FakePeer(new IllegalArgumentException("params"));

    assertThatThrownBy(() ->
            Gather.callAsync(List.of(a, picky), peer -> peer, "load", null, Integer.class, SOON))
        .hasMessage("params");
    assertThat(a.last().answer()).isCancelled();
  }

  @Test
  void anInterruptEndsTheWaitAndCancels() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Gather.call(List.of(a), "load", null, Integer.class, SOON);
              } catch (FaultException e) {
                thrown.complete(e);
              }
            });
    waiting.interrupt();

    assertThat(thrown.get()).hasMessageContaining("interrupted");
    waiting.join();
    assertThat(a.last().answer()).isCancelled();
  }

  @Test
  void aThousandPeersNeedNoThread() {
    List<FakePeer> crowd = Stream.generate(FakePeer::new).limit(1_000).toList();
    var gathering = Gather.callAsync(crowd, peer -> peer, "load", null, Integer.class, SOON);

    IntStream.range(0, 1_000).forEach(i -> crowd.get(i).last().answer().complete(i));

    assertThat(gathering).isCompleted();
    assertThat(gathering.join().values()).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
  }
}
