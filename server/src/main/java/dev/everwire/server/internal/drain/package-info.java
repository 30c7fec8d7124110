/**
 * Ends the connections of a server that goes away; not API. Start at {@link
 * dev.everwire.server.internal.drain.DrainCourse}, which decides; {@link
 * dev.everwire.server.internal.drain.Draining} carries it out.
 */
@NullMarked
package dev.everwire.server.internal.drain;

import org.jspecify.annotations.NullMarked;
