/**
 * The parameters and results of Everwire's own {@code rpc.…} methods, read and written in one place
 * for both ends. Start at {@link dev.everwire.protocol.wire.Hello} for sessions and {@link
 * dev.everwire.protocol.wire.Subscribe} for topics; every record stands in docs/protocol.md.
 */
@NullMarked
package dev.everwire.protocol.wire;

import org.jspecify.annotations.NullMarked;
