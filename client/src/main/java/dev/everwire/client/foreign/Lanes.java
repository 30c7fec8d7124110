package dev.everwire.client.foreign;

import dev.everwire.protocol.Fault;
import dev.everwire.session.flow.RateLimiters;
import java.util.EnumMap;
import java.util.Map;

/**
 * Which rate limiter each kind of message has to pass, and when to try again. The empty lane has
 * none. Event loop only, except for {@link #of}.
 */
final class Lanes {
  private static final String FREE = "";

  private final RateLimiters limiters;
  private final Map<Sending, String> names = new EnumMap<>(Sending.class);
  private long wait = Long.MAX_VALUE;

  /**
   * @throws IllegalArgumentException the handler names a limiter that is not there
   */
  Lanes(ProtocolHandler handler, RateLimiters limiters) {
    this.limiters = limiters;
    for (Sending what : Sending.values()) {
      String name = handler.limiter(what).orElse(FREE);
      if (!name.equals(FREE)) {
        known(name);
      }
      names.put(what, name);
    }
  }

  /** Safe from any thread. */
  String of(Sending what) {
    return names.getOrDefault(what, FREE);
  }

  /**
   * Safe from any thread.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  String known(String name) {
    if (!limiters.has(name)) {
      throw new IllegalArgumentException(
          "limiter: " + name + " (expected: one that the client's limiters have)");
    }
    return name;
  }

  /** What a message is refused with that would have to wait. */
  Fault refusal(String lane) {
    return limiters.refusal(lane);
  }

  /** Takes a token of the lane; if there is none, {@link #untilNext} says when to try again. */
  boolean pass(String lane) {
    if (lane.equals(FREE) || limiters.tryAcquire(lane)) {
      return true;
    }
    wait = Math.min(wait, Math.max(1, limiters.timeUntilAvailable(lane).toNanos()));
    return false;
  }

  /** What passed was not sent after all. */
  void giveBack(String lane) {
    if (!lane.equals(FREE)) {
      limiters.giveBack(lane);
    }
  }

  /** Forgets who had to wait. */
  void begin() {
    wait = Long.MAX_VALUE;
  }

  /** Nanoseconds until one that had to wait since {@link #begin} may pass. */
  long untilNext() {
    return wait;
  }
}
