/**
 * Reconnect tokens of an earlier system on an endpoint of one's own. Start at {@link
 * dev.everwire.examples.reconnect.ReconnectDesk}.
 */
@NullMarked
package dev.everwire.examples.reconnect;

import org.jspecify.annotations.NullMarked;
