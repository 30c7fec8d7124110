/** One open connection, either role: the seam's Transport on a channel. */
@NullMarked
package dev.everwire.netty.internal.connection;

import org.jspecify.annotations.NullMarked;
