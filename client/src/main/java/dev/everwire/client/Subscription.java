package dev.everwire.client;

import dev.everwire.client.internal.topic.Ending;
import dev.everwire.client.internal.topic.EventBuffer;
import dev.everwire.client.internal.topic.Piece;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.transport.Loop;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events of one topic, pulled. It survives reconnects: what was published meanwhile follows, or
 * an {@link Event.Gap} says that it does not. Events wait here up to a bound; a reader that falls
 * behind gets a gap in place of the oldest, or what {@link SubscriptionOptions#overflow} says.
 *
 * <p>Safe from any thread; several readers share the events among them. Values are bound on the
 * reader's thread.
 */
public final class Subscription<T> implements Iterable<Event<T>>, AutoCloseable {
  private static final Ending.Closed BY_READER = new Ending.Closed("subscription closed");

  private final String topic;
  private final Class<T> type;
  private final EventBuffer buffer;
  private final SubscriptionReader reader;
  private final ValueCodec values;
  private final Loop loop;
  private final Runnable detach;
  // Written by readers, read by anybody; null until something was handed out.
  private volatile @Nullable Position handedOut;
  // One reader at a time, where it counts; null if nobody is told.
  private @Nullable Consumer<Position> dealtWith;
  private @Nullable Position told;

  Subscription(
      String topic,
      Class<T> type,
      EventBuffer buffer,
      SubscriptionReader reader,
      ValueCodec values,
      Loop loop,
      Runnable detach) {
    this.topic = topic;
    this.type = type;
    this.buffer = buffer;
    this.reader = reader;
    this.values = values;
    this.loop = loop;
    this.detach = detach;
  }

  /** Tells what was dealt with: what was handed out before the next is asked for. */
  Subscription<T> telling(Consumer<Position> listener) {
    dealtWith = listener;
    return this;
  }

  public String topic() {
    return topic;
  }

  /**
   * Done when the server has confirmed the subscription for the first time: with the position from
   * which on nothing is left out untold. Fails with {@link SubscriptionFailedException} if the
   * server refuses, if it has not confirmed within {@link SubscriptionOptions#confirmWithin}
   * (counted from the start, with or without a connection), or if the subscription ends before.
   *
   * <p>That it took too long does not end the subscription: it is tried until the server confirms
   * or refuses it for good, or it is closed. Completed on a worker; each call answers a new future,
   * so that one may be cancelled.
   */
  public CompletableFuture<Position> confirmed() {
    return reader.confirmation();
  }

  /**
   * Waits for the next event.
   *
   * @throws UnreadableEventException this event's data does not fit the type; call again for the
   *     next
   * @throws FaultException the server refused the subscription
   * @throws SubscriptionOverflowException it was read too slowly, and nothing may be left out
   * @throws ConnectionLostException the client is closed for good
   * @throws NoSuchElementException this subscription was closed
   */
  public Event<T> next() throws InterruptedException {
    mayBlock();
    tell();
    Piece piece = buffer.take();
    if (piece == null) {
      throw ended();
    }
    return event(piece);
  }

  /** The next event if it is here; throws as {@link #next} does. */
  public Optional<Event<T>> poll() {
    tell();
    return orEnded(buffer.poll());
  }

  /** The next event if it comes within this time; throws as {@link #next} does. */
  public Optional<Event<T>> poll(Duration within) throws InterruptedException {
    mayBlock();
    tell();
    return orEnded(buffer.poll(within.toNanos()));
  }

  /**
   * Behind the event handed out last, or where the subscription began: to subscribe from again.
   * Empty until the server has answered.
   */
  public Optional<Position> position() {
    Position last = handedOut;
    return Optional.ofNullable(last == null ? buffer.began() : last);
  }

  /** How many events and gaps wait to be read. */
  public int waiting() {
    return buffer.waiting();
  }

  /** How many events gave way because this was read too slowly; gaps told of them. */
  public long dropped() {
    return buffer.dropped();
  }

  /**
   * How many events gave way to a later one of the same key, with {@link
   * dev.everwire.client.link.Overflow#LATEST_PER_KEY}.
   */
  public long conflated() {
    return buffer.conflated();
  }

  /**
   * Waits for each event in turn. Ends when this subscription or its client is closed here, or the
   * thread is interrupted (its flag stays set); throws as {@link #next} does for every other end.
   */
  @Override
  public Iterator<Event<T>> iterator() {
    return new Pull();
  }

  /** Ends the subscription; what waits is thrown away. Idempotent. */
  @Override
  public void close() {
    if (buffer.discard(BY_READER)) {
      reader.closed(BY_READER.why());
      detach.run();
    }
  }

  private Optional<Event<T>> orEnded(@Nullable Piece piece) {
    if (piece != null) {
      return Optional.of(event(piece));
    }
    if (buffer.ending() == null) {
      return Optional.empty();
    }
    Piece last = buffer.poll(); // it may have come just before the end
    if (last == null) {
      throw ended();
    }
    return Optional.of(event(last));
  }

  private void tell() {
    Position last = handedOut;
    if (dealtWith != null && last != null && !last.equals(told)) {
      told = last;
      dealtWith.accept(last);
    }
  }

  private void mayBlock() {
    if (loop.inAnyLoop()) {
      throw new IllegalStateException("next: would block the event loop (expected: poll)");
    }
  }

  private Event<T> event(Piece piece) {
    handedOut = piece.position();
    return switch (piece) {
      case Piece.Item(Position position, RawJson data) -> item(topic, position, data, type, values);
      case Piece.Gap(String reason, Position from, Position to) ->
          new Event.Gap<>(reason, from, to);
    };
  }

  /** Binds an event's data on the caller's thread. */
  static <T> Event.Item<T> item(
      String topic, Position position, RawJson data, Class<T> type, ValueCodec values) {
    Object value;
    try {
      value = type == RawJson.class ? data : values.decode(data, type);
    } catch (IllegalArgumentException e) {
      throw new UnreadableEventException(
          topic, position, data, "does not fit " + type.getSimpleName());
    }
    if (!type.isInstance(value)) {
      throw new UnreadableEventException(
          topic, position, data, "null (expected: " + type.getSimpleName() + ")");
    }
    return new Event.Item<>(type.cast(value), position);
  }

  private RuntimeException ended() {
    return switch (buffer.ending()) {
      case null -> new IllegalStateException("ended without a reason");
      case Ending.Closed(String why) -> new NoSuchElementException(why);
      case Ending.Refused(var fault) -> new FaultException(fault);
      case Ending.Lost(String why) -> new ConnectionLostException(false, why);
      case Ending.Overflowed(String why) -> new SubscriptionOverflowException(topic, why);
    };
  }

  private final class Pull implements Iterator<Event<T>> {
    private @Nullable Piece ahead;

    @Override
    public boolean hasNext() {
      mayBlock();
      try {
        if (ahead == null) {
          tell();
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
    public Event<T> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the subscription has ended");
      }
      Piece piece = ahead;
      ahead = null;
      if (piece == null) {
        throw ended();
      }
      return event(piece);
    }
  }
}
