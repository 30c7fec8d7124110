package dev.everwire.server.connection;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Offer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of a server, raw ones included. Safe from any thread. Finding by a name
 * costs the same however many there are.
 */
public interface Connections {
  int MAX_PAGE = 1_000;

  // ---- finding

  Optional<ServerConnection> connection(String connectionId);

  /** The connection that a session has now. */
  Optional<ServerConnection> session(String sessionId);

  /** Several only with {@link DuplicateClient#ALLOW}. */
  List<ServerConnection> client(@Nullable String user, String clientId);

  List<ServerConnection> user(String user);

  List<ServerConnection> tagged(String tag);

  int count();

  /** Users who have a connection. */
  int users();

  /** How many are in each state; looks at each of them. */
  Map<ConnectionState, Integer> states();

  /**
   * Some, in the order in which they came.
   *
   * @param after the id with which the page before ended; null for the first
   * @param limit 1–{@value #MAX_PAGE}
   * @throws IllegalArgumentException if it cannot be the id of a connection of this server
   */
  List<ServerConnection> page(@Nullable String after, int limit);

  // ---- sending

  /** Sends to one; CLOSED if there is none of this id. As {@link ServerConnection#send}. */
  Offer send(String connectionId, Payload payload);

  /**
   * Sends to many, each once, and waits until it is in their queues. Goes on behind each that
   * fails. A queue without room drops it. What one caller sends keeps its order.
   *
   * @throws IllegalStateException on an event loop, where nothing may wait
   * @throws IllegalArgumentException if parameters cannot be written
   */
  Report send(Targets targets, Payload payload);

  /** As {@link #send(Targets, Payload)} without waiting; completes on a worker. */
  CompletableFuture<Report> sendAsync(Targets targets, Payload payload);

  // ---- closing

  /**
   * Begins to close many.
   *
   * @return how many, when all have begun; completes on a worker
   * @throws IllegalArgumentException if the code may not be sent
   */
  CompletableFuture<Integer> close(Targets targets, CloseCode code, String reason);

  /** Closes with 4410, so that they do not come back. */
  default CompletableFuture<Integer> kick(Targets targets, String reason) {
    return close(targets, CloseCode.KICKED, reason);
  }
}
