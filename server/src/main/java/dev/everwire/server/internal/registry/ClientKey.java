package dev.everwire.server.internal.registry;

import org.jspecify.annotations.Nullable;

/**
 * Names a client. Two users never mean the same one.
 *
 * @param user null for anonymous ones
 */
record ClientKey(@Nullable String user, String clientId) {}
