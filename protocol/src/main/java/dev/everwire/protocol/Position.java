package dev.everwire.protocol;

import java.util.Objects;

/**
 * A place in a topic's stream. Offsets grow by one within an epoch and mean nothing outside it: a
 * topic that lost its history starts a new epoch, so position {@code (k3, 120)} is not "before"
 * {@code (k4, 7)}, it is unreachable from there.
 *
 * @param epoch short random name of the stream's present life, never empty
 * @param offset of the last publication seen, 0 before the first; at most 2^53 − 1
 */
public record Position(String epoch, long offset) {
  public static final long MAX_OFFSET = (1L << 53) - 1;

  public Position {
    Objects.requireNonNull(epoch, "epoch");
    if (epoch.isEmpty() || epoch.length() > 64) {
      throw new IllegalArgumentException("epoch: \"" + epoch + "\" (expected: 1-64 characters)");
    }
    if (offset < 0 || offset > MAX_OFFSET) {
      throw new IllegalArgumentException("offset: " + offset + " (expected: 0..2^53-1)");
    }
  }

  @Override
  public String toString() {
    return epoch + ":" + offset;
  }
}
