package dev.everwire.server.connection;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What only a connection's own loop knows, at one moment.
 *
 * @param idleFor since bytes last came in
 * @param untilIdleTimeout null if it has none
 * @param untilMaxAge null if it may grow as old as it likes
 * @param queuedBytes accepted and not yet handed to the operating system
 * @param queuedMessages as above
 * @param inboundCalls the peer's calls that run or wait
 */
public record ConnectionFigures(
    Duration idleFor,
    @Nullable Duration untilIdleTimeout,
    @Nullable Duration untilMaxAge,
    long queuedBytes,
    int queuedMessages,
    int inboundCalls) {}
