package dev.everwire.session.stream;

import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A stream whose items are pushed on the thread that drains it. */
final class Produced<T extends @Nullable Object> implements ItemStream<T> {
  private final Producer<T> producer;
  private final AtomicBoolean used = new AtomicBoolean();

  Produced(Producer<T> producer) {
    this.producer = producer;
  }

  @Override
  public Iterator<T> iterator() {
    throw new UnsupportedOperationException("iterator: the items are pushed (expected: drainTo)");
  }

  @Override
  public void drainTo(Sink<T> sink) throws Exception {
    if (used.getAndSet(true)) {
      throw new IllegalStateException("drainTo: a stream has one pass");
    }
    producer.produce(sink);
  }

  /** The producer cleans up after itself: it is interrupted where nobody waits any more. */
  @Override
  public void close() {
    used.set(true);
  }
}
