package dev.everwire.app.bench;

import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.util.function.Function;

/** What the connections of a benchmark do. Event loop only, unless it says otherwise. */
abstract class Load {
  final Plan plan;
  final Tally tally;
  private final double periodNanos; // between two messages of an open loop
  private long startedAt;
  private long next; // number of the message that is due next

  Load(Plan plan, Tally tally) {
    this.plan = plan;
    this.tally = tally;
    this.periodNanos = plan.open() ? 1e9 / plan.rate() : 0;
  }

  /** How many to open. Safe from any thread. */
  int connections() {
    return plan.connections();
  }

  /** Longest message that may come. Safe from any thread. */
  int longestMessage() {
    return 2 * plan.size() + 64 * 1024;
  }

  /**
   * Makes what a connection is for.
   *
   * @param ready to be run once, when the connection can take part
   */
  abstract Receiver open(int index, Transport transport, Runnable ready);

  /** Dials once more, for a load that loses connections. */
  interface Redial {
    /**
     * @param failed is run if it does not come through
     */
    void dial(Function<Transport, Receiver> open, Runnable failed);
  }

  void redial(Redial how) {}

  /** There is nothing more to come. */
  boolean over() {
    return false;
  }

  /** All connections are ready. */
  final void start(long now) {
    startedAt = now;
    if (!plan.open()) {
      begin(now);
    }
  }

  /**
   * Open loop: sends what is due.
   *
   * @return when more is due
   */
  final long sendDue(long now) {
    while (dueAt(next) - now <= 0 && !tally.stopped()) {
      due(next++, now);
    }
    return dueAt(next);
  }

  final long dueAt(long number) {
    return startedAt + (long) (number * periodNanos);
  }

  /** Closed loop: sends the first messages. */
  abstract void begin(long now);

  /** Open loop: one more message is due. */
  abstract void due(long number, long now);

  /** Messages that were sent and have not come back. */
  abstract long underWay();
}
