package dev.everwire.session.stream;

import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A stream of what can be iterated. */
final class Source<T extends @Nullable Object> implements ItemStream<T> {
  private final Supplier<Iterator<? extends T>> items;
  private final AutoCloseable source;
  private final AtomicBoolean iterated = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  Source(Supplier<Iterator<? extends T>> items, AutoCloseable source) {
    this.items = items;
    this.source = source;
  }

  @Override
  public Iterator<T> iterator() {
    if (iterated.getAndSet(true)) {
      throw new IllegalStateException("iterator: a stream has one pass");
    }
    Iterator<? extends T> from = items.get();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !closed.get() && from.hasNext();
      }

      @Override
      public T next() {
        return from.next();
      }
    };
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      source.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new IllegalStateException("close: the source of a stream could not be closed", e);
    }
  }
}
