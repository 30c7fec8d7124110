/**
 * What the connections of a node hold in memory, and what is done when that is too much. Start at
 * {@link dev.everwire.server.internal.budget.OutboundQueues}, which says what one connection may
 * hold.
 */
@NullMarked
package dev.everwire.server.internal.budget;

import org.jspecify.annotations.NullMarked;
