/** Wire formats of a {@link dev.everwire.protocol.Message}. Start at {@link JsonRpcCodec}. */
@NullMarked
package dev.everwire.protocol.codec;

import org.jspecify.annotations.NullMarked;
