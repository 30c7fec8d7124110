package dev.everwire.session;

import dev.everwire.protocol.Offer;
import dev.everwire.session.stream.ItemStream;
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
 * an array for positional ones, or null for none. A value that stands directly in a map, list or
 * array of theirs may be an {@link ItemStream}: its items are sent while the call runs, as the peer
 * takes them, and it is closed once, on a thread of its own, when they are all sent or the call has
 * ended. A peer that takes no streams gets a list instead, of at most 10 000 items.
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
   * Calls a method whose result is a stream. Returns at once; what goes wrong is thrown by the
   * iterator. Without a deadline. A result that is a list, as a plain peer sends it, is read as a
   * stream.
   */
  <T> ItemStream<T> stream(String method, @Nullable Object params, Class<T> itemType);

  /** As {@link #stream(String, Object, Class)} with options and any type. */
  ItemStream<?> stream(String method, @Nullable Object params, Type itemType, CallOptions options);

  /** Collects calls to be sent in one array. Nothing is ever batched without being asked for. */
  Batch batch();

  /**
   * Sends a notification: at most once, never answered. QUEUED means that it leaves unless the link
   * drops; a caller that is faster than the link gets FULL, and nothing was queued.
   *
   * @throws dev.everwire.protocol.FaultException −32008 if it is larger than this one peer said
   *     that it reads, which is never less than 4 KiB: who tells many the same thing goes on with
   *     the next
   */
  Offer notify(String method, @Nullable Object params);

  /**
   * As {@link #notify(String, Object)} with a priority and a time to live, for a peer that reads
   * slowly. A client's connection knows neither and ignores them.
   */
  default Offer notify(String method, @Nullable Object params, SendOptions options) {
    return notify(method, params);
  }

  /** As {@link #proxy(Class, CallOptions)} with {@link CallOptions#DEFAULT}. */
  default <T> T proxy(Class<T> contract) {
    return proxy(contract, CallOptions.DEFAULT);
  }

  /**
   * The peer as an object of an interface, whose methods marked {@link
   * dev.everwire.session.contract.Rpc} call it and wait. Costs next to nothing, so that one can be
   * made for each set of options. Safe from any thread.
   *
   * @param options of all calls that are made through it; with {@link CallOptions#DEFAULT} streams
   *     have no deadline
   * @throws IllegalArgumentException if it is no interface, or one with methods that are neither
   *     marked nor have a body, or that cannot be kept for another reason, which is said
   */
  <T> T proxy(Class<T> contract, CallOptions options);
}
