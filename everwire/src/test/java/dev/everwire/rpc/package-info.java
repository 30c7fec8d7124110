/**
 * What JSON-RPC peers may rely on, held against both roles. Start at {@link
 * dev.everwire.rpc.PeerContract}.
 */
@NullMarked
package dev.everwire.rpc;

import org.jspecify.annotations.NullMarked;
