package dev.everwire.netty.internal.connection;

import dev.everwire.netty.internal.deflate.DeflateTerms;
import dev.everwire.session.transport.TransportLimits;
import org.jspecify.annotations.Nullable;

/**
 * What was settled about a connection before its first frame.
 *
 * @param server whether this end accepted it: it sends unmasked frames and closes first
 * @param encrypted whether TLS stands between here and the socket
 * @param deflate how messages are compressed, or null if they are not
 * @param remoteAddress the peer as {@code host:port}
 */
public record ConnectionSpec(
    boolean server,
    TransportLimits limits,
    boolean encrypted,
    @Nullable DeflateTerms deflate,
    String remoteAddress) {}
