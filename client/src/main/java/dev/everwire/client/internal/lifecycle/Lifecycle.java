package dev.everwire.client.internal.lifecycle;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.FaultCode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a client's life. <em>Whether</em> to come back is said by the close code, the HTTP
 * status or hello's fault; <em>when</em>, by the reconnect policy. An explicit close wins in every
 * state. Immutable; times are nanoseconds of the loop.
 *
 * <p>An attempt's number grows with each dial and starts over at 1 after a connection that was live
 * for {@link #STABLE_AFTER}. With delays 1 s, 2 s, 4 s: dial 1 fails → wait 1 s → dial 2 comes
 * through, is lost after 5 s → wait 2 s → dial 3 comes through, is lost after an hour → wait 1 s →
 * dial 1.
 */
public final class Lifecycle {
  /** A hello that is not answered by then is taken for a dead connection. */
  public static final Duration HELLO_WITHIN = Duration.ofSeconds(10);

  /** A connection that was live for so long has cleared the record of failures. */
  public static final Duration STABLE_AFTER = Duration.ofSeconds(30);

  /** A server cannot send a client away for longer. */
  public static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private final boolean greets;
  private final IntFunction<Optional<Duration>> delays;

  /**
   * @param greets false to be a plain JSON-RPC client that never says hello
   * @param delays how long to wait after that many failures in a row; empty to give up
   */
  public Lifecycle(boolean greets, IntFunction<Optional<Duration>> delays) {
    this.greets = greets;
    this.delays = delays;
  }

  public Step step(State state, Input input, long now) {
    if (input instanceof Input.Close(String why)) {
      return close(state, why);
    }
    return switch (state) {
      case State.Idle() -> input instanceof Input.Start ? dial(1) : Step.to(state);
      case State.Dialing dialing -> dialing(dialing, input, now);
      case State.Greeting greeting -> greeting(greeting, input, now);
      case State.Live live ->
          input instanceof Input.Lost(int code, String reason)
              ? liveLost(live, code, reason, now)
              : Step.to(state);
      case State.Waiting waiting -> waiting(waiting, input, now);
      case State.Closed closed -> Step.to(closed);
    };
  }

  private Step dialing(State.Dialing state, Input input, long now) {
    int attempt = state.attempt();
    return switch (input) {
      case Input.Opened() when greets -> {
        long until = now + HELLO_WITHIN.toNanos();
        yield Step.to(
            new State.Greeting(attempt, until), new Effect.Greet(), new Effect.WakeAt(until));
      }
      case Input.Opened() -> live(attempt, false, now);
      case Input.DialFailed(int status, String message, Duration retryAfter) ->
          permanent(status)
              ? closed(new End.Refused(status, message))
              : retry(attempt, attempt + 1, message, retryAfter, now);
      default -> Step.to(state);
    };
  }

  private Step greeting(State.Greeting state, Input input, long now) {
    int attempt = state.attempt();
    return switch (input) {
      case Input.Welcomed(boolean resumed) -> live(attempt, resumed, now);
      case Input.NoHello() -> live(attempt, false, now);
      case Input.Unwelcome(int code, String message, Duration retryAfter) -> {
        Step step =
            code == FaultCode.UNAUTHENTICATED || code == FaultCode.FORBIDDEN
                ? closed(new End.Unwelcome(code, message))
                : retry(attempt, attempt + 1, "hello refused: " + message, retryAfter, now);
        yield after(new Effect.Hangup(CloseCode.NORMAL, "hello refused"), step);
      }
      case Input.Lost(int code, String reason) -> lost(attempt, attempt + 1, code, reason, now);
      case Input.Wake() when now - state.until() >= 0 ->
          after(
              new Effect.Hangup(CloseCode.HELLO_TIMEOUT, "hello not answered"),
              retry(attempt, attempt + 1, "hello not answered", null, now));
      case Input.Wake() -> Step.to(state, new Effect.WakeAt(state.until()));
      default -> Step.to(state);
    };
  }

  private Step liveLost(State.Live state, int code, String reason, long now) {
    boolean stable = now - state.since() >= STABLE_AFTER.toNanos();
    Step step =
        stable
            ? lost(1, 1, code, reason, now)
            : lost(state.attempt(), state.attempt() + 1, code, reason, now);
    return after(new Effect.GoOffline(), step);
  }

  private static Step waiting(State.Waiting state, Input input, long now) {
    if (!(input instanceof Input.Wake)) {
      return Step.to(state);
    }
    return now - state.until() >= 0
        ? dial(state.attempt())
        : Step.to(state, new Effect.WakeAt(state.until()));
  }

  private static Step close(State state, String why) {
    Effect.Hangup hangup = new Effect.Hangup(CloseCode.NORMAL, why);
    Step closed = closed(new End.Asked(why));
    return switch (state) {
      case State.Idle idle -> closed;
      case State.Dialing dialing -> after(new Effect.CancelDial(), closed);
      case State.Greeting greeting -> after(hangup, closed);
      case State.Live live -> after(hangup, after(new Effect.GoOffline(), closed));
      case State.Waiting waiting -> closed;
      case State.Closed already -> Step.to(already);
    };
  }

  private static Step dial(int attempt) {
    return Step.to(new State.Dialing(attempt), new Effect.Announce(), new Effect.Dial());
  }

  private static Step live(int attempt, boolean resumed, long now) {
    // Online first: whoever is told "live" may call.
    return Step.to(
        new State.Live(attempt, now, resumed), new Effect.GoOnline(), new Effect.Announce());
  }

  private Step lost(int failures, int next, int code, String reason, long now) {
    End.Stopped stopped = new End.Stopped(code, reason);
    return verdict(code) == CloseCode.Verdict.STOP
        ? closed(stopped)
        : retry(failures, next, stopped.why(), null, now);
  }

  private Step retry(int failures, int next, String failure, @Nullable Duration atLeast, long now) {
    Optional<Duration> delay = delays.apply(failures);
    if (delay.isEmpty()) {
      return closed(new End.GaveUp(failure));
    }
    long until = now + Math.max(nanos(delay.get()), atLeast == null ? 0 : nanos(atLeast));
    return Step.to(
        new State.Waiting(next, until, failure), new Effect.Announce(), new Effect.WakeAt(until));
  }

  private static Step closed(End end) {
    return Step.to(new State.Closed(end), new Effect.Announce(), new Effect.Finish());
  }

  private static Step after(Effect first, Step step) {
    Effect[] effects = new Effect[step.effects().size() + 1];
    effects[0] = first;
    for (int i = 1; i < effects.length; i++) {
      effects[i] = step.effects().get(i - 1);
    }
    return Step.to(step.next(), effects);
  }

  /** What the server would say again. Everything else may pass: 429 and 503 say so themselves. */
  private static boolean permanent(int httpStatus) {
    return switch (httpStatus) {
      case 400, 401, 403, 404 -> true;
      default -> false;
    };
  }

  private static CloseCode.Verdict verdict(int code) {
    return code < 1000 || code > 4999 ? CloseCode.Verdict.RECONNECT : new CloseCode(code).verdict();
  }

  private static long nanos(Duration delay) {
    Duration bounded = delay.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : delay;
    return Math.max(0, bounded.toNanos());
  }
}
