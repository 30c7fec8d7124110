package dev.everwire.client.foreign;

import dev.everwire.client.internal.foreign.UpdateBuffer;
import dev.everwire.client.internal.topic.KeyPointer;
import dev.everwire.client.link.Overflow;
import dev.everwire.protocol.json.RawJson;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How much may wait for the reader of one {@link ForeignSubscription}, and what gives way when that
 * is too much. Immutable; each method answers a copy.
 */
public final class Buffering {
  private static final int MOST_UPDATES = 10_000_000;

  /** 256 updates, 16 MiB, the oldest give way. */
  public static final Buffering DEFAULT =
      new Buffering(256, 16L * 1024 * 1024, Overflow.DROP_OLDEST, null);

  private final int updates;
  private final long bytes;
  private final Overflow overflow;
  private final @Nullable KeyPointer key; // for LATEST_PER_KEY, else null

  private Buffering(int updates, long bytes, Overflow overflow, @Nullable KeyPointer key) {
    this.updates = updates;
    this.bytes = bytes;
    this.overflow = overflow;
    this.key = key;
  }

  /** The oldest give way. */
  static Buffering of(int updates, long bytes) {
    return DEFAULT.updates(Math.min(updates, MOST_UPDATES)).bytes(bytes);
  }

  /**
   * @param most 1–10 000 000
   */
  public Buffering updates(int most) {
    if (most < 1 || most > MOST_UPDATES) {
      throw new IllegalArgumentException(
          "updates: " + most + " (expected: 1-" + MOST_UPDATES + ")");
    }
    return new Buffering(most, bytes, overflow, key);
  }

  /** Of data; each update costs 64 more. One update always fits. */
  public Buffering bytes(long most) {
    if (most < 1) {
      throw new IllegalArgumentException("bytes: " + most + " (expected: >= 1)");
    }
    return new Buffering(updates, most, overflow, key);
  }

  /**
   * @param overflow anything but {@link Overflow#LATEST_PER_KEY}, which needs to know the key: see
   *     {@link #latestPerKey}
   */
  public Buffering overflow(Overflow overflow) {
    if (overflow == Overflow.LATEST_PER_KEY) {
      throw new IllegalArgumentException(
          "overflow: LATEST_PER_KEY (expected: latestPerKey with the key's place)");
    }
    return new Buffering(updates, bytes, overflow, null);
  }

  /**
   * Only the latest update of each key waits, which counts as no loss. One that has no key replaces
   * none and is not replaced.
   *
   * @param pointer where the key stands in an update's data: a JSON pointer (RFC 6901), for
   *     instance {@code /symbol}
   */
  public Buffering latestPerKey(String pointer) {
    return new Buffering(updates, bytes, Overflow.LATEST_PER_KEY, KeyPointer.of(pointer));
  }

  UpdateBuffer buffer() {
    UpdateBuffer.WhenFull whenFull =
        switch (overflow) {
          case DROP_OLDEST, LATEST_PER_KEY -> UpdateBuffer.WhenFull.DROP_OLDEST;
          case DROP_NEWEST -> UpdateBuffer.WhenFull.DROP_NEWEST;
          case DISCONNECT -> UpdateBuffer.WhenFull.END;
        };
    Function<RawJson, @Nullable Object> keys = key == null ? null : key::find;
    return new UpdateBuffer(updates, bytes, whenFull, keys);
  }
}
