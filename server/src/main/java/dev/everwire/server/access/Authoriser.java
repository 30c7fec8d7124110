package dev.everwire.server.access;

import dev.everwire.spi.auth.Principal;
import java.util.concurrent.CompletionStage;

/**
 * Says who may do what. Asked for every call, subscription, read of history, publication and act of
 * administration, unless an earlier answer may be remembered. Safe from any thread.
 *
 * <p>Called on event loops, so it must not block; a stage that is complete already costs least.
 * What does not answer within 5 s, or fails, is denied this time. It should deny what it does not
 * know: {@link AccessRules} does.
 */
@FunctionalInterface
public interface Authoriser {
  CompletionStage<Decision> decide(AccessRequest request);

  /**
   * Whether somebody counts as having a role, for methods that are {@link
   * dev.everwire.session.contract.Restricted restricted} to it. Must not block.
   */
  default boolean hasRole(Principal principal, String role) {
    return principal.roles().contains(role);
  }
}
