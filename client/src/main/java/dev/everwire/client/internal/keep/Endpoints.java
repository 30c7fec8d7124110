package dev.everwire.client.internal.keep;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of several endpoints is dialled next, as they did lately. The first that is not resting;
 * one that failed rests 1 s, 2 s, 4 s … 60 s, or as long as its server has asked for. If all rest,
 * the one that has rested enough soonest.
 *
 * <p>With a, b: a fails → b; b works, is lost → a again, its rest is over; a fails twice → b. Not
 * thread-safe; times are nanoseconds of the loop.
 */
final class Endpoints {
  private static final Duration LONGEST_REST = Duration.ofSeconds(60);
  private static final Duration LONGEST_SHUT = Duration.ofDays(1);

  private static final class Health {
    final URI uri;
    int failures;
    long rest; // since failedAt, if there are failures
    long failedAt;
    long shut; // as its server asked for, since shutAt; 0 if it did not
    long shutAt;

    Health(URI uri) {
      this.uri = uri;
    }

    long rests(long now) {
      long resting = failures == 0 ? 0 : Math.max(0, rest - (now - failedAt));
      return Math.max(resting, shutFor(now));
    }

    /** Whether this one is to be preferred, though the other was named before. */
    boolean better(Health other, long now) {
      boolean open = shutFor(now) == 0;
      return open == (other.shutFor(now) == 0) ? rests(now) < other.rests(now) : open;
    }

    long shutFor(long now) {
      return shut == 0 ? 0 : Math.max(0, shut - (now - shutAt));
    }
  }

  private final List<Health> all = new ArrayList<>();
  private @Nullable URI redirect; // the server's word, for one dial

  Endpoints(List<URI> uris) {
    if (uris.isEmpty()) {
      throw new IllegalArgumentException("endpoints: none (expected: at least 1)");
    }
    uris.forEach(uri -> all.add(new Health(uri)));
  }

  /** Whether {@link #next} answers what a server said. */
  boolean redirected() {
    return redirect != null;
  }

  URI next(long now) {
    URI told = redirect;
    if (told != null) {
      redirect = null;
      return told;
    }
    Health best = all.getFirst();
    for (Health one : all) {
      if (one.better(best, now)) {
        best = one;
      }
    }
    return best.uri;
  }

  /**
   * A dial did not come through, or its connection did not last.
   *
   * @param retryAfter what the server asked for, or null
   */
  void failed(URI uri, long now, @Nullable Duration retryAfter) {
    Health one = find(uri);
    if (one != null) {
      one.failures = Math.min(one.failures + 1, 7);
      one.rest =
          Math.min(Duration.ofSeconds(1L << (one.failures - 1)).toNanos(), LONGEST_REST.toNanos());
      one.failedAt = now;
    }
    if (retryAfter != null) {
      shut(uri, now, retryAfter);
    }
  }

  /** Rests for long, though it did not fail. */
  void avoid(URI uri, long now) {
    Health one = find(uri);
    if (one != null) {
      one.failures = Math.max(1, one.failures);
      one.rest = LONGEST_REST.toNanos();
      one.failedAt = now;
    }
  }

  /** The server does not want to be dialled there for so long, at most a day. */
  void shut(URI uri, long now, Duration time) {
    Health one = find(uri);
    if (one != null) {
      Duration bounded = time.compareTo(LONGEST_SHUT) > 0 ? LONGEST_SHUT : time;
      one.shut = Math.max(0, bounded.toNanos());
      one.shutAt = now;
    }
  }

  /** How long until one may be dialled that its server has not shut; null if that is now. */
  @Nullable Duration shut(long now) {
    long least = Long.MAX_VALUE;
    for (Health one : all) {
      least = Math.min(least, one.shutFor(now));
    }
    return least == 0 || redirect != null ? null : Duration.ofNanos(least);
  }

  /** A connection was ready for long enough. */
  void worked(URI uri) {
    Health one = find(uri);
    if (one != null) {
      one.failures = 0;
      one.shut = 0;
    }
  }

  /**
   * The server says where to dial next. Not followed from {@code wss} to {@code ws}, because the
   * token goes along.
   *
   * @param to null takes back what was said before
   * @return whether it is followed
   */
  boolean redirect(URI from, @Nullable URI to) {
    redirect = to != null && follows(from, to) ? to : null;
    return redirect != null || to == null;
  }

  void forgetRedirect() {
    redirect = null;
  }

  private static boolean follows(URI from, URI to) {
    boolean known = "wss".equals(to.getScheme()) || "ws".equals(to.getScheme());
    boolean downgrade = "wss".equals(from.getScheme()) && !"wss".equals(to.getScheme());
    boolean place =
        to.getHost() != null
            && to.getUserInfo() == null
            && to.getFragment() == null
            && to.getPort() <= 65_535
            && to.getPort() != 0;
    return known && !downgrade && place;
  }

  private @Nullable Health find(URI uri) {
    for (Health one : all) {
      if (one.uri.equals(uri)) {
        return one;
      }
    }
    return null;
  }
}
