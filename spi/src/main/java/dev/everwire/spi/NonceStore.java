package dev.everwire.spi;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * Remembers which tokens were used, so that none of them works twice: on every node that shares the
 * store, and as long as the token itself would be valid. Safe from any thread.
 *
 * <p>There are two kinds of use. A token for a single use has a <em>nonce</em> that is spent.
 * Tokens of which each one replaces the former belong to a <em>line</em>, in which the use of one
 * ends all with a lower number:
 *
 * <pre>
 *   advance("S1", 7)  true    7 is the highest
 *   advance("S1", 7)  true    the same token once more: its successor was not used yet
 *   advance("S1", 8)  true
 *   advance("S1", 7)  false   replayed
 * </pre>
 *
 * <p>An implementation MUST
 *
 * <ul>
 *   <li>decide each use atomically: of any number of simultaneous {@link #spend}s of one nonce
 *       exactly one is the first, and after an {@link #advance} that was answered true no lower
 *       number of that line is;
 *   <li>remember a use until {@code until}, and may forget it from then on;
 *   <li>keep what it answered true, or may have, even if the answer never arrives;
 *   <li>keep nonces and lines apart: one may have the name of the other;
 *   <li>complete the stage exceptionally, with {@link NonceStoreException}, when it cannot decide:
 *       its store cannot be reached or is full, or it was closed. It never guesses, and never drops
 *       what is still to be remembered to make room.
 * </ul>
 *
 * <p>{@code now} is the caller's wall clock. A store with a clock of its own may use that and
 * remember for {@code until − now}; clocks that differ shift the end by as much.
 */
public interface NonceStore extends AutoCloseable {

  /**
   * Uses up a nonce.
   *
   * @param nonce 1–256 characters
   * @return whether this was its first use
   */
  CompletionStage<Boolean> spend(String nonce, Instant now, Instant until);

  /**
   * Uses a number of a line.
   *
   * @param line 1–256 characters
   * @param number 1 or more
   * @return whether no higher number of the line was used before
   */
  CompletionStage<Boolean> advance(String line, long number, Instant now, Instant until);

  @Override
  void close();
}
