package dev.everwire.client.internal.topic;

import dev.everwire.client.link.Overflow;
import org.jspecify.annotations.Nullable;

/**
 * How much may wait for one reader, and what gives way when it is too much.
 *
 * @param events at most, gaps included; one always may
 * @param bytes of their data at most, and a little for each
 * @param key an event that waits is replaced by a later one of the same key, with {@link
 *     Overflow#LATEST_PER_KEY}; null to keep them all
 */
public record Room(int events, long bytes, Overflow overflow, @Nullable KeyPointer key) {

  /** The oldest give way. */
  public static Room of(int events, long bytes) {
    return new Room(events, bytes, Overflow.DROP_OLDEST, null);
  }
}
