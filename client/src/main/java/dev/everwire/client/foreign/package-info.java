/**
 * A client for anybody's WebSocket API. Start at {@link
 * dev.everwire.client.foreign.ProtocolHandler}, which says how a service talks; {@link
 * dev.everwire.client.foreign.ForeignMessage} is what it is told and answers with. Ready-made
 * handlers are in {@code foreign.handler}.
 */
@NullMarked
package dev.everwire.client.foreign;

import org.jspecify.annotations.NullMarked;
