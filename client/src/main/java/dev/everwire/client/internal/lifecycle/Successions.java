package dev.everwire.client.internal.lifecycle;

import dev.everwire.protocol.CloseCode;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Make before break: a server that goes away says when, and the client opens another connection
 * while the present one still works. A successor that does not come through is tried again as long
 * as the present connection lives; when that is lost, the successor under way takes its place.
 *
 * <p>A server that sends a client on and on is followed at the pace of the reconnect policy only: a
 * connection that was not stable counts as a failure.
 */
final class Successions {
  private static final Succession NONE = new Succession.None();

  private final Rules rules;

  Successions(Rules rules) {
    this.rules = rules;
  }

  /** Anything but the loss of the present connection. */
  Step step(State.Ready state, Input input, long now) {
    return switch (state.next()) {
      case Succession.None none ->
          input instanceof Input.Goaway asked ? asked(state, asked, now) : Step.to(state);
      case Succession.Due due -> due(state, due, input, now);
      case Succession.Fetching fetching -> fetching(state, fetching, input, now);
      case Succession.Dialing dialing -> dialing(state, dialing, input, now);
      case Succession.Greeting greeting -> greeting(state, greeting, input, now);
    };
  }

  private Step asked(State.Ready state, Input.Goaway asked, long now) {
    if (rules.stable(state, now)) {
      return due(state, Attempt.FIRST, now, asked, now);
    }
    Attempt present = state.attempt();
    Optional<Duration> pause = rules.delays().apply(present.number());
    return pause.isEmpty()
        ? Step.to(state) // what its loss says, counts
        : due(state, present.next(), now + Lifecycle.nanos(pause.get()), asked, now);
  }

  private static Step due(
      State.Ready state, Attempt attempt, long earliest, Input.Goaway asked, long now) {
    long told = now + Lifecycle.nanos(asked.in());
    long at = told - earliest < 0 ? earliest : told;
    return Step.to(
        with(state, new Succession.Due(attempt, at, earliest, closeBy(asked, now))),
        new Effect.WakeAt(at));
  }

  private Step due(State.Ready state, Succession.Due due, Input input, long now) {
    if (input instanceof Input.Goaway asked) { // the newest word counts
      return due(state, due.attempt(), due.earliest(), asked, now);
    }
    if (!(input instanceof Input.Wake)) {
      return Step.to(state);
    }
    if (now - due.at() < 0) {
      return Step.to(state, new Effect.WakeAt(due.at()));
    }
    if (!rules.fetches()) {
      return dial(state, due.attempt(), due.closeBy());
    }
    long until = now + rules.greetWithin().toNanos();
    return Step.to(
        with(state, new Succession.Fetching(due.attempt(), until, due.closeBy())),
        new Effect.WakeAt(until),
        new Effect.FetchToken(due.attempt().renew()));
  }

  private Step fetching(State.Ready state, Succession.Fetching next, Input input, long now) {
    Attempt attempt = next.attempt();
    return switch (input) {
      case Input.TokenReady() -> dial(state, attempt, next.closeBy());
      case Input.TokenFailed failed ->
          again(state, attempt, attempt.next(), next.closeBy(), null, now);
      case Input.Goaway asked ->
          Step.to(with(state, new Succession.Fetching(attempt, next.until(), closeBy(asked, now))));
      case Input.Wake() when now - next.until() >= 0 ->
          Lifecycle.after(
              new Effect.CancelDial(),
              again(state, attempt, attempt.next(), next.closeBy(), null, now));
      case Input.Wake() -> Step.to(state, new Effect.WakeAt(next.until()));
      default -> Step.to(state);
    };
  }

  private Step dialing(State.Ready state, Succession.Dialing next, Input input, long now) {
    Attempt attempt = next.attempt();
    long closeBy = next.closeBy();
    return switch (input) {
      case Input.Opened() when rules.greets() -> {
        long until = now + rules.greetWithin().toNanos();
        yield Step.to(
            with(state, new Succession.Greeting(attempt, until, closeBy)),
            new Effect.Greet(),
            new Effect.WakeAt(until));
      }
      case Input.Opened() -> handOver(attempt, closeBy, false, now);
      case Input.DialFailed(int status, String message, Duration retryAfter) ->
          Verdicts.unauthenticated(status)
              ? refused(
                  state, attempt, new End.Refused(status, message).why(), closeBy, retryAfter, now)
              : again(state, attempt, attempt.next(), closeBy, retryAfter, now);
      case Input.HeldBack(Duration rest) ->
          due(state, attempt, now + Lifecycle.nanos(rest), closeBy);
      case Input.Goaway asked ->
          Step.to(with(state, new Succession.Dialing(attempt, closeBy(asked, now))));
      default -> Step.to(state);
    };
  }

