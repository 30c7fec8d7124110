/** WebSocket frames on the wire (RFC 6455 section 5), both directions; no channel, no thread. */
@NullMarked
package dev.everwire.netty.internal.frame;

import org.jspecify.annotations.NullMarked;
