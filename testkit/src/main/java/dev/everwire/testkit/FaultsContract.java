package dev.everwire.testkit;

import static dev.everwire.testkit.Payloads.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.RecordingReceiver.Closed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link Faults} do to dials and connections, whichever network they are played on. */
public abstract class FaultsContract extends TransportSuite {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final Duration CLOSE = Duration.ofMillis(200);
  private static final TransportLimits LIMITS = new TransportLimits(1_000, 100_000, 1_000, CLOSE);
  private static final String TEN = "0123456789";

  /** The harness's dialer with these faults. */
  protected abstract Dialer dialer(TransportHarness harness, Faults faults);

  /** So many bytes as a message of ten has on the wire of this transport. */
  protected abstract int tenSent();

  protected abstract int tenReceived();

  @Test
  void aCutIsToldToWhomItShould() {
    for (CutPlan.Told told : CutPlan.Told.values()) {
      Link link = open(plan(CutPlan.afterSent(2L * tenSent()).told(told)));
      tell(link.client(), 1);
      world().until(() -> link.server().receiver().count() == 1);
      tell(link.client(), 4);
      boolean dialer = told == CutPlan.Told.BOTH || told == CutPlan.Told.DIALER;
      boolean acceptor = told == CutPlan.Told.BOTH || told == CutPlan.Told.ACCEPTOR;
      world().until(() -> link.client().receiver().isClosed() == dialer);
      world().until(() -> link.server().receiver().isClosed() == acceptor);
      if (!acceptor) {
        world().until(() -> link.server().receiver().count() == 2);
      }
      assertThat(link.server().receiver().count()).isBetween(1, 2); // a cut may take the last along
      if (dialer) {
        assertThat(Objects.requireNonNull(link.client().receiver().closed()).code())
            .isEqualTo(1006);
      }
    }
  }

  @Test
  void nothingPassesAHalfOpenConnectionEitherWayAndBothEndsLookOpen() {
    Link link = open(plan(CutPlan.afterReceived(2L * tenReceived()).halfOpen()));
    tell(link.server(), 5);
    world().until(() -> link.client().receiver().count() == 2);
    tell(link.client(), 5);
    world().pass(Duration.ofMillis(50));
    assertThat(link.server().receiver().count()).isZero();
    assertThat(link.client().receiver().count()).isEqualTo(2);
    assertThat(on(link.client(), Transport::open)).isTrue();
    assertThat(on(link.server(), Transport::open)).isTrue();
  }

  @Test
  void aHalfOpenConnectionAnswersNoPing() {
    Link link = open(plan(CutPlan.afterReceived(tenReceived()).halfOpen()));
    tell(link.server(), 1);
    world().until(() -> link.client().receiver().count() == 1);
    long before = on(link.server(), Transport::lastReceivedAt);
    long heard = on(link.client(), Transport::lastReceivedAt);
    run(link.server(), Transport::ping);
    run(link.client(), Transport::ping);
    world().pass(Duration.ofMillis(50));
    assertThat(on(link.server(), Transport::lastReceivedAt)).isEqualTo(before);
    assertThat(on(link.client(), Transport::lastReceivedAt)).isEqualTo(heard);
  }

  @Test
  void whoClosesAHalfOpenConnectionIsTheOnlyOneToHearOfIt() {
    Link link = open(plan(CutPlan.afterSent(tenSent()).halfOpen()));
    tell(link.client(), 2);
    world().until(() -> link.server().receiver().count() == 1);
    run(link.client(), transport -> transport.close(4001, "silent"));
    world().pass(CLOSE.multipliedBy(2));
    world().until(() -> link.client().receiver().isClosed());
    assertThat(link.client().receiver().closed()).isEqualTo(new Closed(4001, "silent"));
    link.client().receiver().assertEndedOnce();
    assertThat(link.server().receiver().isClosed()).isFalse();
  }

