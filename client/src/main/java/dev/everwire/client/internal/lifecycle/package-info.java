/**
 * When a client dials, waits and gives up. Start at {@link
 * dev.everwire.client.internal.lifecycle.Lifecycle}: it takes a state, an input and the time, and
 * answers the next state and what to do; it touches nothing.
 */
@NullMarked
package dev.everwire.client.internal.lifecycle;

import org.jspecify.annotations.NullMarked;
