package dev.everwire.session.stream;

import org.jspecify.annotations.Nullable;

/** Takes the items of a stream, one at a time. */
@FunctionalInterface
public interface Sink<T extends @Nullable Object> {

  /**
   * Takes one item; waits while the consumer is behind.
   *
   * @throws InterruptedException nobody waits for the items any more: stop
   * @throws dev.everwire.protocol.FaultException as well, or the item is larger than the peer takes
   */
  void put(T item) throws InterruptedException;
}