  @Test
  void oneWayCanBeSilentAlone() {
    Link up = open(plan(CutPlan.afterSent(tenSent()).halfOpen(Way.UP)));
    tell(up.client(), 3);
    tell(up.server(), 3);
    world().until(() -> up.client().receiver().count() == 3);
    world().until(() -> up.server().receiver().count() == 1);

    Link down = open(plan(CutPlan.afterSent(tenSent()).halfOpen(Way.DOWN)));
    tell(down.client(), 3);
    world().until(() -> down.server().receiver().count() == 3);
    tell(down.server(), 3);
    world().pass(Duration.ofMillis(50));
    assertThat(down.client().receiver().count()).isZero();
    assertThat(on(down.client(), Transport::open)).isTrue();
    run(down.client(), transport -> transport.close(1000, "bye")); // this still gets through
    world().until(() -> down.server().receiver().isClosed());
    assertThat(down.server().receiver().closed()).isEqualTo(new Closed(1000, "bye"));
  }

  @Test
  void aConnectionBreaksAtItsTime() {
    Link link = open(plan(CutPlan.after(Duration.ofMillis(200))));
    tell(link.client(), 1);
    world().until(() -> link.server().receiver().count() == 1);
    world().pass(Duration.ofMillis(400));
    world().until(() -> link.client().receiver().isClosed());
    world().until(() -> link.server().receiver().isClosed());
    link.client().receiver().assertEndedOnce();
  }

  @Test
  void delayedMessagesKeepTheirOrderEitherWay() {
    Link link = open(Faults.Plan.NONE.delays(Delays.seeded(5, Duration.ofMillis(20))));
    tellNumbers(link.client());
    tellNumbers(link.server());
    world().pass(Duration.ofMillis(100));
    world().until(() -> link.server().receiver().count() == 50);
    world().until(() -> link.client().receiver().count() == 50);
    List<String> all = IntStream.range(0, 50).mapToObj(String::valueOf).toList();
    assertThat(contents(link.server())).isEqualTo(all);
    assertThat(contents(link.client())).isEqualTo(all);
  }

  @Test
  void aDelayHoldsAMessageUpAndACloseComesBehindIt() {
    Duration delay = Duration.ofMillis(100);
    Link link = open(Faults.Plan.NONE.delays(Delays.fixed(delay, Duration.ZERO)));
    run(
        link.client(),
        transport -> {
          long before = transport.loop().now();
          assertThat(transport.sendText(text("late"))).isEqualTo(Offer.QUEUED);
          transport.close(1000, "bye");
          assertThat(transport.open()).isFalse();
          assertThat(transport.sendText(text("later"))).isEqualTo(Offer.CLOSED);
          assertThat(transport.loop().now() - before).isLessThan(delay.toNanos());
        });
    assertThat(link.server().receiver().count()).isZero();
    world().pass(delay.multipliedBy(2));
    world().until(() -> link.server().receiver().isClosed());
    assertThat(contents(link.server())).containsExactly("late");
    assertThat(link.server().receiver().closed()).isEqualTo(new Closed(1000, "bye"));
    world().pass(delay);
    world().until(() -> link.client().receiver().isClosed());
    assertThat(link.client().receiver().closed()).isEqualTo(new Closed(1000, "bye"));
  }

  @Test
  void whatCameLateStillComesBeforeTheEnd() {
    Link link = open(Faults.Plan.NONE.delays(Delays.fixed(Duration.ZERO, Duration.ofMillis(200))));
    run(
        link.server(),
        transport -> {
          transport.sendText(text("last words"));
          transport.close(1001, "bye");
        });
    world().pass(Duration.ofMillis(500));
    world().until(() -> link.client().receiver().isClosed());
    assertThat(contents(link.client())).containsExactly("last words");
    assertThat(link.client().receiver().closed()).isEqualTo(new Closed(1001, "bye"));
  }