  private Step greeting(State.Ready state, Succession.Greeting next, Input input, long now) {
    Attempt attempt = next.attempt();
    long closeBy = next.closeBy();
    return switch (input) {
      case Input.Welcomed(boolean resumed) -> handOver(attempt, closeBy, resumed, now);
      case Input.NoHello() -> handOver(attempt, closeBy, false, now);
      case Input.Unwelcome(int code, String message, Duration retryAfter) ->
          Lifecycle.after(
              new Effect.DropSuccessor(CloseCode.NORMAL, "hello refused"),
              Verdicts.faultUnauthenticated(code)
                  ? refused(
                      state,
                      attempt,
                      new End.Unwelcome(code, message).why(),
                      closeBy,
                      retryAfter,
                      now)
                  : again(state, attempt, attempt.next(), closeBy, retryAfter, now));
      case Input.SuccessorLost(int code, String reason) ->
          lost(state, attempt, new End.Stopped(code, reason), closeBy, now);
      case Input.Goaway asked ->
          Step.to(with(state, new Succession.Greeting(attempt, next.until(), closeBy(asked, now))));
      case Input.Wake() when now - next.until() >= 0 ->
          Lifecycle.after(
              new Effect.DropSuccessor(CloseCode.HELLO_TIMEOUT, "hello not answered"),
              again(state, attempt, attempt.next(), closeBy, null, now));
      case Input.Wake() -> Step.to(state, new Effect.WakeAt(next.until()));
      default -> Step.to(state);
    };
  }

  private Step lost(State.Ready state, Attempt attempt, End.Stopped how, long closeBy, long now) {
    return switch (rules.verdicts().apply(how.code())) {
      case STOP ->
          Verdicts.closedUnauthenticated(how.code())
              ? refused(state, attempt, how.why(), closeBy, null, now)
              : Step.to(with(state, NONE)); // what the loss of the present one says, counts
      case REFRESH -> again(state, attempt, attempt.next().renewing(), closeBy, null, now);
      case RECONNECT -> again(state, attempt, attempt.next(), closeBy, null, now);
      case WAIT -> again(state, attempt, attempt.next(), closeBy, Lifecycle.UNTOLD_WAIT, now);
    };
  }

  private static Step dial(State.Ready state, Attempt attempt, long closeBy) {
    return Step.to(with(state, new Succession.Dialing(attempt, closeBy)), new Effect.Dial());
  }

  private static Step handOver(Attempt attempt, long closeBy, boolean resumed, long now) {
    return Step.to(
        new State.Ready(attempt.welcomed(), now, resumed, NONE),
        new Effect.HandOver(closeBy),
        new Effect.GoOnline(),
        new Effect.Announce());
  }

  /** The server does not take the successor for whom it says it is. */
  private Step refused(
      State.Ready state,
      Attempt attempt,
      String why,
      long closeBy,
      @Nullable Duration atLeast,
      long now) {
    boolean another = rules.mayRenew(attempt);
    return Lifecycle.after(
        new Effect.Refused(why, another),
        another
            ? again(state, attempt, attempt.refused(), closeBy, atLeast, now)
            : Step.to(with(state, NONE)));
  }

  /** A successor failed: another is tried while there is time, else the end is waited for. */
  private Step again(
      State.Ready state,
      Attempt failed,
      Attempt next,
      long closeBy,
      @Nullable Duration atLeast,
      long now) {
    Optional<Duration> delay = rules.delays().apply(failed.number());
    return delay.isEmpty()
        ? Step.to(with(state, NONE)) // what the loss of the present one says, counts
        : due(state, next, now + Lifecycle.wait(delay.get(), atLeast), closeBy);
  }

  private static Step due(State.Ready state, Attempt attempt, long at, long closeBy) {
    return Step.to(
        with(state, new Succession.Due(attempt, at, at, closeBy)), new Effect.WakeAt(at));
  }

  private static long closeBy(Input.Goaway asked, long now) {
    return now + Math.max(Lifecycle.nanos(asked.in()), Lifecycle.nanos(asked.closeIn()));
  }

  private static State.Ready with(State.Ready state, Succession next) {
    return new State.Ready(state.attempt(), state.since(), state.resumed(), next);
  }
}
