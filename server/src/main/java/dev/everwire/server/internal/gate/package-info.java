/** Which web pages may talk to a server: {@link dev.everwire.server.internal.gate.Origins}. */
@NullMarked
package dev.everwire.server.internal.gate;

import org.jspecify.annotations.NullMarked;
