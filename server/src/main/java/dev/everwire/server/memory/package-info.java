/** A broker for one process. {@link dev.everwire.server.memory.MemoryBroker} is all there is. */
@NullMarked
package dev.everwire.server.memory;

import org.jspecify.annotations.NullMarked;
