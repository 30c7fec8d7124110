package dev.everwire.client.internal.lifecycle;

/**
 * One try to get through.
 *
 * @param number grows with each try and starts over at 1 after a stable connection
 * @param refusals how often the server has refused who we are since the last stable connection
 * @param renew whether the token that was given out last is no good any more
 */
public record Attempt(int number, int refusals, boolean renew) {
  public static final Attempt FIRST = new Attempt(1, 0, false);

  Attempt next() {
    return new Attempt(number + 1, refusals, renew);
  }

  Attempt refused() {
    return new Attempt(number + 1, refusals + 1, true);
  }

  /** With another token than the last. */
  Attempt renewing() {
    return new Attempt(number, refusals, true);
  }

  /** It came through, so its token is good; how long that lasts is to be seen. */
  Attempt welcomed() {
    return new Attempt(number, refusals, false);
  }
}
