package dev.everwire.server.memory;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.internal.RandomText;
import dev.everwire.spi.Broker;
import dev.everwire.spi.BrokerException;
import dev.everwire.spi.History;
import dev.everwire.spi.Publication;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the streams of topics in the memory of this process. Every stage is complete when it is
 * returned. A new instance knows nothing of an earlier one, so all epochs are new. Safe from any
 * thread.
 *
 * <p>Memory is bounded. Over {@link Bounds#historyBytes} or {@link Bounds#topics} the topics
 * without a subscription are dropped whole, least recently published first, and begin a new epoch
 * when they are used again. Where that is not enough, subscribed topics lose the oldest of their
 * history. More <em>subscribed</em> topics than the bound are refused with {@link BrokerException}.
 */
public final class MemoryBroker implements Broker {

  /**
   * @param historyBytes most bytes of history in all topics together, overhead included
   * @param topics most topics
   * @param undeliveredBytes most bytes of one topic that wait for the listener; a publication that
   *     finds no room is refused
   */
  public record Bounds(long historyBytes, int topics, long undeliveredBytes) {
    /** 256 MiB, 100 000 topics, 16 MiB. */
    public static final Bounds DEFAULT = new Bounds(256L << 20, 100_000, 16L << 20);

    public Bounds {
      if (historyBytes < 1) {
        throw new IllegalArgumentException("historyBytes: " + historyBytes + " (expected: >= 1)");
      }
      if (topics < 1) {
        throw new IllegalArgumentException("topics: " + topics + " (expected: >= 1)");
      }
      if (undeliveredBytes < 1) {
        throw new IllegalArgumentException(
            "undeliveredBytes: " + undeliveredBytes + " (expected: >= 1)");
      }
    }
  }

  private static final Logger LOG = System.getLogger(MemoryBroker.class.getName());
  private static final int EPOCH_LENGTH = 8;

  private final RandomGenerator random; // guarded by lock
  private final Bounds bounds;

  // One lock for all topics: what it guards takes well under a microsecond, and the order in which
  // topics are dropped goes across all of them. The listener is told outside.
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Stream> streams = new HashMap<>(); // guarded by lock
  private final Shelf shelf = new Shelf(); // guarded by lock
  private volatile @Nullable Listener listener; // written once, read while telling
  private long historyBytes; // guarded by lock
  private boolean closed; // guarded by lock

  /**
   * @param random names the epochs; used under a lock, so it need not be thread-safe
   */
  public MemoryBroker(RandomGenerator random) {
    this(random, Bounds.DEFAULT);
  }

  public MemoryBroker(RandomGenerator random, Bounds bounds) {
    this.random = random;
    this.bounds = bounds;
  }

  @Override
  public void start(Listener newListener) {
    lock.lock();
    try {
      if (listener != null) {
        throw new IllegalStateException("started already");
      }
      listener = newListener;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public CompletionStage<Position> publish(String topic, RawJson data, Retention retention) {
    Stream stream;
    Position position;
    boolean deliver;
    lock.lock();
    try {
      stream = stream(topic);
      if (stream.undeliveredBytes() > bounds.undeliveredBytes()) {
        throw new BrokerException("too many publications wait for delivery");
      }
      historyBytes -= stream.history.bytes();
      stream.append(data, retention.keepLast());
      historyBytes += stream.history.bytes();
      position = stream.top();
      deliver = stream.beginDelivery();
      shelf.used(stream);
      makeRoom(stream);
    } catch (BrokerException e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      lock.unlock();
    }
    if (deliver) {
      deliver(stream);
    }
    return CompletableFuture.completedFuture(position);
  }

  @Override
  public CompletionStage<Position> subscribe(String topic) {
    return locked(() -> {
      Stream stream = stream(topic);
      stream.subscribed = true;
      shelf.used(stream);
      return stream.top();
    });
  }

  @Override
  public void unsubscribe(String topic) {
    lock.lock();
    try {
      Stream stream = streams.get(topic);
      if (stream != null) {
        stream.subscribed = false;
        shelf.used(stream);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public CompletionStage<History> history(String topic, HistoryQuery query) {
    return locked(() -> {
      Stream stream = stream(topic);
      shelf.seen(stream);
      return stream.read(query);
    });
  }

  @Override
  public void remove(String topic) {
    lock.lock();
    try {
      Stream stream = streams.get(topic);
      if (stream != null) {
        drop(stream);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      streams.clear();
      shelf.clear();
      historyBytes = 0;
    } finally {
      lock.unlock();
    }
  }

  /** Topics that are kept at the moment. */
  public int topics() {
    lock.lock();
    try {
      return streams.size();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes of history that are kept at the moment, overhead included. */
  public long historyBytes() {
    lock.lock();
    try {
      return historyBytes;
    } finally {
      lock.unlock();
    }
  }

  private <T> CompletionStage<T> locked(Supplier<T> work) {
    lock.lock();
    try {
      return CompletableFuture.completedFuture(work.get());
    } catch (BrokerException e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      lock.unlock();
    }
  }

  /** The topic's stream, a new life if there is none. Under the lock. */
  private Stream stream(String topic) {
    if (closed) {
      throw new BrokerException("closed");
    }
    Stream stream = streams.get(topic);
    if (stream == null) {
      if (streams.size() >= bounds.topics()) {
        Stream victim = shelf.eldestIdle(null);
        if (victim == null) {
          throw new BrokerException("more topics with subscriptions than " + bounds.topics());
        }
        drop(victim);
      }
      stream = new Stream(topic, RandomText.of(random, EPOCH_LENGTH));
      streams.put(topic, stream);
    }
    return stream;
  }

  /** Under the lock. */
  private void makeRoom(Stream published) {
    while (historyBytes > bounds.historyBytes()) {
      Stream victim = shelf.eldestIdle(published);
      if (victim == null) {
        break;
      }
      drop(victim);
    }
    while (historyBytes > bounds.historyBytes()) {
      Stream holding = shelf.eldestHolding();
      Stream victim = holding == null ? published : holding;
      historyBytes -= victim.history.bytes();
      victim.history.removeOldest();
      historyBytes += victim.history.bytes();
      if (victim.history.size() == 0) {
        shelf.remove(victim);
        shelf.seen(victim);
      }
    }
  }

  /** Under the lock. */
  private void drop(Stream stream) {
    streams.remove(stream.topic);
    shelf.remove(stream);
    historyBytes -= stream.history.bytes();
  }

  /** Without the lock: one thread at a time per stream, in order. */
  private void deliver(Stream stream) {
    for (Publication next = next(stream); next != null; next = next(stream)) {
      Listener told = listener;
      if (told != null) {
        tell(told, stream, next);
      }
    }
  }

  private static void tell(Listener listener, Stream stream, Publication publication) {
    try {
      listener.published(stream.topic, stream.epoch, publication);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "listener failed topic=" + stream.topic, e);
    }
  }

  private @Nullable Publication next(Stream stream) {
    lock.lock();
    try {
      if (closed) {
        return null;
      }
      Publication next = stream.nextUndelivered();
      if (next == null) {
        shelf.used(stream); // it may be dropped now
      }
      return next;
    } finally {
      lock.unlock();
    }
  }
}
