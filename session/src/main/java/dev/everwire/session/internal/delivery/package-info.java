/**
 * What is on its way to the peer. Start at {@link dev.everwire.session.internal.delivery.Outbox},
 * which hands messages to the transport or, while that has no room, to its lanes.
 */
@NullMarked
package dev.everwire.session.internal.delivery;

import org.jspecify.annotations.NullMarked;
