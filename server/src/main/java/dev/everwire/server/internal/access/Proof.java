package dev.everwire.server.internal.access;

import dev.everwire.spi.auth.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Who a peer is, and by which token that was shown. Immutable.
 *
 * @param print null if it was shown without a token
 */
public record Proof(Principal principal, @Nullable TokenPrint print) {
  private static final Proof NOBODY = new Proof(Principal.anonymous(), null);

  /**
   * @param token secret; null if there was none
   */
  public static Proof of(Principal principal, @Nullable String token) {
    return token == null && principal.equals(Principal.anonymous())
        ? NOBODY // one for all of them
        : new Proof(principal, TokenPrint.of(token));
  }
}
