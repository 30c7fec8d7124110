package dev.everwire.session;

import java.lang.reflect.Type;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Calls and notifications that leave together, in one array (JSON-RPC 2.0 section 6). The peer runs
 * them beside one another; each future ends on its own, as those of {@link Peer#callAsync} do. A
 * server sends them one by one to a client that did not announce that it reads arrays; what is
 * longer than a message that the peer reads leaves in several arrays.
 *
 * <p>Nothing leaves before {@link #send}; a deadline counts from there. A call that is cancelled
 * before is not sent. Streams among parameters are closed with their call; so cancel the futures of
 * a batch that shall not be sent. One thread at a time.
 */
public interface Batch {
  /** Members of one batch at most, as peers commonly allow. */
  int MOST = 100;

  /**
   * @throws IllegalStateException if it was sent, or is full
   */
  CompletableFuture<@Nullable Object> call(
      String method, @Nullable Object params, Type type, CallOptions options);

  /** As {@link #call(String, Object, Type, CallOptions)} with default options. */
  <T> CompletableFuture<@Nullable T> call(String method, @Nullable Object params, Class<T> type);

  /**
   * @throws IllegalStateException if it was sent, or is full
   */
  Batch notify(String method, @Nullable Object params);

  /**
   * Sends what was collected; once. Does not wait. What could not be sent fails the futures; a
   * notification that is larger than the peer reads, or for which there is no room, is left out.
   *
   * @throws IllegalStateException if it was sent
   */
  void send();
}
