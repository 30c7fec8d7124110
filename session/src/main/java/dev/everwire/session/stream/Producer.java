package dev.everwire.session.stream;

import org.jspecify.annotations.Nullable;

/** Pushes the items of a stream. */
@FunctionalInterface
public interface Producer<T extends @Nullable Object> {

  /**
   * Puts all items and returns. What it throws is treated as a handler's exception: the consumer
   * gets a {@link dev.everwire.protocol.FaultException} as it is, and an incident number for
   * everything else, behind the items that were put.
   */
  void produce(Sink<T> sink) throws Exception;
}
