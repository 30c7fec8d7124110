/**
 * The life of connections on which nothing of the protocol is spoken. Start at {@link
 * dev.everwire.server.internal.raw.RawConnections}, which opens a {@link
 * dev.everwire.server.internal.raw.RawConnection} where there is something to watch.
 */
@NullMarked
package dev.everwire.server.internal.raw;

import org.jspecify.annotations.NullMarked;
