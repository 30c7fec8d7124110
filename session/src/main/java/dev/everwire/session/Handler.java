package dev.everwire.session;

import org.jspecify.annotations.Nullable;

/**
 * Serves one method. Runs on a virtual thread of its own and may block. The result is bound to JSON
 * (null is answered as {@code null}); for a notification it is thrown away.
 *
 * <p>A {@link dev.everwire.protocol.FaultException} is answered as it is. Whatever else is thrown
 * is logged with an incident number, and the peer is told the number only.
 */
@FunctionalInterface
public interface Handler {
  @Nullable Object handle(Call call) throws Exception;
}
