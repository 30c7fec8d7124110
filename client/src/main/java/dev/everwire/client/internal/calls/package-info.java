/**
 * Calls and notifications of a client that wait: for a connection, for the server to take more, or
 * for a limiter. Start at {@link dev.everwire.client.internal.calls.CallQueue}, which decides;
 * {@link dev.everwire.client.internal.calls.Calls} is what callers see.
 */
@NullMarked
package dev.everwire.client.internal.calls;

import org.jspecify.annotations.NullMarked;
