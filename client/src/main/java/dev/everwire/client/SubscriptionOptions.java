package dev.everwire.client;

import dev.everwire.client.internal.topic.KeyPointer;
import dev.everwire.client.internal.topic.Room;
import dev.everwire.client.link.Overflow;
import dev.everwire.protocol.Position;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one subscription is read: where it begins, how much may wait for its reader and what gives
 * way when that is too much. Immutable; each method answers a copy.
 */
public final class SubscriptionOptions {

  private static final Duration LONGEST = Duration.ofDays(1);

  /**
   * As the client says of its subscriptions, and unless that says otherwise 10 000 events, 16 MiB
   * and confirmed within 10 s; the oldest give way.
   */
  public static final SubscriptionOptions DEFAULT =
      new SubscriptionOptions(null, null, Overflow.DROP_OLDEST, null, null, null);

  private static final int USUAL_EVENTS = 10_000;
  private static final long USUAL_BYTES = 16L * 1024 * 1024;
  private static final Duration USUAL_WAIT = Duration.ofSeconds(10);

  // Null where it is the client's to say.
  private final @Nullable Integer bufferEvents;
  private final @Nullable Long bufferBytes;
  private final Overflow overflow;
  private final @Nullable KeyPointer key; // for LATEST_PER_KEY, else null
  private final @Nullable Duration confirmWithin; // null as above
  private final @Nullable Position since;

  private SubscriptionOptions(
      @Nullable Integer bufferEvents,
      @Nullable Long bufferBytes,
      Overflow overflow,
      @Nullable KeyPointer key,
      @Nullable Duration confirmWithin,
      @Nullable Position since) {
    this.bufferEvents = bufferEvents;
    this.bufferBytes = bufferBytes;
    this.overflow = overflow;
    this.key = key;
    this.confirmWithin = confirmWithin;
    this.since = since;
  }

  /** How many events may wait, 10 000 unless said here or of the client; at least 1. */
  public SubscriptionOptions bufferEvents(int events) {
    if (events < 1) {
      throw new IllegalArgumentException("bufferEvents: " + events + " (expected: >= 1)");
    }
    return new SubscriptionOptions(events, bufferBytes, overflow, key, confirmWithin, since);
  }

  /**
   * How many bytes of data may wait, 16 MiB unless said here or of the client; each event costs 64
   * more. One event always fits.
   */
  public SubscriptionOptions bufferBytes(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bufferBytes: " + bytes + " (expected: >= 1)");
    }
    return new SubscriptionOptions(bufferEvents, bytes, overflow, key, confirmWithin, since);
  }

  /**
   * @param overflow anything but {@link Overflow#LATEST_PER_KEY}, which needs to know the key: see
   *     {@link #latestPerKey}
   */
  public SubscriptionOptions overflow(Overflow overflow) {
    if (overflow == Overflow.LATEST_PER_KEY) {
      throw new IllegalArgumentException(
          "overflow: LATEST_PER_KEY (expected: latestPerKey with the key's place)");
    }
    return new SubscriptionOptions(bufferEvents, bufferBytes, overflow, null, confirmWithin, since);
  }

  /**
   * Only the latest event of each key waits. An event that has no key replaces none and is not
   * replaced. The key is looked for in each event as it comes, so this costs a look into its data.
   *
   * @param pointer where the key stands in an event's data: a JSON pointer (RFC 6901), for instance
   *     {@code /symbol}
   */
  public SubscriptionOptions latestPerKey(String pointer) {
    return new SubscriptionOptions(
        bufferEvents,
        bufferBytes,
        Overflow.LATEST_PER_KEY,
        KeyPointer.of(pointer),
        confirmWithin,
        since);
  }

  /**
   * How long {@link Subscription#confirmed} waits, 10 s unless said here or of the client. Time
   * without a connection counts.
   *
   * @param within more than 0, at most a day
   */
  public SubscriptionOptions confirmWithin(Duration within) {
    if (within.isNegative() || within.isZero() || within.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("confirmWithin: " + within + " (expected: > 0, <= P1D)");
    }
    return new SubscriptionOptions(bufferEvents, bufferBytes, overflow, key, within, since);
  }

  /** Begins behind this position, for instance one that was stored; else with what comes next. */
  public SubscriptionOptions since(Position position) {
    return new SubscriptionOptions(
        bufferEvents, bufferBytes, overflow, key, confirmWithin, position);
  }

  /** 10 000 if nothing is said here. */
  public int bufferEvents() {
    return bufferEvents == null ? USUAL_EVENTS : bufferEvents;
  }

  /** 16 MiB if nothing is said here. */
  public long bufferBytes() {
    return bufferBytes == null ? USUAL_BYTES : bufferBytes;
  }

  public Overflow overflow() {
    return overflow;
  }

  /** Where the key stands, with {@link Overflow#LATEST_PER_KEY}. */
  public Optional<String> key() {
    return Optional.ofNullable(key).map(KeyPointer::toString);
  }

  /** 10 s if nothing is said here. */
  public Duration confirmWithin() {
    return confirmWithin == null ? USUAL_WAIT : confirmWithin;
  }

  public Optional<Position> since() {
    return Optional.ofNullable(since);
  }

  /** As this, with the client's word where nothing is said here. */
  SubscriptionOptions over(SubscriptionOptions client) {
    return new SubscriptionOptions(
        bufferEvents == null ? client.bufferEvents : bufferEvents,
        bufferBytes == null ? client.bufferBytes : bufferBytes,
        overflow,
        key,
        confirmWithin == null ? client.confirmWithin : confirmWithin,
        since);
  }

  Room room() {
    return new Room(bufferEvents(), bufferBytes(), overflow, key);
  }
}
