package dev.everwire.server.limit;

/**
 * So many at once, and over time no more than so many each second.
 *
 * @param perSecond more than 0, at most a million million; so that the burst is there again within
 *     a day
 * @param burst at least 1
 */
public record Rate(double perSecond, long burst) {
  private static final double MOST = 1e12;
  private static final double SECONDS_A_DAY = 86_400;

  public Rate {
    if (!(perSecond > 0 && perSecond <= MOST)) {
      throw new IllegalArgumentException(
          "perSecond: " + perSecond + " (expected: > 0, <= 1000000000000)");
    }
    if (burst < 1 || burst / perSecond > SECONDS_A_DAY) {
      throw new IllegalArgumentException(
          "burst: " + burst + " (expected: >= 1, and there again within PT24H)");
    }
  }
}
