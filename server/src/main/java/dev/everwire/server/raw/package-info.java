/**
 * Endpoints where nothing of the protocol is spoken. Start at {@link
 * dev.everwire.server.raw.RawEndpoint}.
 */
@NullMarked
package dev.everwire.server.raw;

import org.jspecify.annotations.NullMarked;
