/**
 * Everwire with the JSON-RPC libraries of others, both ways round. Start at {@link
 * dev.everwire.it.rpc.LibrariesIT}: what the two ends of a connection have to get right together;
 * {@link dev.everwire.it.rpc.Library} lists the libraries and {@link dev.everwire.it.rpc.Agreed}
 * what both ends serve.
 */
@NullMarked
package dev.everwire.it.rpc;

import org.jspecify.annotations.NullMarked;
