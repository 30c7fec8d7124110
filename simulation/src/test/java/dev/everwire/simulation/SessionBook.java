package dev.everwire.simulation;

import dev.everwire.protocol.json.RawJson;
import java.util.ArrayList;
import java.util.List;

/** What the clients of sessions asked for, how often it was done, and what they were told of it. */
final class SessionBook {

  /** How a call ended for the client. */
  enum End {
    ANSWERED,
    REFUSED,
    PERHAPS
  }

  /** One call, under however many ids it was sent. */
  final class Entry {
    final int number;
    final boolean idempotent;
    final boolean zombie; // sent where the session no longer was
    private int executions;
    private int sentAsNew; // told that it was never received
    private int ends;

    private Entry(int number, boolean idempotent, boolean zombie) {
      this.number = number;
      this.idempotent = idempotent;
      this.zombie = zombie;
    }

    boolean ended() {
      return ends > 0;
    }

    int executions() {
      return executions;
    }

    /** The server says that it never received this. */
    void isNew() {
      sentAsNew++;
      if (executions > 0 && !idempotent) {
        wrong(this + " was executed and is said to be new");
      }
    }

    void end(End how) {
      ends++;
      if (ends > 1) {
        wrong(this + " ended " + ends + " times");
      }
      if (how == End.ANSWERED && executions == 0) {
        wrong(this + " was answered and not executed");
      }
    }

    @Override
    public String toString() {
      return (zombie ? "zombie's " : "")
          + (idempotent ? "idempotent " : "")
          + "call "
          + number
          + (sentAsNew > 0 ? " (new " + sentAsNew + " times)" : "");
    }
  }

  private final List<Entry> calls = new ArrayList<>();
  private final List<String> wrongs = new ArrayList<>();

  Entry call(boolean idempotent) {
    return add(new Entry(calls.size(), idempotent, false));
  }

  Entry zombie() {
    return add(new Entry(calls.size(), false, true));
  }

  private Entry add(Entry entry) {
    calls.add(entry);
    return entry;
  }

  /** By a handler. */
  RawJson executed(int number) {
    Entry entry = calls.get(number);
    entry.executions++;
    if (entry.zombie) {
      wrong(entry + " was executed");
    }
    if (entry.executions > 1 && !entry.idempotent) {
      wrong(entry + " was executed " + entry.executions + " times");
    }
    return RawJson.number(number);
  }

  /** Something is not as it must be: told by {@link #check}. */
  void wrong(String what) {
    wrongs.add(what);
  }

  void check() {
    if (!wrongs.isEmpty()) {
      throw new AssertionError(String.join("; ", wrongs));
    }
  }

  /** Every call has ended once. */
  void checkEnd() {
    for (Entry entry : calls) {
      if (entry.ends != 1 && !entry.zombie) {
        wrong(entry + " ended " + entry.ends + " times");
      }
    }
    check();
  }

  @Override
  public String toString() {
    return calls.size() + " calls, " + calls.stream().filter(Entry::ended).count() + " ended";
  }
}
