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

  private static final State IDLE = new State.Idle();
  private static final State DIALING = new State.Dialing(3);
  private static final State GREETING = new State.Greeting(3, NOW + 5 * SECOND);
  private static final State LATE_GREETING = new State.Greeting(3, NOW);
  private static final State FRESH = new State.Live(3, NOW - 30 * SECOND + 1, true);
  private static final State STABLE = new State.Live(3, NOW - 30 * SECOND, true);
  private static final State WAITING = new State.Waiting(3, NOW + 1, "busy");
  private static final State DUE = new State.Waiting(3, NOW, "busy");
  private static final State CLOSED = new State.Closed(new End.Asked("done"));

  private static final Input START = new Input.Start();
  private static final Input OPENED = new Input.Opened();
  private static final Input DIAL_FAILED = new Input.DialFailed(0, "refused", null);
  private static final Input WELCOMED = new Input.Welcomed(true);
  private static final Input NO_HELLO = new Input.NoHello();
  private static final Input UNWELCOME = new Input.Unwelcome(FaultCode.INTERNAL, "oops", null);
  private static final Input LOST = new Input.Lost(1006, "");
  private static final Input WAKE = new Input.Wake();
  private static final Input CLOSE = new Input.Close("enough");

  private static final Effect DIAL = new Effect.Dial();
  private static final Effect CANCEL_DIAL = new Effect.CancelDial();
  private static final Effect GREET = new Effect.Greet();
  private static final Effect GO_ONLINE = new Effect.GoOnline();
  private static final Effect GO_OFFLINE = new Effect.GoOffline();
  private static final Effect ANNOUNCE = new Effect.Announce();
  private static final Effect FINISH = new Effect.Finish();

  private final Lifecycle lifecycle =
      new Lifecycle(true, failures -> Optional.of(Duration.ofSeconds(failures)));

  record Row(State state, Input input, State next, List<Effect> effects) {
    @Override
    public String toString() {
      return state + " + " + input;
    }
  }

  static Stream<Row> table() {
    List<Row> rows = new ArrayList<>();
    State closed = new State.Closed(new End.Asked("enough"));
    Effect goodbye = new Effect.Hangup(CloseCode.NORMAL, "enough");

    rows.add(row(IDLE, START, new State.Dialing(1), ANNOUNCE, DIAL));
    rows.add(row(IDLE, CLOSE, closed, ANNOUNCE, FINISH));
    unchanged(rows, IDLE, OPENED, DIAL_FAILED, WELCOMED, NO_HELLO, UNWELCOME, LOST, WAKE);

    long helloBy = NOW + 10 * SECOND;
    rows.add(
        row(DIALING, OPENED, new State.Greeting(3, helloBy), GREET, new Effect.WakeAt(helloBy)));
    rows.add(row(DIALING, DIAL_FAILED, waiting(4, 3, "refused"), ANNOUNCE, wakeIn(3)));
    rows.add(row(DIALING, CLOSE, closed, CANCEL_DIAL, ANNOUNCE, FINISH));
    unchanged(rows, DIALING, START, WELCOMED, NO_HELLO, UNWELCOME, LOST, WAKE);

    rows.add(row(GREETING, WELCOMED, new State.Live(3, NOW, true), GO_ONLINE, ANNOUNCE));
    rows.add(row(GREETING, NO_HELLO, new State.Live(3, NOW, false), GO_ONLINE, ANNOUNCE));
    rows.add(
        row(
            GREETING,
            UNWELCOME,
            waiting(4, 3, "hello refused: oops"),
            new Effect.Hangup(CloseCode.NORMAL, "hello refused"),
            ANNOUNCE,
            wakeIn(3)));
    rows.add(row(GREETING, LOST, waiting(4, 3, "closed with 1006"), ANNOUNCE, wakeIn(3)));
    rows.add(row(GREETING, WAKE, GREETING, wakeIn(5)));
    rows.add(
        row(
            LATE_GREETING,
            WAKE,
            waiting(4, 3, "hello not answered"),
            new Effect.Hangup(CloseCode.HELLO_TIMEOUT, "hello not answered"),
            ANNOUNCE,
            wakeIn(3)));
    rows.add(row(GREETING, CLOSE, closed, goodbye, ANNOUNCE, FINISH));
    unchanged(rows, GREETING, START, OPENED, DIAL_FAILED);

    rows.add(row(FRESH, LOST, waiting(4, 3, "closed with 1006"), GO_OFFLINE, ANNOUNCE, wakeIn(3)));
    rows.add(row(STABLE, LOST, waiting(1, 1, "closed with 1006"), GO_OFFLINE, ANNOUNCE, wakeIn(1)));
    rows.add(row(FRESH, CLOSE, closed, goodbye, GO_OFFLINE, ANNOUNCE, FINISH));
    unchanged(rows, FRESH, START, OPENED, DIAL_FAILED, WELCOMED, NO_HELLO, UNWELCOME, WAKE);

    rows.add(row(WAITING, WAKE, WAITING, new Effect.WakeAt(NOW + 1)));
    rows.add(row(DUE, WAKE, new State.Dialing(3), ANNOUNCE, DIAL));
    rows.add(row(WAITING, CLOSE, closed, ANNOUNCE, FINISH));
    unchanged(rows, WAITING, START, OPENED, DIAL_FAILED, WELCOMED, NO_HELLO, UNWELCOME, LOST);

    unchanged(
        rows, CLOSED, START, OPENED, DIAL_FAILED, WELCOMED, NO_HELLO, UNWELCOME, LOST, WAKE, CLOSE);
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
        .isEqualTo(forGood ? new State.Closed(new End.Refused(status, "no")) : waiting(4, 3, "no"));
    assertThat(step.effects().contains(FINISH)).isEqualTo(forGood);
  }

  @ParameterizedTest
  @CsvSource({
    "1000, true", "1001, false", "1002, true", "1003, true", "1005, false", "1006, false",
    "1007, true", "1008, true", "1009, true", "1011, false", "1012, false", "1013, false",
    "4000, false", "4001, false", "4002, false", "4005, false", "4099, false", "4101, false",
    "4200, false", "4201, false", "4400, true", "4401, true", "4403, true", "4409, true",
    "4410, true", "4999, true", "0, false", "70000, false"
  })
  void theCloseCodeSaysWhetherToComeBack(int code, boolean forGood) {
    Input lost = new Input.Lost(code, "bye");

    for (State state : List.of(GREETING, FRESH)) {
      Step step = lifecycle.step(state, lost, NOW);
      assertThat(step.next())
          .isEqualTo(
              forGood
                  ? new State.Closed(new End.Stopped(code, "bye"))
                  : waiting(4, 3, "closed with " + code + ": bye"));
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
    "7, false"
  })
  void theFaultOfHelloSaysWhetherToComeBack(int code, boolean forGood) {
    Step step = lifecycle.step(GREETING, new Input.Unwelcome(code, "no", null), NOW);

    assertThat(step.next())
        .isEqualTo(
            forGood
                ? new State.Closed(new End.Unwelcome(code, "no"))
                : waiting(4, 3, "hello refused: no"));
    assertThat(step.effects().getFirst())
        .isEqualTo(new Effect.Hangup(CloseCode.NORMAL, "hello refused"));
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 3", "PT2S, 3", "PT20S, 20", "P400D, 86400"})
  void theServerMayAskForMoreTimeButNotForMoreThanADay(Duration retryAfter, long seconds) {
    Input busy = new Input.DialFailed(503, "busy", retryAfter);
    Input full = new Input.Unwelcome(FaultCode.OVERLOADED, "full", retryAfter);

    assertThat(lifecycle.step(DIALING, busy, NOW).next()).isEqualTo(waiting(4, seconds, "busy"));
    assertThat(lifecycle.step(GREETING, full, NOW).next())
        .isEqualTo(waiting(4, seconds, "hello refused: full"));
  }

  @Test
  void aPolicyWithoutAnotherDelayClosesWithTheLastFailure() {
    Lifecycle once = new Lifecycle(true, failures -> Optional.empty());

    Step step = once.step(DIALING, DIAL_FAILED, NOW);

    assertThat(step)
        .isEqualTo(
            new Step(new State.Closed(new End.GaveUp("refused")), List.of(ANNOUNCE, FINISH)));
  }

  @Test
  void aPlainClientIsLiveAsSoonAsItIsConnected() {
    Lifecycle plain = new Lifecycle(false, failures -> Optional.empty());

    assertThat(plain.step(DIALING, OPENED, NOW))
        .isEqualTo(new Step(new State.Live(3, NOW, false), List.of(GO_ONLINE, ANNOUNCE)));
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

  private static Row row(State state, Input input, State next, Effect... effects) {
    return new Row(state, input, next, List.of(effects));
  }

  private static void unchanged(List<Row> rows, State state, Input... inputs) {
    Arrays.stream(inputs).forEach(input -> rows.add(row(state, input, state)));
  }

  private static State waiting(int attempt, long seconds, String failure) {
    return new State.Waiting(attempt, NOW + seconds * SECOND, failure);
  }

  private static Effect wakeIn(long seconds) {
    return new Effect.WakeAt(NOW + seconds * SECOND);
  }
}
