/**
 * What an application does with sessions. Start at {@link dev.everwire.server.session.Inbox}, which
 * reaches a session whether it has a connection at this moment or not.
 */
@NullMarked
package dev.everwire.server.session;

import org.jspecify.annotations.NullMarked;
