package dev.everwire.server.internal.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.drain.DrainReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order of going away, stepped by hand. Times in the tests are milliseconds. */
final class DrainCourseTest {
  private static final long MS = 1_000_000;

  private DrainCourse course = new DrainCourse(DrainPlan.DEFAULT, 0);
  private Phase phase = new Phase.Beginning();
  private List<Effect> effects = List.of();
  private long now;
  private int open = 10;
  private int gone;
  private View view = View.NOBODY;

  private void plan(DrainPlan plan) {
    course = new DrainCourse(plan, 0);
  }

  private void feed(Input input) {
    Step step = course.step(phase, input, now);
    phase = step.phase();
    effects = step.effects();
  }

  private void look(long ms) {
    now = ms * MS;
    feed(new Input.Looked(new Tally(open, gone, 0), view));
  }

  private void wake(long ms) {
    now = ms * MS;
    feed(new Input.Wake(new Tally(open, gone, 0)));
  }

  private void left(long ms, int answered) {
    now = ms * MS;
    open -= answered;
    gone += answered;
    feed(new Input.Left(new Tally(open, gone, 0), answered));
  }

  private <T extends Effect> @Nullable T effect(Class<T> kind) {
    return effects.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElse(null);
  }

  private <T extends Effect> T wanted(Class<T> kind) {
    return Objects.requireNonNull(effect(kind), () -> kind + " not in " + effects);
  }

  private DrainReport report() {
    assertThat(phase).isInstanceOf(Phase.Done.class);
    return ((Phase.Done) phase).report();
  }

  // ---- sessions

  @Test
  void aServerWithNobodyIsDoneAtOnce() {
    open = 0;
    look(0);
    assertThat(report()).isEqualTo(new DrainReport(0, 0, 0, 0, Duration.ZERO));
  }

  @Test
  void itBeginsWithALookAndWakesAtItsBounds() {
    assertThat(course.begin().effects())
        .containsExactly(
            new Effect.WakeAt(25_000 * MS), new Effect.WakeAt(30_000 * MS), new Effect.LookAt(0));
  }

  @Test
  void aFewSessionsAreToldTogetherAndEachMovesWithinTheJitter() {
    view = new View(10, 10, 0, 0);
    look(0);
    assertThat(wanted(Effect.Tell.class))
        .isEqualTo(new Effect.Tell(10, Duration.ofSeconds(1), Duration.ofSeconds(25)));
    assertThat(phase).isEqualTo(new Phase.Leaving(6_000 * MS));
    assertThat(effect(Effect.Refuse.class)).isNull();
  }

  @Test
  void manySessionsAreToldInBatchesThatFitIntoTheSpread() {
    open = 20_000;
    view = new View(20_000, 20_000, 0, 0);
    List<Integer> batches = new ArrayList<>();
    int told = 0;
    for (long at = 0;
        phase instanceof Phase.Beginning || phase instanceof Phase.Telling;
        at += 50) {
      look(at);
      Effect.Tell tell = effect(Effect.Tell.class);
      if (tell != null) {
        batches.add(tell.most());
        told += tell.most();
        view = new View(20_000, 20_000 - told, 0, 0);
      }
      assertThat(at).isLessThanOrEqualTo(8_050);
    }
    assertThat(told).isEqualTo(20_000);
    assertThat(batches).hasSizeGreaterThan(150).allMatch(batch -> batch <= 300);
  }

  @Test
  void aThousandSessionsTakeASecondThoughMoreTimeIsThere() {
    open = 1_000;
    view = new View(1_000, 1_000, 0, 0);
    look(0);
    assertThat(wanted(Effect.Tell.class).most()).isEqualTo(100);
    assertThat(wanted(Effect.LookAt.class).at()).isEqualTo(100 * MS);
    view = new View(1_000, 900, 0, 0);
    look(90);
    assertThat(effect(Effect.Tell.class)).isNull();
    look(901);
    assertThat(wanted(Effect.Tell.class).most()).isEqualTo(900); // late, so all that are due
  }

  @Test
  void callsAreRefusedOnlyWhenSessionsHaveLeft() {
    view = new View(1, 1, 3, 0);
    look(0);
    view = new View(1, 0, 3, 0);
    look(1_000);
    assertThat(effect(Effect.Refuse.class)).isNull();
    view = new View(0, 0, 3, 0);
    look(1_500);
    assertThat(effects).startsWith(new Effect.Refuse());
  }

  @Test
  void callsAreRefusedWhenSessionsHadTheirTime() {
    view = new View(1, 1, 0, 0);
    look(0);
    view = new View(1, 0, 0, 0);
    look(5_999);
    assertThat(effect(Effect.Refuse.class)).isNull();
    look(6_000);
    assertThat(effects).startsWith(new Effect.Refuse());
  }

  @Test
  void sessionsAreNotWaitedForBeyondTheirShareOfTheTime() {
    plan(DrainPlan.DEFAULT.within(Duration.ofSeconds(5)));
    view = new View(1, 1, 0, 0);
    look(0);
    assertThat(phase).isEqualTo(new Phase.Leaving(2_800 * MS));
  }

  @Test
  void whoSaysHelloLateIsToldToo() {
    view = new View(1, 1, 0, 0);
    look(0);
    view = new View(2, 1, 0, 0);
    look(500);
    assertThat(wanted(Effect.Tell.class).most()).isOne();
  }

