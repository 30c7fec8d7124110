/**
 * Accepts connections and serves methods and topics on them. Start at {@link
 * dev.everwire.server.Server}; {@code Gate} decides who comes in, {@code HelloMethod} what a
 * session is told, {@code Roster} who is there, {@code Drain} how it ends.
 */
@NullMarked
package dev.everwire.server;

import org.jspecify.annotations.NullMarked;
