package dev.everwire.session;

import dev.everwire.protocol.Offer;
import java.lang.reflect.Type;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a conversation. Safe from any thread.
 *
 * <p>Every call ends exactly once: with the result; with a {@link
 * dev.everwire.protocol.FaultException} when the peer refused or failed, or the deadline passed; or
 * with a {@link ConnectionLostException} when the link went away.
 *
 * <p>Parameters are a {@link java.util.Map} or a record for named ones, a {@link java.util.List} or
 * an array for positional ones, or null for none.
 */
public interface Peer {

  /**
   * Calls a method and waits for its result. Blocks, so never on an event loop; meant for virtual
   * threads and for applications' own.
   *
   * @return null only where the peer answered {@code null}
   * @throws dev.everwire.protocol.FaultException the peer's error, or the deadline
   * @throws ConnectionLostException the link went away first
   */
  <T> @Nullable T call(String method, @Nullable Object params, Class<T> type);

  /** As {@link #call(String, Object, Class)} with options and any type. */
  @Nullable Object call(String method, @Nullable Object params, Type type, CallOptions options);

  /**
   * Calls without waiting. Cancelling the future tells the peer to stop ({@code $/cancelRequest}).
   * The future fails with what {@link #call(String, Object, Class)} throws.
   */
  CompletableFuture<@Nullable Object> callAsync(
      String method, @Nullable Object params, Type type, CallOptions options);

  /**
   * Sends a notification: at most once, never answered. QUEUED means that it leaves unless the link
   * drops; a caller that is faster than the link gets FULL, and nothing was queued.
   */
  Offer notify(String method, @Nullable Object params);
}
