package dev.everwire.server.drain;

import java.time.Duration;

/**
 * What became of everybody when a server went away.
 *
 * @param closed connections that ended in time, however they did; those included that left when
 *     they were asked
 * @param failed connections that had to be cut when the time was over
 * @param flushed messages that waited to be sent when no new calls were taken any more, and left
 * @param dropped messages that were lost with their connections
 * @param duration from the beginning to this report
 */
public record DrainReport(int closed, int failed, long flushed, long dropped, Duration duration) {

  /** One line for a log or a terminal. */
  public String line() {
    return "closed="
        + closed
        + " failed="
        + failed
        + " flushed="
        + flushed
        + " dropped="
        + dropped
        + " ms="
        + duration.toMillis();
  }
}
