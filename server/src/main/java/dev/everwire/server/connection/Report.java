package dev.everwire.server.connection;

import java.util.List;

/**
 * What became of a message for many.
 *
 * @param targets those meant, without the excluded
 * @param excluded those who would have been meant
 * @param delivered put into queues; says nothing about arrival
 * @param dropped for which there was no room
 * @param failed to whom it could not be sent: gone, too large for them, or not what they speak
 * @param errors the first {@value #MOST_ERRORS} of those that failed
 */
public record Report(
    int targets, int excluded, int delivered, int dropped, int failed, List<Failure> errors) {
  public static final int MOST_ERRORS = 10;

  /** Why one of them did not get it. */
  public record Failure(String connectionId, String reason) {}

  public Report {
    errors = List.copyOf(errors);
  }

  /** Whether there were targets and nothing was delivered to any. */
  public boolean allFailed() {
    return targets > 0 && delivered == 0;
  }

  /**
   * This, if anybody got it or nobody was meant.
   *
   * @throws SendFailedException if {@link #allFailed}
   */
  public Report orThrow() {
    if (allFailed()) {
      throw new SendFailedException(this);
    }
    return this;
  }
}
