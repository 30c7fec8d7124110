/**
 * Who is connected. Start at {@link dev.everwire.server.internal.registry.Registry}: it finds an
 * {@link dev.everwire.server.internal.registry.Entry}, one open connection, by any of its names and
 * decides what becomes of a client that has two.
 */
@NullMarked
package dev.everwire.server.internal.registry;

import org.jspecify.annotations.NullMarked;
