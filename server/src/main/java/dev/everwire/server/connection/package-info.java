/**
 * The words for a server's open connections. Start at {@link
 * dev.everwire.server.connection.Connections}: it finds a {@link
 * dev.everwire.server.connection.ServerConnection}, and sends to one or to many of them.
 */
@NullMarked
package dev.everwire.server.connection;

import org.jspecify.annotations.NullMarked;
