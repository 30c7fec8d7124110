package dev.everwire.app.bench;

import java.net.URI;
import java.time.Duration;

/**
 * How much load, and for how long. Everything is bounded.
 *
 * @param connections opened and held; with a fan-out the subscribers
 * @param depth messages under way on each connection, with a fan-out publications under way
 * @param size bytes of a message
 * @param rate messages a second on all connections together, with a fan-out publications a second;
 *     0 is a closed loop, in which an answer brings the next message
 * @param duration of the measurement, behind the warm-up
 */
public record Plan(
    URI uri,
    int connections,
    int depth,
    int size,
    double rate,
    Duration warmup,
    Duration duration) {
  public static final int MAX_CONNECTIONS = 100_000;
  public static final int MAX_DEPTH = 10_000;
  public static final int MAX_SIZE = 16 * 1024 * 1024;
  public static final double MAX_RATE = 10_000_000;
  public static final Duration LONGEST = Duration.ofHours(1);

  private static final int MAX_BYTES_UNDER_WAY = 64 * 1024 * 1024; // of one connection
  private static final int OPEN_WINDOW = 1024;

  public Plan {
    within("connections", connections, 1, MAX_CONNECTIONS);
    within("depth", depth, 1, MAX_DEPTH);
    within("size", size, 1, MAX_SIZE);
    if (!(rate >= 0 && rate <= MAX_RATE)) {
      throw new IllegalArgumentException(
          "rate: " + rate + " (expected: 0-" + (long) MAX_RATE + ")");
    }
    within("warmup in ms", warmup.toMillis(), 0, LONGEST.toMillis());
    within("duration in ms", duration.toMillis(), 1, LONGEST.toMillis());
    if ((long) depth * size > MAX_BYTES_UNDER_WAY) {
      throw new IllegalArgumentException(
          "depth x size: "
              + (long) depth * size
              + " (expected: at most "
              + MAX_BYTES_UNDER_WAY
              + " bytes under way on a connection)");
    }
  }

  boolean open() {
    return rate > 0;
  }

  /**
   * Most messages under way on one connection. An open loop sends what is due whether or not
   * answers came; at the bound it holds back, and the time goes on counting.
   */
  int window() {
    return open() ? Math.max(depth, Math.min(OPEN_WINDOW, MAX_BYTES_UNDER_WAY / size)) : depth;
  }

  private static void within(String name, long value, long from, long to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + from + "-" + to + ")");
    }
  }
}
