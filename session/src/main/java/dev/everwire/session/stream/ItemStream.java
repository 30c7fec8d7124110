package dev.everwire.session.stream;

import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Items one after the other, pulled: the result of a method or one of its arguments
 * (docs/protocol.md, streams). One pass, by one thread at a time; {@link #close} from any thread.
 *
 * <p>A producer makes one from what it has, or pushes:
 *
 * <pre>{@code
 * ItemStream<Price> prices(String pair) {
 *   return ItemStream.produce(sink -> {
 *     while (market.isOpen()) {
 *       sink.put(market.nextPrice(pair)); // waits while the consumer is behind
 *     }
 *   });
 * }
 * }</pre>
 *
 * <p>It is asked for items on a virtual thread of its own, only as fast as the consumer takes them,
 * and closed exactly once on that thread, however the call ends; if nobody waits any more the
 * thread is interrupted.
 *
 * <p>A consumer pulls, and closes what it does not read to its end, which cancels the call:
 *
 * <pre>{@code
 * try (ItemStream<Price> prices = peer.stream("prices", List.of("eur"), Price.class)) {
 *   for (Price price : prices) { … }
 * }
 * }</pre>
 *
 * <p>What comes from a peer waits here up to a bound; a consumer that takes nothing stops its
 * producer and nothing else. The iterator's methods block, so never on an event loop, and throw,
 * behind the items that came before it:
 *
 * <ul>
 *   <li>a {@link dev.everwire.protocol.FaultException} if the producer failed, the deadline passed
 *       or the thread was interrupted (its flag stays set);
 *   <li>a {@code ConnectionLostException}, which is one too, if the link went away;
 *   <li>an {@link IllegalArgumentException} for one item that does not fit the type.
 * </ul>
 *
 * After {@code close()} there are no more items.
 */
public interface ItemStream<T extends @Nullable Object> extends Iterable<T>, AutoCloseable {

  /**
   * The items, once.
   *
   * @throws IllegalStateException if called a second time
   * @throws UnsupportedOperationException if the items are pushed ({@link #produce}): only {@link
   *     #drainTo} has a thread for that
   */
  @Override
  Iterator<T> iterator();

  /** Hands all items to a sink, in order, on this thread; once. */
  @SuppressWarnings("NullAway") // the sink takes whatever T is, null included
  default void drainTo(Sink<T> sink) throws Exception {
    for (T item : this) {
      sink.put(item);
    }
  }

  /** Ends the stream, whoever waits for it. Idempotent. */
  @Override
  void close();

  /** The items of a collection or anything else that can be iterated; closed if it can be. */
  static <T extends @Nullable Object> ItemStream<T> of(Iterable<? extends T> items) {
    return new Source<>(items::iterator, items instanceof AutoCloseable source ? source : () -> {});
  }

  /**
   * The items of an iterator.
   *
   * @param source closed with the stream, for instance what the iterator reads from
   */
  static <T extends @Nullable Object> ItemStream<T> of(
      Iterator<? extends T> items, AutoCloseable source) {
    return new Source<>(() -> items, source);
  }

  /** The items of a {@link Stream}, which is closed with it. */
  static <T extends @Nullable Object> ItemStream<T> of(Stream<? extends T> items) {
    return new Source<>(items::iterator, items);
  }

  /**
   * Items that a producer pushes. It is run when they are wanted, on a thread where it may block.
   */
  static <T extends @Nullable Object> ItemStream<T> produce(Producer<T> producer) {
    return new Produced<>(producer);
  }
}
