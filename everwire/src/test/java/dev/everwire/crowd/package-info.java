/**
 * Clients over real sockets, many at once, often, and to their end. Start at {@link
 * dev.everwire.crowd.ComingAndGoingTest}.
 */
@NullMarked
package dev.everwire.crowd;

import org.jspecify.annotations.NullMarked;
