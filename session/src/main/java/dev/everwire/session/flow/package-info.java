/**
 * How fast and whether at all: limits a caller puts on itself. Start at {@link
 * dev.everwire.session.flow.RateLimiters} for "not faster than", at {@link
 * dev.everwire.session.flow.CircuitBreaker} for "not while it fails". Nothing here knows a clock:
 * the time is passed in.
 */
@NullMarked
package dev.everwire.session.flow;

import org.jspecify.annotations.NullMarked;
