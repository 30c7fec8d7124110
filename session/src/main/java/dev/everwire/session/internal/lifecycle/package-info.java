/**
 * The life and health of a connection. Start at {@link
 * dev.everwire.session.internal.lifecycle.Vigil}, which watches its ages and holds the {@link
 * dev.everwire.session.internal.lifecycle.Pulse} that finds a silent link; {@link
 * dev.everwire.session.internal.lifecycle.Flow} holds back where one end is slow.
 */
@NullMarked
package dev.everwire.session.internal.lifecycle;

import org.jspecify.annotations.NullMarked;
