/**
 * What travels: messages, faults, close codes, names and positions, with no opinion about who sends
 * them. Start at {@link dev.everwire.protocol.Message}; {@link
 * dev.everwire.protocol.codec.JsonRpcCodec} puts it on the wire.
 */
@NullMarked
package dev.everwire.protocol;

import org.jspecify.annotations.NullMarked;
