package dev.everwire.client.foreign;

import dev.everwire.client.internal.foreign.SubscriptionBook;
import dev.everwire.client.internal.foreign.UpdateBuffer;
import dev.everwire.client.internal.topic.Ending;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.transport.Loop;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The updates of one topic of a foreign service, pulled. It survives reconnects, and says with
 * {@link ForeignEvent.Resumed} where the new connection begins. Updates wait here up to a bound; a
 * reader that falls behind is told by {@link ForeignEvent.Lagged} and the stream goes on.
 *
 * <p>All subscriptions of a topic share one at the service: the first asks for it, the last that is
 * closed ends it. Safe from any thread; several readers share the updates among them. Values are
 * bound on the reader's thread.
 */
public final class ForeignSubscription<T> implements Iterable<ForeignEvent<T>>, AutoCloseable {
  private static final Ending.Closed BY_READER = new Ending.Closed("subscription closed");

  private final String topic;
  private final Class<T> type;
  private final UpdateBuffer buffer;
  private final ValueCodec values;
  private final Loop loop;
  private final Consumer<SubscriptionBook.Feed> detach;
  private final CompletableFuture<Void> confirmed = new CompletableFuture<>();
  private final SubscriptionBook.Feed feed = new Filling();

  /**
   * @param detach takes the feed out again, from any thread
   */
  ForeignSubscription(
      String topic,
      Class<T> type,
      UpdateBuffer buffer,
      ValueCodec values,
      Loop loop,
      Consumer<SubscriptionBook.Feed> detach) {
    this.topic = topic;
    this.type = type;
    this.buffer = buffer;
    this.values = values;
    this.loop = loop;
    this.detach = detach;
  }

  /** What the loop fills it by. */
  SubscriptionBook.Feed feed() {
    return feed;
  }

  /** The client has ended before it was subscribed. */
  void lost() {
    feed.end(new Ending.Lost("client closed"));
  }

  public String topic() {
    return topic;
  }

  /** Whether the service has confirmed it, at least once. */
  public boolean confirmed() {
    return confirmed.isDone() && !confirmed.isCompletedExceptionally();
  }

  /**
   * Waits until the service has confirmed. Where the handler says that it does not, until the
   * subscribe was written.
   *
   * @return false if the time is over before that
   * @throws FaultException the service refused, or did not answer in time
   * @throws ConnectionLostException the client is closed for good
   * @throws NoSuchElementException this subscription was closed
   */
  public boolean awaitConfirmed(Duration within) throws InterruptedException {
    mayBlock();
    try {
      confirmed.get(within.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw ended();
    }
  }

  /**
   * Waits for the next event.
   *
   * @throws UnreadableUpdateException this update's data does not fit the type; call again for the
   *     next
   * @throws FaultException the service refused the subscription, or it was read too slowly and may
   *     lose nothing
   * @throws ConnectionLostException the client is closed for good
   * @throws NoSuchElementException this subscription was closed
   */
  public ForeignEvent<T> next() throws InterruptedException {
    mayBlock();
    UpdateBuffer.Piece piece = buffer.take();
    if (piece == null) {
      throw ended();
    }
    return event(piece);
  }

  /** The next event if it is here; throws as {@link #next} does. */
  public Optional<ForeignEvent<T>> poll() {
    return orEnded(buffer.poll());
  }

  /** The next event if it comes within this time; throws as {@link #next} does. */
  public Optional<ForeignEvent<T>> poll(Duration within) throws InterruptedException {
    mayBlock();
    return orEnded(buffer.poll(within.toNanos()));
  }

  /**
   * Waits for each event in turn. Ends when this subscription or its client is closed here, or the
   * thread is interrupted (its flag stays set); throws as {@link #next} does for every other end.
   */
  @Override
  public Iterator<ForeignEvent<T>> iterator() {
    return new Pull();
  }

  /**
   * Ends the subscription; what waits is thrown away. The last of its topic unsubscribes.
   * Idempotent.
   */
  @Override
  public void close() {
    if (buffer.discard(BY_READER)) {
      confirmed.completeExceptionally(new NoSuchElementException(BY_READER.why()));
      detach.accept(feed);
    }
  }

  private Optional<ForeignEvent<T>> orEnded(UpdateBuffer.@Nullable Piece piece) {
    if (piece != null) {
      return Optional.of(event(piece));
    }
    if (buffer.ending() == null) {
      return Optional.empty();
    }
    throw ended();
  }

  private void mayBlock() {
    if (loop.inAnyLoop()) {
      throw new IllegalStateException("next: would block the event loop (expected: poll)");
    }
  }

  private ForeignEvent<T> event(UpdateBuffer.Piece piece) {
    return switch (piece) {
      case UpdateBuffer.Piece.Update(RawJson data) -> new ForeignEvent.Update<>(value(data));
      case UpdateBuffer.Piece.Lagged(long updates) -> new ForeignEvent.Lagged<>(updates);
      case UpdateBuffer.Piece.Resumed(long epoch) -> new ForeignEvent.Resumed<>(epoch);
    };
  }

  private T value(RawJson data) {
    Object value;
    try {
      value = type == RawJson.class ? data : values.decode(data, type);
    } catch (IllegalArgumentException e) {
      throw new UnreadableUpdateException(topic, data, "does not fit " + type.getSimpleName());
    }
    if (!type.isInstance(value)) {
      throw new UnreadableUpdateException(
          topic, data, "null (expected: " + type.getSimpleName() + ")");
    }
    return type.cast(value);
  }

  private RuntimeException ended() {
    return switch (buffer.ending()) {
      case null -> new IllegalStateException("ended without a reason");
      case Ending.Closed(String why) -> new NoSuchElementException(why);
      case Ending.Refused(var fault) -> new FaultException(fault);
      case Ending.Lost(String why) -> new ConnectionLostException(false, why);
      case Ending.Overflowed(String why) -> new FaultException(FaultCode.OVERLOADED, why);
    };
  }

  /** The loop's side. */
  private final class Filling implements SubscriptionBook.Feed {
    @Override
    public void confirmed() {
      confirmed.complete(null);
    }

    @Override
    public void resumed(long epoch) {
      buffer.resumed(epoch);
    }

    @Override
    public void update(RawJson data) {
      if (!buffer.update(data) && buffer.ending() instanceof Ending.Overflowed) {
        detach.accept(this); // read too slowly by one that may lose nothing
      }
    }

    @Override
    public void end(Ending why) {
      buffer.end(why);
      confirmed.completeExceptionally(new IllegalStateException("ended"));
    }
  }

  private final class Pull implements Iterator<ForeignEvent<T>> {
    private UpdateBuffer.@Nullable Piece ahead;

    @Override
    public boolean hasNext() {
      mayBlock();
      try {
        if (ahead == null) {
          ahead = buffer.take();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      if (ahead != null) {
        return true;
      }
      if (buffer.ending() instanceof Ending.Closed) {
        return false;
      }
      throw ended();
    }

    @Override
    public ForeignEvent<T> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the subscription has ended");
      }
      UpdateBuffer.Piece piece = ahead;
      ahead = null;
      if (piece == null) {
        throw ended();
      }
      return event(piece);
    }
  }
}
