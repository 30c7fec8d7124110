package dev.everwire.server.access;

import java.time.Duration;

/** The answer to an {@link AccessRequest}. Immutable. */
public sealed interface Decision {

  /** How long it may be remembered for the same principal, action and resource; zero for not. */
  Duration cacheFor();

  record Allow(Duration cacheFor) implements Decision {
    public Allow {
      check(cacheFor);
    }
  }

  /**
   * @param reason for the audit log; the peer is told only that it is not allowed
   */
  record Deny(String reason, Duration cacheFor) implements Decision {
    public Deny {
      check(cacheFor);
    }
  }

  /** Allowed this time. */
  static Decision allow() {
    return new Allow(Duration.ZERO);
  }

  /** Not allowed this time. */
  static Decision deny(String reason) {
    return new Deny(reason, Duration.ZERO);
  }

  private static void check(Duration cacheFor) {
    if (cacheFor.isNegative()) {
      throw new IllegalArgumentException("cacheFor: " + cacheFor + " (expected: >= 0)");
    }
  }
}
