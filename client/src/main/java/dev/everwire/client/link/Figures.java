package dev.everwire.client.link;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a client's connections fare. A copy of one moment.
 *
 * @param attempts connections tried that came to an end one way or the other
 * @param successes of them, those that became usable
 * @param uptime how long the present connection has been usable; zero without one
 * @param totalUptime of all connections together
 * @param lastError of the last attempt that failed or connection that was lost, one sentence for
 *     people
 * @param history the last attempts, at most 10, oldest first
 */
public record Figures(
    long attempts,
    long successes,
    Duration uptime,
    Duration totalUptime,
    Optional<String> lastError,
    List<Attempt> history) {

  /** As good as this at least, for a connection to be called healthy. */
  private static final double HEALTHY_RATE = 0.9;

  private static final Duration HEALTHY_UPTIME = Duration.ofSeconds(60);

  /**
   * One attempt to connect.
   *
   * @param endpoint where to, without a query
   * @param began when it was begun
   * @param took until it was usable, or had failed
   * @param failure why it failed; empty if it did not
   */
  public record Attempt(String endpoint, Instant began, Duration took, Optional<String> failure) {

    public boolean succeeded() {
      return failure.isEmpty();
    }
  }

  public Figures {
    history = List.copyOf(history);
  }

  /** The part of the attempts that succeeded, 0.0–1.0; 1.0 before the first. */
  public double successRate() {
    return attempts == 0 ? 1 : (double) successes / attempts;
  }

  /** Connected for 60 s at least, and 90 % of all attempts succeeded. */
  public boolean healthy() {
    return uptime.compareTo(HEALTHY_UPTIME) >= 0 && successRate() >= HEALTHY_RATE;
  }
}
