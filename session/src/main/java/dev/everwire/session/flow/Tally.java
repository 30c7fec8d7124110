package dev.everwire.session.flow;

/** Results while a breaker is closed. One thread at a time. */
sealed interface Tally {

  /** Adds one; true if these are too many failures. */
  boolean add(boolean success);

  void clear();

  /** A success clears the record. */
  final class InARow implements Tally {
    private final int most;
    private int failures;

    InARow(int most) {
      this.most = most;
    }

    @Override
    public boolean add(boolean success) {
      failures = success ? 0 : failures + 1;
      return failures >= most;
    }

    @Override
    public void clear() {
      failures = 0;
    }
  }

  /** The last so many, in a ring. */
  final class OfLast implements Tally {
    private final double rate;
    private final boolean[] failed;
    private int count;
    private int next;
    private int failures;

    OfLast(double rate, int calls) {
      this.rate = rate;
      this.failed = new boolean[calls];
    }

    @Override
    public boolean add(boolean success) {
      if (count == failed.length) {
        failures -= failed[next] ? 1 : 0;
      } else {
        count++;
      }
      failed[next] = !success;
      failures += success ? 0 : 1;
      next = (next + 1) % failed.length;
      return count == failed.length && failures >= rate * count;
    }

    @Override
    public void clear() {
      count = 0;
      next = 0;
      failures = 0;
    }
  }
}
