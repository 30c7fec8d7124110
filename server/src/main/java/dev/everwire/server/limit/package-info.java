/**
 * Bounds that a server holds itself and its peers to. Immutable settings, checked where they are
 * made; each is given to {@link dev.everwire.server.ServerBuilder} in one piece.
 */
@NullMarked
package dev.everwire.server.limit;

import org.jspecify.annotations.NullMarked;
