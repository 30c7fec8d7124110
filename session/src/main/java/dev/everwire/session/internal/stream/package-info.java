/**
 * Items between a loop and the threads that make or take them. Start at {@link
 * dev.everwire.session.internal.stream.Inflow}, which is read from, and {@link
 * dev.everwire.session.internal.stream.Outflow}, which is written to; {@code Window} decides what a
 * consumer grants.
 */
@NullMarked
package dev.everwire.session.internal.stream;

import org.jspecify.annotations.NullMarked;
