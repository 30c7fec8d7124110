/**
 * Reconnect tokens for endpoints of one's own, in the format of an earlier system. Start at {@link
 * dev.everwire.server.reconnect.ReconnectTokens}.
 */
@NullMarked
package dev.everwire.server.reconnect;

import org.jspecify.annotations.NullMarked;
