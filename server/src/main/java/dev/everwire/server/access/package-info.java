/**
 * Who may come in and who may do what: {@link dev.everwire.server.access.Authentication} settles
 * the first, an {@link dev.everwire.server.access.Authoriser} the second, {@link
 * dev.everwire.server.access.Access} changes both while a server runs.
 */
@NullMarked
package dev.everwire.server.access;

import org.jspecify.annotations.NullMarked;
