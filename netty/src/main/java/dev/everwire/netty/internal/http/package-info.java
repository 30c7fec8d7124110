/** A server's connections while they speak HTTP: the opening handshake and plain requests. */
@NullMarked
package dev.everwire.netty.internal.http;

import org.jspecify.annotations.NullMarked;
