/**
 * Who comes in and who may do what, behind {@link dev.everwire.server.access.Access}: {@link
 * dev.everwire.server.internal.access.Standing} is one connection's, {@link
 * dev.everwire.server.internal.access.Authentications} finds out who somebody is.
 */
@NullMarked
package dev.everwire.server.internal.access;

import org.jspecify.annotations.NullMarked;
