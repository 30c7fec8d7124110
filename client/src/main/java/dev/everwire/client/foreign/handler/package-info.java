/**
 * Ready-made handlers. Start at {@link dev.everwire.client.foreign.handler.GenericJsonHandler} for
 * services that talk JSON with an operation, an id and a topic; {@link
 * dev.everwire.client.foreign.handler.JsonRpcHandler} for JSON-RPC 2.0.
 */
@NullMarked
package dev.everwire.client.foreign.handler;

import org.jspecify.annotations.NullMarked;
