package dev.everwire.client.internal.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.FaultCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Another connection is made before the present one goes. After n failures the delay is n s. */
class SuccessionsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long NOW = 1_000 * SECOND;
  private static final long CLOSE_BY = NOW + 20 * SECOND;

  private static final Attempt FIRST = Attempt.FIRST;
  private static final Attempt SECOND_TRY = new Attempt(2, 0, false);
  private static final Succession NONE = new Succession.None();
  private static final State DUE = due(FIRST, NOW);
  private static final State FETCHING =
      with(new Succession.Fetching(FIRST, NOW + SECOND, CLOSE_BY));
  private static final State DIALING = with(new Succession.Dialing(FIRST, CLOSE_BY));
  private static final State GREETING =
      with(new Succession.Greeting(FIRST, NOW + SECOND, CLOSE_BY));

  private static final Effect GO_OFFLINE = new Effect.GoOffline();
  private static final Effect ANNOUNCE = new Effect.Announce();
  private static final Effect[] HANDED_OVER = {
    new Effect.HandOver(CLOSE_BY), new Effect.GoOnline(), ANNOUNCE
  };

  private final Lifecycle lifecycle = new Lifecycle(rules(Rules.Tokens.NONE));
  private final Lifecycle renewing = new Lifecycle(rules(Rules.Tokens.RENEWED));

  record Row(State state, Input input, State next, List<Effect> effects) {
    @Override
    public String toString() {
      return state + " + " + input;
    }
  }

  static Stream<Row> table() {
    List<Row> rows = new ArrayList<>();
    State again = due(SECOND_TRY, NOW + SECOND);
    State done = new State.Ready(FIRST, NOW, true, NONE);
    Effect inASecond = new Effect.WakeAt(NOW + SECOND);
    Input refused = new Input.DialFailed(0, "refused", null);
    Input busy = new Input.DialFailed(503, "busy", Duration.ofSeconds(7));
    Input lost = new Input.Lost(1006, "");
    Input wake = new Input.Wake();

    rows.add(row(DUE, wake, DIALING, new Effect.Dial()));
    rows.add(row(due(FIRST, NOW + SECOND), wake, due(FIRST, NOW + SECOND), inASecond));
    rows.add(
        row(
            DUE,
            new Input.Goaway(Duration.ofSeconds(1), Duration.ofSeconds(20)),
            with(new Succession.Due(FIRST, NOW + SECOND, NOW, CLOSE_BY)),
            inASecond));
    rows.add(row(FETCHING, new Input.TokenReady(), DIALING, new Effect.Dial()));
    rows.add(row(FETCHING, new Input.TokenFailed("no"), again, inASecond));
    rows.add(row(FETCHING, wake, FETCHING, inASecond));
    rows.add(
        row(
            DIALING,
            new Input.Opened(),
            with(new Succession.Greeting(FIRST, NOW + 10 * SECOND, CLOSE_BY)),
            new Effect.Greet(),
            new Effect.WakeAt(NOW + 10 * SECOND)));
    rows.add(row(DIALING, refused, again, inASecond));
    rows.add(
        row(DIALING, busy, due(SECOND_TRY, NOW + 8 * SECOND), new Effect.WakeAt(NOW + 8 * SECOND)));
    rows.add(row(GREETING, new Input.Welcomed(true), done, HANDED_OVER));
    rows.add(
        row(
            GREETING,
            new Input.Unwelcome(FaultCode.INTERNAL, "oops", null),
            again,
            new Effect.DropSuccessor(CloseCode.NORMAL, "hello refused"),
            inASecond));
    rows.add(row(GREETING, new Input.SuccessorLost(1006, ""), again, inASecond));
    rows.add(row(GREETING, new Input.SuccessorLost(4410, "kicked"), with(NONE)));
    rows.add(
        row(
            GREETING,
            new Input.SuccessorLost(4200, "full"),
            due(SECOND_TRY, NOW + 6 * SECOND),
            new Effect.WakeAt(NOW + 6 * SECOND)));
    Input sooner = new Input.Goaway(Duration.ofSeconds(1), Duration.ofSeconds(5));
    long closeBy = NOW + 5 * SECOND;
    rows.add(row(FETCHING, sooner, with(new Succession.Fetching(FIRST, NOW + SECOND, closeBy))));
    rows.add(row(DIALING, sooner, with(new Succession.Dialing(FIRST, closeBy))));
    rows.add(row(GREETING, sooner, with(new Succession.Greeting(FIRST, NOW + SECOND, closeBy))));
    rows.add(
        row(
            DIALING,
            new Input.HeldBack(Duration.ofSeconds(9)),
            due(FIRST, NOW + 9 * SECOND),
            new Effect.WakeAt(NOW + 9 * SECOND)));
    rows.add(row(GREETING, wake, GREETING, inASecond));

    // the present one is lost meanwhile: the successor goes on in its place
    rows.add(
        row(
            FETCHING,
            lost,
            new State.Fetching(FIRST, NOW + SECOND),
            GO_OFFLINE,
            ANNOUNCE,
            inASecond));
    rows.add(row(DIALING, lost, new State.Dialing(FIRST), GO_OFFLINE, ANNOUNCE));
    rows.add(
        row(
            GREETING,
            lost,
            new State.Greeting(FIRST, NOW + SECOND),
            GO_OFFLINE,
            ANNOUNCE,
            inASecond));
    rows.add(
        row(
            DUE,
            lost,
            new State.Waiting(FIRST, NOW + SECOND, "closed with 1006"),
            GO_OFFLINE,
            ANNOUNCE,
            inASecond));
    return rows.stream();
  }

  @ParameterizedTest
  @MethodSource("table")
  void theSuccessorIsMadeBeforeThePresentOneGoes(Row row) {
    assertThat(lifecycle.step(row.state(), row.input(), NOW))
        .isEqualTo(new Step(row.next(), row.effects()));
  }

  @ParameterizedTest
  @MethodSource("underWay")
  void closeWinsOverEverySuccession(State state) {
    Step step = lifecycle.step(state, new Input.Close("enough"), NOW);

    End end = new End.Asked("enough");
    assertThat(step)
        .isEqualTo(
            new Step(
                new State.Closing(end),
                List.of(
                    new Effect.CancelDial(),
                    new Effect.Hangup(CloseCode.NORMAL, "enough"),
                    GO_OFFLINE,
                    ANNOUNCE,
                    new Effect.EndAll(end))));
  }

  static Stream<State> underWay() {
    return Stream.of(DUE, FETCHING, DIALING, GREETING);
  }

  @Test
  void aSuccessorThatIsRefusedForGoodLeavesThePresentOneAlone() {
    Step step = lifecycle.step(DIALING, new Input.DialFailed(401, "no", null), NOW);

    assertThat(step)
        .isEqualTo(new Step(with(NONE), List.of(new Effect.Refused("no (HTTP 401)", false))));
  }

  @ParameterizedTest
  @MethodSource("connecting")
  void aPresentOneThatIsEndedForGoodTakesItsSuccessorAlong(State state) {
    End end = new End.Stopped(4410, "kicked");

    assertThat(lifecycle.step(state, new Input.Lost(4410, "kicked"), NOW))
        .isEqualTo(
            new Step(
                new State.Closing(end),
                List.of(GO_OFFLINE, new Effect.CancelDial(), ANNOUNCE, new Effect.EndAll(end))));
  }

  @ParameterizedTest
  @MethodSource("connecting")
  void aPresentOneThatWasReplacedOrHasABadTokenLeavesItsPlaceToItsSuccessor(State state) {
    assertThat(lifecycle.step(state, new Input.Lost(4409, ""), NOW).next())
        .isNotInstanceOf(State.Closing.class);
    assertThat(renewing.step(state, new Input.Lost(4401, ""), NOW).next())
        .isNotInstanceOf(State.Closing.class);
    Step refused = lifecycle.step(state, new Input.Lost(4401, ""), NOW);
    assertThat(refused.next()).isEqualTo(new State.Closing(new End.Stopped(4401, "")));
    assertThat(refused.effects()).contains(new Effect.Refused("closed with 4401", false));
  }

  static Stream<State> connecting() {
    return Stream.of(FETCHING, DIALING, GREETING);
  }

  @Test
  void aSuccessorClosedForItsTokenAsksForAnother() {
    for (Input input :
        List.of(
            new Input.SuccessorLost(4401, "no"),
            new Input.Unwelcome(FaultCode.UNAUTHENTICATED, "no", null),
            new Input.Unwelcome(FaultCode.TOKEN_EXPIRED, "no", null))) {
      assertThat(renewing.step(GREETING, input, NOW).next())
          .isEqualTo(due(new Attempt(2, 1, true), NOW + SECOND));
    }
    assertThat(renewing.step(GREETING, new Input.SuccessorLost(4101, ""), NOW).next())
        .isEqualTo(due(new Attempt(2, 0, true), NOW + SECOND));
  }

  @Test
  void aServerThatSendsUsOnAndOnIsFollowedEverMoreSlowly() {
    Input now = new Input.Goaway(Duration.ZERO, Duration.ZERO);
    Attempt attempt = FIRST;
    for (int time = 1; time <= 60; time++) {
      State fresh = new State.Ready(attempt, NOW, false, NONE);
      Attempt next = new Attempt(time + 1, 0, false);
      long at = NOW + time * SECOND;
      State.Ready due = (State.Ready) lifecycle.step(fresh, now, NOW).next();
      assertThat(due.next()).isEqualTo(new Succession.Due(next, at, at, NOW));
      assertThat(lifecycle.step(due, now, NOW).next()).isEqualTo(due); // saying it again is no use

      State dialing = lifecycle.step(due, new Input.Wake(), at).next();
      State greeting = lifecycle.step(dialing, new Input.Opened(), at).next();
      Step step = lifecycle.step(greeting, new Input.Welcomed(false), at);
      attempt = ((State.Ready) step.next()).attempt();
      assertThat(attempt).isEqualTo(next);
    }
  }

  @Test
  void aSuccessorThatFailsAgainAndAgainIsTriedEverMoreSlowlyWhateverTheServerSays() {
    State state = DUE;
    for (int time = 1; time <= 10; time++) {
      State dialing = lifecycle.step(state, new Input.Wake(), NOW).next();
      state = lifecycle.step(dialing, new Input.DialFailed(0, "refused", null), NOW).next();
      Input again = new Input.Goaway(Duration.ZERO, Duration.ofSeconds(20));
      state = lifecycle.step(state, again, NOW).next();
      assertThat(state).isEqualTo(due(new Attempt(time + 1, 0, false), NOW + time * SECOND));
      state = due(new Attempt(time + 1, 0, false), NOW);
    }
  }

  @Test
  void aSuccessorThatIsRefusedAsksForAnotherToken() {
    Step step = renewing.step(DIALING, new Input.DialFailed(401, "no", null), NOW);

    State due = due(new Attempt(2, 1, true), NOW + SECOND);
    assertThat(step.next()).isEqualTo(due);
    assertThat(renewing.step(due, new Input.Wake(), NOW + SECOND).effects())
        .contains(new Effect.FetchToken(true));
  }

  private static Rules rules(Rules.Tokens tokens) {
    return new Rules(
        true,
        tokens,
        3,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        failures -> Optional.of(Duration.ofSeconds(failures)));
  }

  private static State due(Attempt attempt, long at) {
    return with(new Succession.Due(attempt, at, at, CLOSE_BY));
  }

  private static State with(Succession next) {
    return new State.Ready(FIRST, NOW - 60 * SECOND, false, next);
  }

  private static Row row(State state, Input input, State next, Effect... effects) {
    return new Row(state, input, next, List.of(effects));
  }
}
