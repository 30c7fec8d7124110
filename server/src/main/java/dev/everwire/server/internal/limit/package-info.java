/**
 * How many may come in, and how fast they may talk. Start at {@link
 * dev.everwire.server.internal.limit.Admissions}, which gives out seats and takes them back, and at
 * {@link dev.everwire.server.internal.limit.InboundGuard}, which makes a meter for each connection.
 */
@NullMarked
package dev.everwire.server.internal.limit;

import org.jspecify.annotations.NullMarked;