  @Test
  void plainPeersAreNotWaitedForUnlessTheirCallsRun() {
    look(0);
    assertThat(effects).startsWith(new Effect.Refuse());
    look(0);
    look(0);
    assertThat(phase).isInstanceOf(Phase.Closing.class);
  }

  // ---- what is left to do

  @Test
  void whatWaitsIsSentButForAtMostItsShareOfTheTime() {
    view = new View(0, 0, 0, 7);
    look(0);
    look(0);
    assertThat(phase).isEqualTo(new Phase.Flushing(20_000 * MS, 7, 7));
    view = new View(0, 0, 0, 3);
    look(19_999);
    assertThat(phase).isInstanceOf(Phase.Flushing.class);
    look(20_000);
    assertThat(phase).isEqualTo(new Phase.Finishing(4));
  }

  @Test
  void theShareIsOfTheTimeThatIsLeft() {
    plan(DrainPlan.DEFAULT.within(Duration.ofSeconds(10)));
    view = new View(0, 0, 0, 7);
    look(0);
    assertThat(phase).isEqualTo(new Phase.Flushing(7_000 * MS, -1, 0));
  }

  @Test
  void callsThatRunAreWaitedForUntilTheClosingBegins() {
    view = new View(0, 0, 1, 0);
    look(0);
    look(0);
    look(24_999);
    assertThat(phase).isEqualTo(new Phase.Finishing(0));
    wake(25_000);
    assertThat(phase).isInstanceOf(Phase.Closing.class);
  }

  @Test
  void aLoopThatHangsDoesNotKeepTheOthers() {
    wake(24_999);
    assertThat(phase).isInstanceOf(Phase.Beginning.class);
    wake(25_000);
    assertThat(wanted(Effect.Close.class).more()).isEqualTo(100);
    assertThat(effects).startsWith(new Effect.Refuse());
  }

  // ---- the end

  private void closing(int connections) {
    open = connections;
    view = View.NOBODY;
    look(0);
    look(0);
    look(0);
    assertThat(wanted(Effect.Close.class).more()).isEqualTo(100);
  }

  @Test
  void aHundredAreClosedAtOnceAndEachAnswerMakesRoomForAnother() {
    closing(1_000);
    left(1, 3);
    assertThat(effects).containsExactly(new Effect.Close(3));
    left(2, 0);
    assertThat(effects).isEmpty();
    while (open > 0) {
      left(3, 1);
    }
    assertThat(report()).isEqualTo(new DrainReport(1_000, 0, 0, 0, Duration.ofMillis(3)));
  }

  @Test
  void thoseWhoDoNotAnswerDoNotHoldUpTheOthers() {
    closing(1_000);
    wake(500);
    assertThat(wanted(Effect.Close.class).more()).isEqualTo(100);
    assertThat(wanted(Effect.WakeAt.class).at()).isEqualTo(1_000 * MS);
    for (int i = 0; i < 100; i++) {
      left(600, 1);
    }
    wake(1_000);
    assertThat(effect(Effect.Close.class)).isNull();
  }

  @Test
  void aWakeThatWasMeantForAnotherPhaseSendsNoCloseFrames() {
    closing(1_000);
    wake(100);
    assertThat(effects).isEmpty();
    wake(500);
    assertThat(wanted(Effect.Close.class).more()).isEqualTo(100);
    wake(700);
    assertThat(effects).isEmpty();
  }

  @Test
  void whatWasFlushedIsReportedThoughTheTimeWasOverInBetween() {
    plan(DrainPlan.DEFAULT.flush(0.7, Duration.ofSeconds(20)).within(Duration.ofSeconds(1)));
    view = new View(0, 0, 0, 7);
    look(400);
    look(410);
    view = new View(0, 0, 0, 2);
    look(420);
    wake(750);
    assertThat(phase).isInstanceOf(Phase.Closing.class);
    left(760, 10);
    assertThat(report().flushed()).isEqualTo(5);
  }

  @Test
  void nearTheEndEverybodyIsSentACloseFrame() {
    closing(1_000);
    wake(28_750);
    assertThat(wanted(Effect.Close.class).more()).isEqualTo(Integer.MAX_VALUE);
    wake(29_000);
    assertThat(effects).isEmpty();
  }

  @Test
  void whoeverIsLeftWhenTheTimeIsOverIsCutAndReported() {
    closing(10);
    left(5, 7);
    wake(30_000);
    assertThat(effects).startsWith(new Effect.Cut());
    now += MS;
    feed(new Input.Cut(new Tally(0, 10, 9), 3));
    assertThat(report()).isEqualTo(new DrainReport(7, 3, 0, 9, Duration.ofMillis(30_001)));
  }

  @Test
  void aLoopThatHangsDoesNotKeepTheReport() {
    closing(10);
    left(5, 7);
    wake(30_000);
    wake(30_199);
    assertThat(phase).isInstanceOf(Phase.Cutting.class);
    wake(30_200);
    assertThat(report()).isEqualTo(new DrainReport(7, 3, 0, 0, Duration.ofMillis(30_200)));
  }

  @Test
  void withoutTimeEverythingIsClosedAtOnce() {
    plan(DrainPlan.DEFAULT.within(Duration.ZERO));
    view = new View(10, 10, 10, 10);
    look(0);
    assertThat(effects).startsWith(new Effect.Refuse(), new Effect.Close(100));
    wake(250);
    assertThat(effects).startsWith(new Effect.Cut());
  }
}
