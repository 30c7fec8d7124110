/**
 * How a server goes away: {@link dev.everwire.server.drain.DrainPlan} says at which pace, {@link
 * dev.everwire.server.drain.DrainReport} what became of everybody. Start at the plan.
 */
@NullMarked
package dev.everwire.server.drain;

import org.jspecify.annotations.NullMarked;
