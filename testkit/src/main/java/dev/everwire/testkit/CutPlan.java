package dev.everwire.testkit;

/**
 * When a connection is cut, seen from the end that dialled. Messages that are wholly before the cut
 * may arrive, the rest is lost.
 *
 * @param afterSent bytes towards the acceptor after which it is cut
 * @param afterReceived bytes towards the dialer after which it is cut
 * @param told who learns of it (close code 1006); the other end is left with a half-open connection
 */
public record CutPlan(long afterSent, long afterReceived, Told told) {

  /** Which ends notice. */
  public enum Told {
    BOTH,
    DIALER,
    ACCEPTOR
  }

  /** Never. */
  public static final CutPlan NEVER = new CutPlan(Long.MAX_VALUE, Long.MAX_VALUE, Told.BOTH);

  public CutPlan {
    if (afterSent < 0 || afterReceived < 0) {
      throw new IllegalArgumentException(
          "afterSent: " + afterSent + ", afterReceived: " + afterReceived + " (expected: >= 0)");
    }
  }

  public static CutPlan afterSent(long bytes) {
    return new CutPlan(bytes, Long.MAX_VALUE, Told.BOTH);
  }

  public static CutPlan afterReceived(long bytes) {
    return new CutPlan(Long.MAX_VALUE, bytes, Told.BOTH);
  }

  public CutPlan told(Told who) {
    return new CutPlan(afterSent, afterReceived, who);
  }
}
