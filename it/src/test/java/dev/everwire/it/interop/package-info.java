/**
 * Everwire with the WebSockets of others, both ways round. Start at {@link
 * dev.everwire.it.interop.EchoContract}, which every pair of a client and a server has to keep;
 * {@link dev.everwire.it.interop.Kind} lists the clients.
 */
@NullMarked
package dev.everwire.it.interop;

import org.jspecify.annotations.NullMarked;
