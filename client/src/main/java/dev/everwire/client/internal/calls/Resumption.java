package dev.everwire.client.internal.calls;

import java.time.Duration;
import java.util.Map;

/**
 * What the answer to hello says of calls that were sent before.
 *
 * @param window how long the server keeps the session when its connection is lost; zero if it does
 *     not
 * @param resumed whether the former session goes on
 * @param fates what became of the pending calls that hello named: {@link #DONE}, {@link #RUNNING},
 *     {@link #NEW}, or nobody knows
 */
public record Resumption(Duration window, boolean resumed, Map<Long, String> fates) {
  /** Its answer follows at once. */
  public static final String DONE = "done";

  /** Its answer will follow. */
  public static final String RUNNING = "running";

  /** It never arrived. */
  public static final String NEW = "new";

  /** Nothing goes on, now and later. */
  public static final Resumption NONE = new Resumption(Duration.ZERO, false, Map.of());

  public Resumption {
    fates = Map.copyOf(fates);
  }
}
