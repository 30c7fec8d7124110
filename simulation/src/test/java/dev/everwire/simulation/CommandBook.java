package dev.everwire.simulation;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What clients were told to do, what reached the server, and what came of it. Each call and
 * notification has a number that it carries.
 */
final class CommandBook {
  private static final Duration LATE = Duration.ofSeconds(1); // a loop's timers are coarse

  /** Reasons for which a call may end that was never begun, or not to its end. */
  private static final Set<Integer> REASONS =
      Set.of(
          FaultCode.DEADLINE_PASSED,
          FaultCode.OVERLOADED,
          FaultCode.DRAINING,
          FaultCode.CANCELLED,
          FaultCode.CONNECTION_LOST);

  /** One call. */
  final class Entry {
    final int number;
    final boolean idempotent;
    private final long due;
    private int arrivals;
    private int executions;
    private int ends;
    private @Nullable Throwable failure;

    private Entry(int number, boolean idempotent, long due) {
      this.number = number;
      this.idempotent = idempotent;
      this.due = due;
    }

    void made(CompletableFuture<@Nullable Object> call) {
      var unused = call.whenComplete(this::ended);
    }

    boolean ended() {
      return ends > 0;
    }

    boolean answered() {
      return ends == 1 && failure == null;
    }

    /** Whether it ended at once because there was nobody to make it. */
    boolean refusedUnsent() {
      return failure instanceof ConnectionLostException lost && !lost.maybeExecuted();
    }

    private void ended(@Nullable Object value, @Nullable Throwable failed) {
      Throwable thrown = failed instanceof CompletionException ? failed.getCause() : failed;
      ends++;
      failure = thrown;
      if (ends > 1) {
        wrong(this + " ended " + ends + " times");
      }
      if (time.now() - due > LATE.toNanos()) {
        long late = (time.now() - due) / 1_000_000;
        wrong(this + " ended " + late + " ms after its deadline with " + thrown);
      }
      if (thrown == null) {
        if (executions == 0) {
          wrong(this + " was answered and not executed");
        }
        if (value == null || !value.toString().equals(String.valueOf(number))) {
          wrong(this + " was answered with " + value);
        }
      } else if (thrown instanceof ConnectionLostException lost) {
        if (!lost.maybeExecuted() && arrivals > 0) {
          wrong(this + " reached the server and was said not to be executed");
        }
      } else if (!(thrown instanceof FaultException fault)
          || !REASONS.contains(fault.fault().code())) {
        wrong(this + " ended with " + thrown);
      }
    }

    @Override
    public String toString() {
      return (idempotent ? "idempotent call " : "call ") + number;
    }
  }

  private final ManualTime time;
  private final List<Entry> calls = new ArrayList<>();
  private final Map<Integer, Integer> notes = new HashMap<>();
  private final List<String> wrongs = new ArrayList<>();
  private int lastNote;

  CommandBook(ManualTime time) {
    this.time = time;
  }

  Entry call(boolean idempotent, Duration within) {
    Entry entry = new Entry(calls.size(), idempotent, time.now() + within.toNanos());
    calls.add(entry);
    return entry;
  }

  int note() {
    return ++lastNote;
  }

  /** Something is not as it must be: told by {@link #check}. */
  void wrong(String what) {
    wrongs.add(what);
  }

  // ---- at the server

  /** A call was read by a server. */
  void arrived(int number) {
    Entry entry = calls.get(number);
    entry.arrivals++;
    if (entry.arrivals > 1 && !entry.idempotent) {
      wrong(entry + " was sent " + entry.arrivals + " times");
    }
    if (entry.ended() && entry.refusedUnsent()) {
      wrong(entry + " was sent after it had ended unsent");
    }
  }

  RawJson executed(int number) {
    Entry entry = calls.get(number);
    entry.executions++;
    if (entry.executions > entry.arrivals) {
      wrong(entry + " was executed more often than sent");
    }
    return RawJson.number(number);
  }

  void noted(int number) {
    if (notes.merge(number, 1, Integer::sum) > 1) {
      wrong("notification " + number + " came twice");
    }
  }

  boolean came(int note) {
    return notes.containsKey(note);
  }

  // ---- checks

  void check() {
    if (!wrongs.isEmpty()) {
      throw new AssertionError(String.join("; ", wrongs));
    }
  }

  /** Every call has ended. */
  void checkEnd() {
    check();
    for (Entry entry : calls) {
      if (!entry.ended()) {
        throw new AssertionError(entry + " never ended");
      }
    }
  }

  /** Calls that are not over. */
  long open() {
    return calls.stream().filter(entry -> !entry.ended()).count();
  }
}
