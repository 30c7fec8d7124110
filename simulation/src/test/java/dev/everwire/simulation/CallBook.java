package dev.everwire.simulation;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Every call that was made, what its handler did, and how it ended for the one who made it. */
final class CallBook {
  private static final int APPLICATION = 7_000;

  /** One call. */
  final class Entry {
    final int number;
    final String method;
    final long deadline;
    private CompletableFuture<@Nullable Object> future = new CompletableFuture<>();
    private boolean cancelled;
    private boolean ended;
    private boolean unsent;
    private int runs;
    private @Nullable String returned;
    private @Nullable Fault answered;
    private @Nullable Object outcome;

    Entry(String method, Duration within) {
      this.number = entries.size();
      this.method = method;
      this.deadline = time.now() + within.toNanos();
    }

    void made(CompletableFuture<@Nullable Object> newFuture) {
      future = newFuture;
      var unused = future.whenComplete((value, failure) -> ended(value, failure));
    }

    void cancel() {
      if (!future.isDone()) {
        cancelled = true;
        future.cancel(true);
      }
    }

    /** Cancels it before it was sent, so that it must never run. */
    void cancelUnsent() {
      unsent = true;
      cancel();
    }

    /** Its caller said so, and still waits for the answer. */
    void asksToCancel() {
      cancelled = true;
    }

    boolean over() {
      return ended;
    }

    /** It ended with its result. */
    boolean answered() {
      return outcome instanceof String;
    }

    CompletionStage<@Nullable Object> stage() {
      return future;
    }

    private void ended(@Nullable Object value, @Nullable Throwable failure) {
      ended = true;
      open.remove(this);
      outcome = failure instanceof CompletionException ? failure.getCause() : failure;
      if (failure == null) {
        outcome = String.valueOf(value);
      }
      check(); // what is known by now
    }

    /** The handler has begun. */
    void runs(String asMethod) {
      runs++;
      if (runs > 1) {
        wrong(this + " was run " + runs + " times");
      }
      if (unsent) {
        wrong(this + " was cancelled before it was sent, and run");
      }
      if (!method.equals(asMethod)) {
        wrong(this + " was run as " + asMethod);
      }
      check();
    }

    /** What the handler answers. */
    RawJson returns(String json) {
      returned = json;
      return RawJson.parse(json);
    }

    /** What the handler throws. */
    FaultException refuses() {
      answered = Fault.of(APPLICATION + number % 100, "no " + number);
      return new FaultException(answered);
    }

    /** Whether what is known of it can be true. */
    void check() {
      switch (outcome) {
        case null -> {}
        case String result -> {
          if (!result.equals(returned)) {
            wrong(this + " returned " + returned + " and brought " + result);
          }
        }
        case ConnectionLostException lost -> {
          if (!lost.maybeExecuted() && runs > 0) {
            wrong(this + " was executed and said not to be");
          }
        }
        case FaultException failure -> check(failure.fault());
        case CancellationException stopped -> {
          if (!cancelled) {
            wrong(this + " was cancelled by nobody");
          }
        }
        default -> wrong(this + " ended strangely");
      }
    }

    private void check(Fault fault) {
      boolean right =
          switch (fault.code()) {
            case FaultCode.METHOD_NOT_FOUND -> method.equals("missing") && runs == 0;
            case FaultCode.OVERLOADED, FaultCode.DRAINING -> runs == 0;
            case FaultCode.CANCELLED -> cancelled;
            case FaultCode.DEADLINE_PASSED -> time.now() - deadline >= 0;
            case FaultCode.INTERNAL ->
                method.equals("broken") && runs == 1 && !fault.message().contains("secret");
            default -> fault.equals(answered);
          };
      if (!right) {
        wrong(this + " ended with " + fault);
      }
    }

    @Override
    public String toString() {
      return "call " + number + " " + method + " (runs " + runs + ", outcome " + outcome + ")";
    }
  }

  private final ManualTime time;
  private final List<Entry> entries = new ArrayList<>();
  private final Set<Entry> open = new LinkedHashSet<>();
  private final List<String> wrong = new ArrayList<>();

  CallBook(ManualTime time) {
    this.time = time;
  }

  Entry open(String method, Duration within) {
    Entry entry = new Entry(method, within);
    entries.add(entry);
    open.add(entry);
    return entry;
  }

  Entry entry(int number) {
    return entries.get(number);
  }

  int size() {
    return entries.size();
  }

  /** Noted rather than thrown: the engine would take it for a handler's failure. */
  void wrong(String what) {
    wrong.add(what);
  }

  /** Nothing wrong was noted, and nothing waits beyond its deadline. */
  void check() {
    for (Entry entry : open) {
      if (time.now() - entry.deadline >= 0) {
        wrong(entry + " outlives its deadline");
      }
    }
    if (!wrong.isEmpty()) {
      throw new AssertionError(wrong.getFirst() + " and " + (wrong.size() - 1) + " more");
    }
  }

  /** Every call has ended, and truly. */
  void checkEnd() {
    for (Entry entry : entries) {
      if (!entry.over()) {
        wrong(entry + " never ended");
      }
      entry.check();
    }
    check();
  }
}
