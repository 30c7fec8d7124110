package dev.everwire.session.internal.rpc;

/**
 * A handler's turn among those that run in order: it holds the next one up, except while it waits
 * for the peer itself, since the peer may be waiting for that next one. Event loop only.
 */
public final class Turn {

  /** Of one connection. */
  static final class Order {
    private int busy; // turns that were begun, do not wait and have not ended

    /** Whether the next may begin. */
    boolean free() {
      return busy == 0;
    }

    Turn begin() {
      busy++;
      return new Turn(this);
    }
  }

  private final Order order;
  private int waits; // calls and streams of the peer's that it waits for
  private boolean over;

  private Turn(Order order) {
    this.order = order;
  }

  /** Its handler waits for the peer until as many {@link #goesOn()} were called. */
  public void waits() {
    if (waits++ == 0 && !over) {
      order.busy--;
    }
  }

  public void goesOn() {
    if (--waits == 0 && !over) {
      order.busy++;
    }
  }

  /** Its handler has come back, or has begun to send a stream. */
  void end() {
    if (waits == 0 && !over) {
      order.busy--;
    }
    over = true;
  }
}
