package dev.everwire.client.internal.calls;

import dev.everwire.client.internal.calls.Item.Call;
import dev.everwire.client.internal.calls.Item.Stage;
import dev.everwire.session.internal.Outgoing;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The calls of a session that wait for their answers, by the numbers they have on the wire. When
 * the connection is lost they wait for the next one, at most as long as the server keeps the
 * session. Then its answer to hello says what becomes of each:
 *
 * <pre>
 *   done, running   waits on under its number
 *   new             is sent again under its number
 *   otherwise       is sent as a new one if it is idempotent, else ends: it may have been executed
 * </pre>
 *
 * <p>Event loop only; times are nanoseconds of the loop.
 */
final class Kept {
  /** As many as one hello can name, and as many cancelled ones are remembered. */
  static final int MOST = 1_000;

  private static final int MOST_CANCELLED = 64;
  private static final String WINDOW_OVER = "the session was not resumed in time";

  /** What the queue does. */
  interface Queue {
    void finish(Call call, CallOutcome outcome);

    /** Nobody knows what became of it: it goes again if it may, else it ends. */
    void unknown(Call call, String why);
  }

  private final Queue queue;
  private final OnWire out;
  private final TreeMap<Long, Call> calls = new TreeMap<>();
  // Told on a connection of which nobody knows whether it still works; the latest few.
  private final Set<Long> cancelled = new LinkedHashSet<>();
  private final Set<Long> givenUp = new LinkedHashSet<>(); // meanwhile, by those who made them
  private final TreeSet<Call> deadlines = // of those suspended
      new TreeSet<>(
          Comparator.<Call>comparingLong(call -> call.deadline)
              .thenComparingLong(call -> call.place));
  private long window; // of the present session, or the last; 0 if it is not kept
  private long until = Item.NEVER; // when the window closes, while it is open

  Kept(Queue queue, OnWire out) {
    this.queue = queue;
    this.out = out;
  }

  /** A call was sent on the present connection. */
  void sent(Call call, long number) {
    if (window > 0 && number > 0 && call.sendable()) {
      call.number = number;
      calls.put(number, call);
    }
  }

  /** It no longer waits for an answer under this number. */
  void left(Call call) {
    if (call.number > 0) {
      calls.remove(call.number, call);
      call.number = 0;
    }
    deadlines.remove(call);
  }

  /** Its connection is lost. False if it cannot wait for the next one. */
  boolean suspend(Call call, long now) {
    if (call.number == 0 || window == 0 || call.asked.options().failsFast()) {
      return false;
    }
    until = until == Item.NEVER ? now + window : until;
    call.stage = Stage.SUSPENDED;
    call.sending++; // what the lost connection says of it no longer counts
    call.running = Outgoing.Running.ENDED;
    if (call.deadline != Item.NEVER) {
      deadlines.add(call);
    }
    return true;
  }

  /** The connection is gone, or goes. */
  void offline(long now) {
    for (Call call : List.copyOf(calls.values())) {
      if (call.stage == Stage.SENT) {
        suspend(call, now);
      }
    }
  }

  /** What hello names: those that wait for an answer, sent on the present connection or before. */
  List<Long> pending() {
    return calls.keySet().stream().limit(MOST).toList();
  }

  /** There is a connection; the wire is there already. */
  void online(Resumption answer, long now) {
    TreeMap<Long, Call> open = new TreeMap<>(calls);
    List<Long> over = new ArrayList<>(cancelled);
    over.addAll(givenUp);
    window = answer.window().toNanos();
    until = Item.NEVER;
    cancelled.clear();
    givenUp.clear();
    deadlines.clear();
    calls.clear();
    open.values().forEach(call -> call.number = 0);
    open.forEach((number, call) -> {
      if (call.stage == Stage.ENDED) { // by what the end of another one led to
        over.add(number);
      } else {
        takeUp(call, number, answer, now);
      }
    });
    if (answer.resumed()) {
      over.forEach(out::giveUp);
    }
  }

  private void takeUp(Call call, long number, Resumption answer, long now) {
    String fate = answer.resumed() ? answer.fates().getOrDefault(number, "") : "";
    switch (fate) {
      case Resumption.DONE, Resumption.RUNNING -> {
        detach(call);
        out.adopt(call, number, now);
      }
      case Resumption.NEW -> {
        detach(call);
        out.again(call, number, now);
      }
      default -> {
        // One whose connection is still there, though another took its place, may be answered yet.
        if (call.stage == Stage.SUSPENDED) {
          queue.unknown(call, "the server does not know what became of it");
        }
      }
    }
  }

  /** From a former connection that is still there. */
  private static void detach(Call call) {
    call.sending++; // what that says of it no longer counts
    call.running.forget();
    call.running = Outgoing.Running.ENDED;
  }

  /** Who made it gives up while it is out. */
  void cancelled(Call call) {
    if (call.number > 0 && cancelled.add(call.number) && cancelled.size() > MOST_CANCELLED) {
      cancelled.remove(cancelled.iterator().next());
    }
  }

  /** Who made it has given up. */
  void giveUp(Call call, CallOutcome outcome) {
    if (call.number > 0 && givenUp.size() < MOST) {
      givenUp.add(call.number);
    }
    queue.finish(call, outcome);
  }

  /** Ends what is too late. */
  void due(long now) {
    while (!deadlines.isEmpty() && deadlines.first().deadline - now <= 0) {
      giveUp(deadlines.first(), new CallOutcome.Expired());
    }
    if (until != Item.NEVER && until - now <= 0) {
      until = Item.NEVER;
      givenUp.clear();
      for (Call call : suspended()) {
        queue.unknown(call, WINDOW_OVER);
      }
    }
  }

  /** Nanoseconds until {@link #due} has something to do; {@link Item#NEVER} if nothing waits. */
  long untilDue(long now) {
    if (until == Item.NEVER || calls.isEmpty()) {
      return Item.NEVER;
    }
    return deadlines.isEmpty()
        ? until - now
        : Math.min(until - now, deadlines.first().deadline - now);
  }

  /** For good. */
  void end(String why) {
    window = 0;
    givenUp.clear();
    suspended().forEach(call -> queue.finish(call, new CallOutcome.Lost(true, why)));
  }

  private List<Call> suspended() {
    return calls.values().stream().filter(call -> call.stage == Stage.SUSPENDED).toList();
  }
}
