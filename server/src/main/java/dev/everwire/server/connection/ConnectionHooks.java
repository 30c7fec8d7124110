package dev.everwire.server.connection;

import java.time.Duration;

/**
 * Is told of the life of connections, raw ones included. Each method is called at most once for a
 * connection, on a worker, where it may block: one after the other for one connection, at the same
 * time for several. What one throws is logged and told to {@link #onError}, and changes nothing
 * else.
 */
public interface ConnectionHooks {

  /** It is open. */
  default void onConnect(ServerConnection connection) {}

  /** It is known who its user is. */
  default void onAuthenticated(ServerConnection connection) {}

  /** It goes on with a session that had another connection before. */
  default void onResumed(ServerConnection connection) {}

  /**
   * It has ended. Always follows {@link #onConnect}, also if that failed.
   *
   * @param code with which it ended; 1006 if there was no Close frame
   * @param duration how long it was open
   */
  default void onDisconnected(
      ServerConnection connection, String reason, int code, Duration duration) {}

  /** One of the others failed. What this throws is only logged. */
  default void onError(ServerConnection connection, Throwable error) {}
}
