package dev.everwire.client.internal.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.FaultCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state with every input. After n failures the delay is n seconds. */
class LifecycleTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long NOW = 1_000 * SECOND;

  private static final Attempt THIRD = attempt(3, 0);
  private static final Attempt FOURTH = attempt(4, 0);
  private static final Succession NONE = new Succession.None();

  private static final State IDLE = new State.Idle();
  private static final State FETCHING = new State.Fetching(THIRD, NOW + 5 * SECOND);
  private static final State LATE_FETCHING = new State.Fetching(THIRD, NOW);
  private static final State DIALING = new State.Dialing(THIRD);
  private static final State GREETING = new State.Greeting(THIRD, NOW + 5 * SECOND);
  private static final State LATE_GREETING = new State.Greeting(THIRD, NOW);
  private static final State.Ready FRESH =
      new State.Ready(THIRD, NOW - 30 * SECOND + 1, true, NONE);
  private static final State STABLE = new State.Ready(THIRD, NOW - 30 * SECOND, true, NONE);
  private static final State WAITING = new State.Waiting(THIRD, NOW + 1, "busy");
  private static final State DUE = new State.Waiting(THIRD, NOW, "busy");
  private static final End DONE = new End.Asked("done");
  private static final State CLOSING = new State.Closing(DONE);
  private static final State CLOSED = new State.Closed(DONE);

  private static final Input START = new Input.Start();
  private static final Input TOKEN_READY = new Input.TokenReady();
  private static final Input TOKEN_FAILED = new Input.TokenFailed("no");
  private static final Input OPENED = new Input.Opened();
  private static final Input DIAL_FAILED = new Input.DialFailed(0, "refused", null);
  private static final Input WELCOMED = new Input.Welcomed(true);
  private static final Input NO_HELLO = new Input.NoHello();
  private static final Input UNWELCOME = new Input.Unwelcome(FaultCode.INTERNAL, "oops", null);
  private static final Input LOST = new Input.Lost(1006, "");
  private static final Input SUCCESSOR_LOST = new Input.SuccessorLost(1006, "");
  private static final Input HELD_BACK = new Input.HeldBack(Duration.ofSeconds(9));
  private static final Input GOAWAY =
      new Input.Goaway(Duration.ofSeconds(8), Duration.ofSeconds(30));
  private static final Input WAKE = new Input.Wake();
  private static final Input CLOSE = new Input.Close("enough");
  private static final Input RELEASED = new Input.Released();

  private static final Effect DIAL = new Effect.Dial();
  private static final Effect CANCEL_DIAL = new Effect.CancelDial();
  private static final Effect GREET = new Effect.Greet();
  private static final Effect GO_ONLINE = new Effect.GoOnline();
  private static final Effect GO_OFFLINE = new Effect.GoOffline();
  private static final Effect ANNOUNCE = new Effect.Announce();
  private static final Effect FINISH = new Effect.Finish();

  private final Lifecycle lifecycle = new Lifecycle(rules(true, Rules.Tokens.NONE));
  private final Lifecycle renewing = new Lifecycle(rules(true, Rules.Tokens.RENEWED));

  record Row(State state, Input input, State next, List<Effect> effects) {
    @Override
    public String toString() {
      return state + " + " + input;
    }
  }

  static Stream<Row> table() {
    List<Row> rows = new ArrayList<>();
    End enough = new End.Asked("enough");
    State closing = new State.Closing(enough);
    Effect endAll = new Effect.EndAll(enough);
    Effect goodbye = new Effect.Hangup(CloseCode.NORMAL, "enough");

    rows.add(row(IDLE, START, new State.Dialing(Attempt.FIRST), ANNOUNCE, DIAL));
    rows.add(row(IDLE, CLOSE, new State.Closed(enough), endAll, ANNOUNCE, FINISH));
    unchangedBut(rows, IDLE, START, CLOSE);

    rows.add(row(FETCHING, TOKEN_READY, DIALING, DIAL));
    rows.add(row(FETCHING, TOKEN_FAILED, waiting(FOURTH, 3, "no token: no"), ANNOUNCE, wakeIn(3)));
    rows.add(row(FETCHING, WAKE, FETCHING, wakeIn(5)));
    rows.add(
        row(
            LATE_FETCHING,
            WAKE,
            waiting(FOURTH, 3, "no token in time"),
            CANCEL_DIAL,
            ANNOUNCE,
            wakeIn(3)));
    rows.add(row(FETCHING, CLOSE, closing, CANCEL_DIAL, ANNOUNCE, endAll));
    unchangedBut(rows, FETCHING, TOKEN_READY, TOKEN_FAILED, WAKE, CLOSE);

    long helloBy = NOW + 10 * SECOND;
    rows.add(
        row(
            DIALING,
            OPENED,
            new State.Greeting(THIRD, helloBy),
            ANNOUNCE,
            GREET,
            new Effect.WakeAt(helloBy)));
    rows.add(row(DIALING, DIAL_FAILED, waiting(FOURTH, 3, "refused"), ANNOUNCE, wakeIn(3)));
    rows.add(row(DIALING, CLOSE, closing, CANCEL_DIAL, ANNOUNCE, endAll));
    rows.add(
        row(
            DIALING,
            HELD_BACK,
            waiting(THIRD, 9, "the circuit breaker is open"),
            ANNOUNCE,
            wakeIn(9)));
    unchangedBut(rows, DIALING, OPENED, DIAL_FAILED, HELD_BACK, CLOSE);

    rows.add(row(GREETING, WELCOMED, ready(true), GO_ONLINE, ANNOUNCE));
    rows.add(row(GREETING, NO_HELLO, ready(false), GO_ONLINE, ANNOUNCE));
    rows.add(
        row(
            GREETING,
            UNWELCOME,
            waiting(FOURTH, 3, "hello refused: oops"),
            new Effect.Hangup(CloseCode.NORMAL, "hello refused"),
            ANNOUNCE,
            wakeIn(3)));
    rows.add(row(GREETING, LOST, waiting(FOURTH, 3, "closed with 1006"), ANNOUNCE, wakeIn(3)));
    rows.add(row(GREETING, WAKE, GREETING, wakeIn(5)));
    rows.add(
        row(
            LATE_GREETING,
            WAKE,
            waiting(FOURTH, 3, "hello not answered"),
            new Effect.Hangup(CloseCode.HELLO_TIMEOUT, "hello not answered"),
            ANNOUNCE,
            wakeIn(3)));
    rows.add(row(GREETING, CLOSE, closing, goodbye, ANNOUNCE, endAll));
    unchangedBut(rows, GREETING, WELCOMED, NO_HELLO, UNWELCOME, LOST, WAKE, CLOSE);

    rows.add(
        row(FRESH, LOST, waiting(FOURTH, 3, "closed with 1006"), GO_OFFLINE, ANNOUNCE, wakeIn(3)));
    rows.add(
        row(
            STABLE,
            LOST,
            waiting(Attempt.FIRST, 1, "closed with 1006"),
            GO_OFFLINE,
            ANNOUNCE,
            wakeIn(1)));
    rows.add(row(FRESH, CLOSE, closing, goodbye, GO_OFFLINE, ANNOUNCE, endAll));
    rows.add(
        row(
            FRESH,
            GOAWAY,
            with(new Succession.Due(FOURTH, NOW + 8 * SECOND, NOW + 3 * SECOND, NOW + 30 * SECOND)),
            wakeIn(8)));
    unchangedBut(rows, FRESH, LOST, CLOSE, GOAWAY);

    rows.add(row(WAITING, WAKE, WAITING, new Effect.WakeAt(NOW + 1)));
    rows.add(row(DUE, WAKE, DIALING, ANNOUNCE, DIAL));
    rows.add(row(WAITING, CLOSE, closing, ANNOUNCE, endAll));
    unchangedBut(rows, WAITING, WAKE, CLOSE);

    rows.add(row(CLOSING, RELEASED, CLOSED, ANNOUNCE, FINISH));
    unchangedBut(rows, CLOSING, RELEASED);
    unchangedBut(rows, CLOSED);
    return rows.stream();
  }

  @ParameterizedTest
  @MethodSource("table")
  void everyStateKnowsEveryInput(Row row) {
    assertThat(lifecycle.step(row.state(), row.input(), NOW))
        .isEqualTo(new Step(row.next(), row.effects()));
  }

  @Test
  void theTableIsComplete() {
    List<String> missing = new ArrayList<>();
    for (Class<?> state : State.class.getPermittedSubclasses()) {
      for (Class<?> input : Input.class.getPermittedSubclasses()) {
        if (table()
            .noneMatch(row -> state.isInstance(row.state()) && input.isInstance(row.input()))) {
          missing.add(state.getSimpleName() + " + " + input.getSimpleName());
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "400, true", "401, true", "403, true", "404, true", "0, false", "200, false", "301, false",
    "407, false", "408, false", "426, false", "429, false", "500, false", "502, false", "503, false"
  })
  void theHttpStatusSaysWhetherToComeBack(int status, boolean forGood) {
    Step step = lifecycle.step(DIALING, new Input.DialFailed(status, "no", null), NOW);

    assertThat(step.next())
        .isEqualTo(
            forGood ? new State.Closing(new End.Refused(status, "no")) : waiting(FOURTH, 3, "no"));
  }

  @ParameterizedTest
  @CsvSource({
    "1000, true",
    "1001, false",
    "1002, true",
    "1003, true",
    "1005, false",
    "1006, false",
    "1007, true",
    "1008, true",
    "1009, true",
    "1011, false",
    "1012, false",
    "1013, false",
    "4000, false",
    "4001, false",
    "4002, false",
    "4005, false",
    "4099, false",
    "4400, true",
    "4401, true",
    "4403, true",
    "4409, true",
    "4410, true",
    "4999, true",
    "0, false",
    "70000, false"
  })
  void theCloseCodeSaysWhetherToComeBack(int code, boolean forGood) {
    Input lost = new Input.Lost(code, "bye");

    for (State state : List.of(GREETING, FRESH)) {
      Step step = lifecycle.step(state, lost, NOW);
      assertThat(step.next())
          .isEqualTo(
              forGood
                  ? new State.Closing(new End.Stopped(code, "bye"))
                  : waiting(FOURTH, 3, "closed with " + code + ": bye"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-32001, true",
    "-32003, true",
    "-32603, false",
    "-32012, false",
    "-32006, false",
    "-32602, false",
    "-32013, true",
    "7, false"
  })
  void theFaultOfHelloSaysWhetherToComeBack(int code, boolean forGood) {
    Step step = lifecycle.step(GREETING, new Input.Unwelcome(code, "no", null), NOW);

    assertThat(step.next())
        .isEqualTo(
            forGood
                ? new State.Closing(new End.Unwelcome(code, "no"))
                : waiting(FOURTH, 3, "hello refused: no"));
    assertThat(step.effects().getFirst())
        .isEqualTo(new Effect.Hangup(CloseCode.NORMAL, "hello refused"));
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 3", "PT2S, 5", "PT20S, 23", "P400D, 86403"})
  void theDelayComesOnTopOfWhatTheServerAskedForWhichIsADayAtMost(
      Duration retryAfter, long seconds) {
    Input busy = new Input.DialFailed(503, "busy", retryAfter);
    Input full = new Input.Unwelcome(FaultCode.OVERLOADED, "full", retryAfter);

    assertThat(lifecycle.step(DIALING, busy, NOW).next())
        .isEqualTo(waiting(FOURTH, seconds, "busy"));
    assertThat(lifecycle.step(GREETING, full, NOW).next())
        .isEqualTo(waiting(FOURTH, seconds, "hello refused: full"));
    Input lost = new Input.Lost(1012, "", retryAfter);
    assertThat(lifecycle.step(FRESH, lost, NOW).next())
        .isEqualTo(waiting(FOURTH, seconds, "closed with 1012"));
  }

  @ParameterizedTest
  @CsvSource({"4200", "4201", "4299"})
  void aServerThatIsOverloadedIsLeftAloneForAsLongAsItSaysOrForAWhile(int code) {
    Duration told = Duration.ofSeconds(20);

    assertThat(lifecycle.step(FRESH, new Input.Lost(code, "full"), NOW).next())
        .isEqualTo(waiting(FOURTH, 5 + 3, "closed with " + code + ": full"));
    assertThat(lifecycle.step(FRESH, new Input.Lost(code, "full", told), NOW).next())
        .isEqualTo(waiting(FOURTH, 20 + 3, "closed with " + code + ": full"));
  }

  @Test
  void aPolicyWithoutAnotherDelayClosesWithTheLastFailure() {
    Lifecycle once =
        new Lifecycle(
            new Rules(
                true,
                Rules.Tokens.NONE,
                3,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                failures -> Optional.empty()));
    End end = new End.GaveUp("refused");

    assertThat(once.step(DIALING, DIAL_FAILED, NOW))
        .isEqualTo(new Step(new State.Closing(end), List.of(ANNOUNCE, new Effect.EndAll(end))));
  }

  @Test
  void aPlainClientIsReadyAsSoonAsItIsConnected() {
    Lifecycle plain = new Lifecycle(rules(false, Rules.Tokens.NONE));

    assertThat(plain.step(DIALING, OPENED, NOW))
        .isEqualTo(new Step(ready(false), List.of(GO_ONLINE, ANNOUNCE)));
  }

  @Test
  void aClockThatRunsOverDoesNoHarm() {
    long nearTheEnd = Long.MAX_VALUE - SECOND;

    Step greeting = lifecycle.step(DIALING, OPENED, nearTheEnd);
    assertThat(lifecycle.step(greeting.next(), WAKE, nearTheEnd + 2 * SECOND).next())
        .isInstanceOf(State.Greeting.class);
    assertThat(lifecycle.step(greeting.next(), WAKE, nearTheEnd + 10 * SECOND).next())
        .isInstanceOf(State.Waiting.class);
  }

  // ---- who we are

  @Test
  void theSupplierIsAskedBeforeEachDial() {
    long until = NOW + 10 * SECOND;
    Step first = renewing.step(IDLE, START, NOW);

    assertThat(first)
        .isEqualTo(
            new Step(
                new State.Fetching(Attempt.FIRST, until),
                List.of(ANNOUNCE, new Effect.WakeAt(until), new Effect.FetchToken(false))));
    assertThat(renewing.step(DUE, WAKE, NOW).effects()).contains(new Effect.FetchToken(false));
  }

  @Test
  void aRefusedTokenIsRenewedAsOftenAsIsAllowed() {
    Input refused = new Input.DialFailed(401, "no", null);

    Attempt attempt = Attempt.FIRST;
    for (int time = 1; time <= 3; time++) {
      Step step = renewing.step(new State.Dialing(attempt), refused, NOW);
      attempt = attempt(time + 1, time);
      assertThat(step.next()).isEqualTo(waiting(attempt, time, "no (HTTP 401)"));
      assertThat(step.effects()).startsWith(new Effect.Refused("no (HTTP 401)", true));
    }
    Step last = renewing.step(new State.Dialing(attempt), refused, NOW);

    assertThat(last.next()).isEqualTo(new State.Closing(new End.Refused(401, "no")));
    assertThat(last.effects()).startsWith(new Effect.Refused("no (HTTP 401)", false));
  }

  @ParameterizedTest
  @CsvSource({"4401, 1", "4403, 1", "4101, 0"})
  void aCloseCodeAboutTheTokenAsksForAnother(int code, int refusals) {
    Step step = renewing.step(FRESH, new Input.Lost(code, "bye"), NOW);

    Attempt next = new Attempt(4, refusals, true);
    assertThat(step.next()).isEqualTo(waiting(next, 3, "closed with " + code + ": bye"));
    assertThat(renewing.step(new State.Waiting(next, NOW, "x"), WAKE, NOW).effects())
        .contains(new Effect.FetchToken(true));
  }

  @ParameterizedTest
  @CsvSource({"4401", "4403", "4101"})
  void aTokenThatIsTheOnlyOneIsNotTriedAgain(int code) {
    End end = new End.Stopped(code, "bye");
    for (Rules.Tokens tokens : List.of(Rules.Tokens.FIXED, Rules.Tokens.NONE)) {
      Step step = new Lifecycle(rules(true, tokens)).step(STABLE, new Input.Lost(code, "bye"), NOW);

      assertThat(step.next()).isEqualTo(new State.Closing(end));
      assertThat(step.effects())
          .startsWith(GO_OFFLINE, new Effect.Refused("closed with " + code + ": bye", false));
    }
  }

  @Test
  void aTokenThatExpiresEveryTimeIsRenewedForEver() {
    Input expired = new Input.Lost(4101, "");
    Attempt attempt = Attempt.FIRST;
    for (int time = 1; time <= 50; time++) {
      State fresh = new State.Ready(attempt, NOW, false, NONE);
      Step step = renewing.step(fresh, expired, NOW);
      attempt = new Attempt(time + 1, 0, true);
      assertThat(step.next()).isEqualTo(waiting(attempt, time, "closed with 4101"));
    }
  }

  @Test
  void onlyAStableConnectionClearsTheRefusals() {
    Attempt twice = new Attempt(3, 2, true);
    State greeting = new State.Greeting(twice, NOW + SECOND);
    State.Ready ready = new State.Ready(new Attempt(3, 2, false), NOW, true, NONE);
    assertThat(renewing.step(greeting, WELCOMED, NOW).next()).isEqualTo(ready);

    Input refused = new Input.Lost(4401, "no");
    Attempt third = new Attempt(4, 3, true);
    assertThat(renewing.step(ready, refused, NOW).next())
        .isEqualTo(waiting(third, 3, "closed with 4401: no"));
    assertThat(renewing.step(new State.Ready(third, NOW, true, NONE), refused, NOW).next())
        .isEqualTo(new State.Closing(new End.Stopped(4401, "no")));
    assertThat(
            renewing
                .step(new State.Ready(third, NOW - 30 * SECOND, true, NONE), refused, NOW)
                .next())
        .isInstanceOf(State.Waiting.class);
  }

  @Test
  void aConnectionThatIsAcceptedAndDroppedAgainAndAgainIsTriedEverMoreSlowly() {
    Attempt attempt = Attempt.FIRST;
    for (int time = 1; time <= 60; time++) {
      State dropped = new State.Ready(attempt, NOW - SECOND, false, NONE);
      State next = lifecycle.step(dropped, LOST, NOW).next();
      attempt = attempt(time + 1, 0);
      assertThat(next).isEqualTo(waiting(attempt, time, "closed with 1006"));
    }
  }

  @Test
  void beingHeldBackByTheBreakerIsNoFailureEvenForAPolicyThatKnowsNone() {
    Lifecycle once =
        new Lifecycle(
            new Rules(
                true,
                Rules.Tokens.NONE,
                3,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                failures -> Optional.empty()));

    assertThat(once.step(DIALING, HELD_BACK, NOW).next())
        .isEqualTo(waiting(THIRD, 9, "the circuit breaker is open"));
  }

  private static Attempt attempt(int number, int refusals) {
    return new Attempt(number, refusals, refusals > 0);
  }

  private static Rules rules(boolean greets, Rules.Tokens tokens) {
    return new Rules(
        greets,
        tokens,
        3,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        failures -> Optional.of(Duration.ofSeconds(failures)));
  }

  private static State ready(boolean resumed) {
    return new State.Ready(THIRD, NOW, resumed, NONE);
  }

  private static State with(Succession next) {
    return new State.Ready(FRESH.attempt(), FRESH.since(), FRESH.resumed(), next);
  }

  private static Row row(State state, Input input, State next, Effect... effects) {
    return new Row(state, input, next, List.of(effects));
  }

  private static void unchangedBut(List<Row> rows, State state, Input... inputs) {
    List<Input> all =
        List.of(
            START,
            TOKEN_READY,
            TOKEN_FAILED,
            OPENED,
            DIAL_FAILED,
            WELCOMED,
            NO_HELLO,
            UNWELCOME,
            LOST,
            SUCCESSOR_LOST,
            HELD_BACK,
            GOAWAY,
            WAKE,
            CLOSE,
            RELEASED);
    List<Input> others = Arrays.asList(inputs);
    all.stream()
        .filter(input -> !others.contains(input))
        .forEach(input -> rows.add(row(state, input, state)));
  }

  private static State waiting(Attempt attempt, long seconds, String failure) {
    return new State.Waiting(attempt, NOW + seconds * SECOND, failure);
  }

  private static Effect wakeIn(long seconds) {
    return new Effect.WakeAt(NOW + seconds * SECOND);
  }
}
