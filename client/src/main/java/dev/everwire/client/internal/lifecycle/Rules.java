package dev.everwire.client.internal.lifecycle;

import dev.everwire.protocol.CloseCode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * What one client's life is ruled by.
 *
 * @param greets false where a connection may be used as soon as it is open
 * @param tokens who we are
 * @param authRetries how often in a row a refusal is answered with a new token
 * @param greetWithin a first message that is not answered by then is taken for a dead connection;
 *     also how long the token supplier may take
 * @param stableAfter a connection that was ready for so long has cleared the record of failures
 * @param delays how long to wait after that many failures in a row; empty to give up
 * @param verdicts what a close code says about coming back
 */
public record Rules(
    boolean greets,
    Tokens tokens,
    int authRetries,
    Duration greetWithin,
    Duration stableAfter,
    IntFunction<Optional<Duration>> delays,
    IntFunction<CloseCode.Verdict> verdicts) {

  /** With the verdicts of Everwire's own protocol. */
  public Rules(
      boolean greets,
      Tokens tokens,
      int authRetries,
      Duration greetWithin,
      Duration stableAfter,
      IntFunction<Optional<Duration>> delays) {
    this(greets, tokens, authRetries, greetWithin, stableAfter, delays, Verdicts::of);
  }

  /** Where a token comes from. */
  public enum Tokens {
    /** There is none. */
    NONE,
    /** There is one and no other. */
    FIXED,
    /** Asked on each dial; after a refusal another may help. */
    RENEWED
  }

  boolean fetches() {
    return tokens != Tokens.NONE;
  }

  boolean renews() {
    return tokens == Tokens.RENEWED;
  }

  /** Whether another token may bring what this one did not. */
  boolean mayRenew(Attempt refused) {
    return renews() && refused.refusals() < authRetries;
  }

  /** Whether this connection has cleared the record of failures. */
  public boolean stable(State.Ready ready, long now) {
    return now - ready.since() >= stableAfter.toNanos();
  }
}