  @Test
  void aDialCanOpenTwoConnectionsOfWhichNobodyHoldsTheFirst() {
    Link link = open(Faults.Plan.NONE.answer(Faults.Answer.TWICE));
    world().until(() -> !door().entered.isEmpty());
    End other = next(door().entered);
    tell(link.client(), 1);
    world().until(() -> link.server().receiver().count() + other.receiver().count() == 1);
    End zombie = other.receiver().count() == 0 ? other : link.server();
    run(zombie, Transport::ping);
    tell(zombie, 3);
    world().pass(Duration.ofMillis(50));
    assertThat(on(zombie, Transport::open)).isTrue();
    assertThat(link.client().receiver().count()).isZero();
    run(link.client(), Transport::abort);
    world().until(() -> link.client().receiver().isClosed());
    assertThat(on(zombie, Transport::open)).isTrue();
    run(zombie, Transport::abort);
  }

  @Test
  void aDialCanSucceedTooLate() {
    Dialled dialled = dial(Faults.Plan.NONE.answer(Faults.Answer.LATE));
    assertThat(Objects.requireNonNull(dialled.failure()).message())
        .contains("gave no answer within PT1S");
    End zombie = next(door().entered);
    assertThat(on(zombie, Transport::open)).isTrue();
    run(zombie, Transport::abort);
  }

  @Test
  void dialsAreRefusedOrNeverAnswered() {
    assertThat(
            Objects.requireNonNull(dial(Faults.Plan.NONE.answer(Faults.Answer.REFUSE)).failure()))
        .satisfies(failure -> assertThat(failure.status()).isZero())
        .satisfies(failure -> assertThat(failure.message()).contains("nothing answers"));
    assertThat(dial(Faults.Plan.NONE.answer(Faults.Answer.SILENCE)).failure()).isNotNull();
    assertThat(door().handshakes).isEmpty();
  }

  private static Faults.Plan plan(CutPlan cut) {
    return Faults.Plan.NONE.cut(cut);
  }

  private Link open(Faults.Plan plan) {
    Dialled dialled = dial(plan);
    if (dialled.end() == null) {
      throw new AssertionError("not connected: " + dialled.failure());
    }
    return new Link(dialled.end(), next(door().entered));
  }

  private Dialled dial(Faults.Plan plan) {
    Dialer dialer = dialer(world(), Faults.always(plan));
    var result = new AtomicReference<@Nullable Dialled>();
    Dialer.Request any = request("/");
    Dialer.Attempt attempt =
        dialer.dial(
            new Dialer.Request(any.uri(), any.headers(), any.subprotocols(), TIMEOUT, LIMITS),
            dialer.loop(),
            new Dialer.Result() {
              @Override
              public Receiver opened(Transport transport, @Nullable String subprotocol) {
                var receiver = new RecordingReceiver();
                result.set(new Dialled(new End(transport, receiver), subprotocol, null));
                return receiver;
              }

              @Override
              public void failed(Dialer.Failure failure) {
                result.set(new Dialled(null, null, failure));
              }
            });
    assertThat(attempt).isNotNull();
    if (plan.answer() == Faults.Answer.SILENCE || plan.answer() == Faults.Answer.LATE) {
      world().pass(TIMEOUT);
    }
    world().until(() -> result.get() != null);
    return Objects.requireNonNull(result.get());
  }

  private void tell(End end, int times) {
    run(
        end,
        transport -> {
          for (int i = 0; i < times; i++) {
            Offer unused = transport.sendText(text(TEN));
          }
        });
  }

  private void tellNumbers(End end) {
    run(
        end,
        transport -> {
          for (int i = 0; i < 50; i++) {
            assertThat(transport.sendText(text(String.valueOf(i)))).isEqualTo(Offer.QUEUED);
          }
        });
  }

  private static List<String> contents(End end) {
    List<String> contents = new ArrayList<>();
    end.receiver().messages().forEach(message -> contents.add(message.content()));
    return contents;
  }
}
