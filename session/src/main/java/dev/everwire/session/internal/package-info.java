/**
 * The engine of a conversation; not API. Start at {@link
 * dev.everwire.session.internal.SessionEngine}, which decides and touches nothing; {@link
 * dev.everwire.session.internal.Connection} is the thin shell that feeds it from a transport and
 * carries its effects out.
 */
@NullMarked
package dev.everwire.session.internal;

import org.jspecify.annotations.NullMarked;
