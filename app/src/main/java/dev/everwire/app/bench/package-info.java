/**
 * Puts load on a WebSocket server, measures, and checks everything that comes back. Start at {@link
 * dev.everwire.app.bench.Bench}, which carries out a {@link dev.everwire.app.bench.Plan}; what the
 * connections do meanwhile is a Load, of which there are four.
 */
@NullMarked
package dev.everwire.app.bench;

import org.jspecify.annotations.NullMarked;
