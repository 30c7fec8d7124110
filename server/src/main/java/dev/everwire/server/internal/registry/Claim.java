package dev.everwire.server.internal.registry;

import org.jspecify.annotations.Nullable;

/**
 * What a hello makes of a connection.
 *
 * @param clientId null if the client did not say; what the handshake said counts more
 * @param user null for an anonymous one
 * @param resumed what the session had attached to it, if it goes on; null for a fresh session
 */
public record Claim(
    String sessionId,
    long generation,
    @Nullable String clientId,
    @Nullable String user,
    @Nullable String tenant,
    @Nullable SessionIdentity resumed) {}
