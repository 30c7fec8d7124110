/**
 * What is on its way to the peer. {@link dev.everwire.session.internal.delivery.Outbox} keeps what
 * must not be lost while the transport has no room.
 */
@NullMarked
package dev.everwire.session.internal.delivery;

import org.jspecify.annotations.NullMarked;
