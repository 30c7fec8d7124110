package dev.everwire.client.internal.lifecycle;

import dev.everwire.protocol.CloseCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a client's life. <em>Whether</em> to come back is said by the close code, the HTTP
 * status or the fault of the first answer; <em>when</em>, by the reconnect policy. An explicit
 * close wins in every state. Immutable; times are nanoseconds of the loop.
 *
 * <p>An attempt's number grows with each dial and starts over at 1 after a connection that was
 * ready for {@link Rules#stableAfter}. With delays 1 s, 2 s, 4 s: dial 1 fails → wait 1 s → dial 2
 * comes through, is lost after 5 s → wait 2 s → dial 3 comes through, is lost after an hour → wait
 * 1 s → dial 1.
 *
 * <p>What a server asks for with {@code $/goaway} is decided by {@link Successions}.
 */
public final class Lifecycle {
  /** A server cannot send a client away for longer. */
  public static final Duration LONGEST_WAIT = Duration.ofDays(1);

  /** For a server that closes with 4200–4299 and has not said how long to stay away. */
  public static final Duration UNTOLD_WAIT = Duration.ofSeconds(5);

  private final Rules rules;
  private final Successions successions;

  public Lifecycle(Rules rules) {
    this.rules = rules;
    this.successions = new Successions(rules);
  }

  public Step step(State state, Input input, long now) {
    if (input instanceof Input.Close(String why)) {
      return close(state, why);
    }
    return switch (state) {
      case State.Idle() ->
          input instanceof Input.Start ? begin(Attempt.FIRST, now) : Step.to(state);
      case State.Fetching fetching -> fetching(fetching, input, now);
      case State.Dialing dialing -> dialing(dialing, input, now);
      case State.Greeting greeting -> greeting(greeting, input, now);
      case State.Ready ready ->
          input instanceof Input.Lost lost
              ? lost(ready, lost, now)
              : successions.step(ready, input, now);
      case State.Waiting waiting -> waiting(waiting, input, now);
      case State.Closing(End end) ->
          input instanceof Input.Released
              ? Step.to(new State.Closed(end), new Effect.Announce(), new Effect.Finish())
              : Step.to(state);
      case State.Closed closed -> Step.to(closed);
    };
  }

  private Step fetching(State.Fetching state, Input input, long now) {
    return switch (input) {
      case Input.TokenReady() -> dial(state.attempt());
      case Input.TokenFailed(String message) ->
          retry(state.attempt(), state.attempt().next(), "no token: " + message, null, now);
      case Input.Wake() when now - state.until() >= 0 ->
          after(
              new Effect.CancelDial(),
              retry(state.attempt(), state.attempt().next(), "no token in time", null, now));
      case Input.Wake() -> Step.to(state, new Effect.WakeAt(state.until()));
      default -> Step.to(state);
    };
  }

  private Step dialing(State.Dialing state, Input input, long now) {
    Attempt attempt = state.attempt();
    return switch (input) {
      case Input.Opened() when rules.greets() -> {
        long until = now + rules.greetWithin().toNanos();
        yield Step.to(
            new State.Greeting(attempt, until),
            new Effect.Announce(),
            new Effect.Greet(),
            new Effect.WakeAt(until));
      }
      case Input.Opened() -> ready(attempt, false, now);
      case Input.DialFailed(int status, String message, Duration retryAfter) -> {
        End.Refused end = new End.Refused(status, message);
        if (Verdicts.unauthenticated(status)) {
          yield refused(attempt, end.why(), end, retryAfter, now);
        }
        yield Verdicts.permanent(status)
            ? closing(end)
            : retry(attempt, attempt.next(), message, retryAfter, now);
      }
      case Input.HeldBack(Duration rest) ->
          waitUntil(now + nanos(rest), attempt, "the circuit breaker is open");
      default -> Step.to(state);
    };
  }

  private Step greeting(State.Greeting state, Input input, long now) {
    Attempt attempt = state.attempt();
    return switch (input) {
      case Input.Welcomed(boolean resumed) -> ready(attempt, resumed, now);
      case Input.NoHello() -> ready(attempt, false, now);
      case Input.Unwelcome(int code, String message, Duration retryAfter) -> {
        Effect.Hangup hangup = new Effect.Hangup(CloseCode.NORMAL, "hello refused");
        End.Unwelcome end = new End.Unwelcome(code, message);
        Step step =
            Verdicts.faultUnauthenticated(code)
                ? refused(attempt, end.why(), end, retryAfter, now)
                : retry(attempt, attempt.next(), "hello refused: " + message, retryAfter, now);
        yield after(hangup, step);
      }
      case Input.Lost lost -> lost(attempt, attempt.next(), lost, now);
      case Input.Wake() when now - state.until() >= 0 ->
          after(
              new Effect.Hangup(CloseCode.HELLO_TIMEOUT, "hello not answered"),
              retry(attempt, attempt.next(), "hello not answered", null, now));
      case Input.Wake() -> Step.to(state, new Effect.WakeAt(state.until()));
      default -> Step.to(state);
    };
  }

  /** The present connection is gone; a successor under way takes its place. */
  private Step lost(State.Ready state, Input.Lost lost, long now) {
    Step step =
        switch (state.next()) {
          case Succession.None none -> lostAlone(state, lost, now);
          case Succession.Due due -> lostAlone(state, lost, now);
          case Succession.Fetching fetching when endsAll(lost) -> stopped(lost);
          case Succession.Dialing dialing when endsAll(lost) -> stopped(lost);
          case Succession.Greeting greeting when endsAll(lost) -> stopped(lost);
          case Succession.Fetching(Attempt attempt, long until, long closeBy) ->
              Step.to(
                  new State.Fetching(attempt, until),
                  new Effect.Announce(),
                  new Effect.WakeAt(until));
          case Succession.Dialing(Attempt attempt, long closeBy) ->
              Step.to(new State.Dialing(attempt), new Effect.Announce());
          case Succession.Greeting(Attempt attempt, long until, long closeBy) ->
              Step.to(
                  new State.Greeting(attempt, until),
                  new Effect.Announce(),
                  new Effect.WakeAt(until));
        };
    return after(new Effect.GoOffline(), step);
  }

  /**
   * Whether also a successor under way is of no use. Not when it is that which has replaced the
   * present one, or when it may have brought a better token.
   */
  private boolean endsAll(Input.Lost lost) {
    boolean stop = rules.verdicts().apply(lost.code()) == CloseCode.Verdict.STOP;
    boolean replaced = lost.code() == CloseCode.REPLACED.value();
    boolean renewed = Verdicts.closedUnauthenticated(lost.code()) && rules.renews();
    return stop && !replaced && !renewed;
  }

  private static Step stopped(Input.Lost lost) {
    End.Stopped stopped = new End.Stopped(lost.code(), lost.reason());
    Step closing = after(new Effect.CancelDial(), closing(stopped));
    return Verdicts.closedUnauthenticated(lost.code())
        ? after(new Effect.Refused(stopped.why(), false), closing)
        : closing;
  }

  private Step lostAlone(State.Ready state, Input.Lost lost, long now) {
    return rules.stable(state, now)
        ? lost(Attempt.FIRST, Attempt.FIRST, lost, now)
        : lost(state.attempt(), state.attempt().next(), lost, now);
  }

  private Step waiting(State.Waiting state, Input input, long now) {
    if (!(input instanceof Input.Wake)) {
      return Step.to(state);
    }
    return now - state.until() >= 0
        ? begin(state.attempt(), now)
        : Step.to(state, new Effect.WakeAt(state.until()));
  }

  private static Step close(State state, String why) {
    Effect.Hangup hangup = new Effect.Hangup(CloseCode.NORMAL, why);
    End asked = new End.Asked(why);
    Step closing = closing(asked);
    return switch (state) {
      case State.Idle idle ->
          Step.to(
              new State.Closed(asked),
              new Effect.EndAll(asked),
              new Effect.Announce(),
              new Effect.Finish());
      case State.Fetching fetching -> after(new Effect.CancelDial(), closing);
      case State.Dialing dialing -> after(new Effect.CancelDial(), closing);
      case State.Greeting greeting -> after(hangup, closing);
      case State.Ready(var attempt, var since, var resumed, Succession.None none) ->
          after(hangup, after(new Effect.GoOffline(), closing));
      case State.Ready ready ->
          after(new Effect.CancelDial(), after(hangup, after(new Effect.GoOffline(), closing)));
      case State.Waiting waiting -> closing; // a former connection may still be leaving
      case State.Closing already -> Step.to(already);
      case State.Closed already -> Step.to(already);
    };
  }

  private Step begin(Attempt attempt, long now) {
    if (!rules.fetches()) {
      return dial(attempt, new Effect.Announce());
    }
    long until = now + rules.greetWithin().toNanos();
    return Step.to(
        new State.Fetching(attempt, until),
        new Effect.Announce(),
        new Effect.WakeAt(until),
        new Effect.FetchToken(attempt.renew()));
  }

  private static Step dial(Attempt attempt, Effect... before) {
    Step step = Step.to(new State.Dialing(attempt), new Effect.Dial());
    return before.length == 0 ? step : after(before[0], step);
  }

  private static Step ready(Attempt attempt, boolean resumed, long now) {
    // Online first: whoever is told "ready" may call.
    return Step.to(
        new State.Ready(attempt.welcomed(), now, resumed, new Succession.None()),
        new Effect.GoOnline(),
        new Effect.Announce());
  }

  private Step lost(Attempt failed, Attempt next, Input.Lost lost, long now) {
    End.Stopped stopped = new End.Stopped(lost.code(), lost.reason());
    String why = stopped.why();
    Duration asked = lost.retryAfter();
    return switch (rules.verdicts().apply(lost.code())) {
      case STOP ->
          Verdicts.closedUnauthenticated(lost.code())
              ? refused(failed, why, stopped, asked, now)
              : closing(stopped);
      // With another token every time is not too often: a token may live for seconds only.
      case REFRESH ->
          rules.renews()
              ? retry(failed, next.renewing(), why, asked, now)
              : after(new Effect.Refused(why, false), closing(stopped));
      case RECONNECT -> retry(failed, next, why, asked, now);
      case WAIT -> retry(failed, next, why, asked == null ? UNTOLD_WAIT : asked, now);
    };
  }

  /** The server does not take us for whom we say we are. */
  private Step refused(
      Attempt attempt, String why, End end, @Nullable Duration retryAfter, long now) {
    if (!rules.mayRenew(attempt)) {
      return after(new Effect.Refused(why, false), closing(end));
    }
    return after(
        new Effect.Refused(why, true), retry(attempt, attempt.refused(), why, retryAfter, now));
  }

  private Step retry(
      Attempt failed, Attempt next, String failure, @Nullable Duration atLeast, long now) {
    Optional<Duration> delay = rules.delays().apply(failed.number());
    if (delay.isEmpty()) {
      return closing(new End.GaveUp(failure));
    }
    return waitUntil(now + wait(delay.get(), atLeast), next, failure);
  }

  private static Step waitUntil(long until, Attempt next, String failure) {
    return Step.to(
        new State.Waiting(next, until, failure), new Effect.Announce(), new Effect.WakeAt(until));
  }

  /** A connection handed over may still be there: told as closed when it is gone, too. */
  private static Step closing(End end) {
    return Step.to(new State.Closing(end), new Effect.Announce(), new Effect.EndAll(end));
  }

  static Step after(Effect first, Step step) {
    List<Effect> effects = new ArrayList<>(step.effects().size() + 1);
    effects.add(first);
    effects.addAll(step.effects());
    return new Step(step.next(), effects);
  }

  /**
   * Nanoseconds of what the server asked for, and the delay on top: who were told the same do not
   * come back together.
   */
  static long wait(Duration delay, @Nullable Duration atLeast) {
    return nanos(delay) + (atLeast == null ? 0 : nanos(atLeast));
  }

  static long nanos(Duration delay) {
    Duration bounded = delay.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : delay;
    return Math.max(0, bounded.toNanos());
  }
}
