package dev.everwire.testkit;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When a connection breaks, seen from the end that dialled, and who learns of it. Messages that are
 * wholly before that moment may arrive, the rest is lost.
 *
 * @param afterSent bytes towards the acceptor after which it breaks
 * @param afterReceived bytes towards the dialer after which it breaks
 * @param after time since it was opened after which it breaks; null for never
 * @param silent the ways on which nothing passes any more; both, unless nobody is told
 * @param told who learns of it (close code 1006); any other end is left with a half-open connection
 */
public record CutPlan(
    long afterSent, long afterReceived, @Nullable Duration after, Set<Way> silent, Told told) {

  /** Which ends notice. */
  public enum Told {
    BOTH,
    DIALER,
    ACCEPTOR,
    /** Neither: the connection goes silent and looks open. */
    NOBODY
  }

  private static final Set<Way> ALL = Set.copyOf(EnumSet.allOf(Way.class));

  /** Never. */
  public static final CutPlan NEVER =
      new CutPlan(Long.MAX_VALUE, Long.MAX_VALUE, null, ALL, Told.BOTH);

  public CutPlan {
    if (afterSent < 0 || afterReceived < 0) {
      throw new IllegalArgumentException(
          "afterSent: " + afterSent + ", afterReceived: " + afterReceived + " (expected: >= 0)");
    }
    if (after != null && after.isNegative()) {
      throw new IllegalArgumentException("after: " + after + " (expected: >= 0)");
    }
    silent = Set.copyOf(silent);
    if (silent.isEmpty() || (told != Told.NOBODY && !silent.equals(ALL))) {
      throw new IllegalArgumentException(
          "silent: " + silent + " (expected: both ways, or one where nobody is told)");
    }
  }

  public static CutPlan afterSent(long bytes) {
    return new CutPlan(bytes, Long.MAX_VALUE, null, ALL, Told.BOTH);
  }

  public static CutPlan afterReceived(long bytes) {
    return new CutPlan(Long.MAX_VALUE, bytes, null, ALL, Told.BOTH);
  }

  public static CutPlan after(Duration open) {
    return new CutPlan(Long.MAX_VALUE, Long.MAX_VALUE, open, ALL, Told.BOTH);
  }

  public CutPlan told(Told who) {
    return new CutPlan(afterSent, afterReceived, after, ALL, who);
  }

  /** Half open: both ways go silent and nobody is told. */
  public CutPlan halfOpen() {
    return told(Told.NOBODY);
  }

  /** Half open in one direction: what goes the other way still arrives, and nobody is told. */
  public CutPlan halfOpen(Way silentWay) {
    return new CutPlan(afterSent, afterReceived, after, Set.of(silentWay), Told.NOBODY);
  }

  boolean silences(Way way) {
    return silent.contains(way);
  }
}
