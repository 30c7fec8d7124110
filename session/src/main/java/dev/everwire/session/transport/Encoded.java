package dev.everwire.session.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * One message encoded once for everybody who gets it. Each kind of transport keeps its own form of
 * it here (framed, in its own memory, compressed), made by the first connection that needs it and
 * freed when the last reference is released. Safe from any thread.
 *
 * <p>Starts with one reference, the maker's. Whoever hands it to another thread retains it first;
 * every reference is released once.
 */
public final class Encoded {

  /** Frees a transport's own form. */
  public interface Variant {
    void free();
  }

  private record Entry(Object key, Variant variant) {}

  private final byte[] payload;
  private final boolean text;
  private final AtomicInteger references = new AtomicInteger(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Entry> variants = new ArrayList<>(1); // guarded by lock

  private Encoded(byte[] payload, boolean text) {
    this.payload = payload;
    this.text = text;
  }

  /** Takes over the array, which must be valid UTF-8 and must not change any more. */
  public static Encoded text(byte[] utf8) {
    return new Encoded(utf8, true);
  }

  /** Takes over the array, which must not change any more. */
  public static Encoded binary(byte[] bytes) {
    return new Encoded(bytes, false);
  }

  public boolean isText() {
    return text;
  }

  /** The payload itself, for transports. Not to be changed. */
  public byte[] payload() {
    return payload;
  }

  /**
   * The form of this message under a key, made on first use.
   *
   * @param key equal for all connections that can share the form
   * @throws IllegalStateException if the last reference is gone
   */
  public <V extends Variant> V variant(Object key, Class<V> type, Function<Encoded, V> make) {
    lock.lock();
    try {
      if (references.get() <= 0) {
        throw new IllegalStateException("released");
      }
      for (Entry entry : variants) {
        if (entry.key().equals(key)) {
          return type.cast(entry.variant());
        }
      }
      V made = make.apply(this);
      variants.add(new Entry(key, made));
      return made;
    } finally {
      lock.unlock();
    }
  }

  public Encoded retain() {
    if (references.getAndIncrement() <= 0) {
      references.getAndDecrement();
      throw new IllegalStateException("released");
    }
    return this;
  }

  public void release() {
    int left = references.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException("released once too often");
    }
    if (left == 0) {
      free();
    }
  }

  private void free() {
    lock.lock();
    try {
      variants.forEach(entry -> entry.variant().free());
      variants.clear();
    } finally {
      lock.unlock();
    }
  }
}
