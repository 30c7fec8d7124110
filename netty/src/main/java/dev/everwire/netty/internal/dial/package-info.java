/** A client's way to an open connection. */
@NullMarked
package dev.everwire.netty.internal.dial;

import org.jspecify.annotations.NullMarked;
