package dev.everwire.server.access;

import dev.everwire.spi.auth.Principal;

/**
 * The question whether somebody may do something. Immutable.
 *
 * @param resource what it is done to, see {@link Action}
 * @param declared whether the method's own {@link dev.everwire.session.contract.Restricted
 *     restriction} lets this principal in, so that an authoriser that has no rule for it may allow
 *     it; false if it has none
 */
public record AccessRequest(
    Principal principal, Action action, String resource, boolean declared) {}
