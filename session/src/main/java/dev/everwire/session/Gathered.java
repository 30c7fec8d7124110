package dev.everwire.session;

import dev.everwire.protocol.Fault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one call to many peers: an answer of each, in the order in which they were asked.
 * Immutable; safe from any thread.
 *
 * <pre>{@code
 * for (Gathered.Answer<Caller, Load> answer : server.gather("load", null, Load.class, options).answers()) {
 *   switch (answer) {
 *     case Gathered.Answered<Caller, Load>(var from, var load) -> show(from, load);
 *     case Gathered.Refused<Caller, Load>(var from, var fault) -> complain(from, fault);
 *     case Gathered.Lost<Caller, Load>(var from, var maybeExecuted) -> forget(from);
 *     case Gathered.Late<Caller, Load>(var from) -> suspect(from);
 *   }
 * }
 * }</pre>
 *
 * @param <W> whom was asked
 * @param <T> what they answer
 */
public record Gathered<W, T extends @Nullable Object>(List<Answer<W, T>> answers) {
  public Gathered {
    answers = List.copyOf(answers);
  }

  /** What the peers answered that did answer. */
  public List<T> values() {
    List<T> values = new ArrayList<>();
    for (Answer<W, T> answer : answers) {
      if (answer instanceof Answered<W, T>(W from, T value)) {
        values.add(value);
      }
    }
    return values;
  }

  /** Whether every peer answered with a value. */
  public boolean complete() {
    return answers.stream().allMatch(Answered.class::isInstance);
  }

  /** What came of the call to one peer. */
  public sealed interface Answer<W, T extends @Nullable Object> {
    W from();
  }

  public record Answered<W, T extends @Nullable Object>(W from, T value) implements Answer<W, T> {}

  /** The peer answered with an error, or with what is no such value. */
  public record Refused<W, T extends @Nullable Object>(W from, Fault fault)
      implements Answer<W, T> {}

  /**
   * The link went away first.
   *
   * @param maybeExecuted see {@link ConnectionLostException#maybeExecuted}
   */
  public record Lost<W, T extends @Nullable Object>(W from, boolean maybeExecuted)
      implements Answer<W, T> {}

  /** No answer within the time given. */
  public record Late<W, T extends @Nullable Object>(W from) implements Answer<W, T> {}
}
