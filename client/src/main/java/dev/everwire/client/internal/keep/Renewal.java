package dev.everwire.client.internal.keep;

import dev.everwire.session.transport.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Renews a token on the living connection before it expires, whatever the server says at most every
 * 5 s. If that fails the server closes the connection with 4101, and the next dial asks for a new
 * token anyway. Event loop only.
 */
final class Renewal {
  private static final Duration LONGEST_MARGIN = Duration.ofSeconds(60);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);

  /** Tells what was refused. */
  interface Refused {
    void refused(String why, boolean willRetry);
  }

  private final Credentials credentials;
  private final Line line;
  private final Loop loop;
  private final int retries;
  private final Duration patience; // with the supplier
  private final Refused refused;
  private Loop.@Nullable Timer timer; // until it is tried, then until there is a token
  private long due; // when it is tried, while nothing is under way
  private long turn; // what belongs to an earlier one is not heard any more
  private boolean underWay; // the supplier or the server is asked
  private boolean tried; // on this connection
  private long triedAt; // last, if it was
  private int failures;

  /**
   * @param credentials for this alone: a dial asks for its own
   */
  Renewal(
      Credentials credentials,
      Line line,
      Loop loop,
      int retries,
      Duration patience,
      Refused refused) {
    this.credentials = credentials;
    this.line = line;
    this.loop = loop;
    this.retries = retries;
    this.patience = patience;
    this.refused = refused;
  }

  /** The token ends in so long: renewed when a tenth of that is left, at most a minute. */
  void expiring(Duration in) {
    if (underWay) {
      return; // what comes of that says more
    }
    Duration margin = in.dividedBy(10);
    margin = margin.compareTo(LONGEST_MARGIN) > 0 ? LONGEST_MARGIN : margin;
    Duration wait = in.minus(margin);
    if (timer != null && due - loop.now() <= wait.toNanos()) {
      return; // what is planned comes sooner
    }
    failures = 0;
    begin(wait);
  }

  /** There is no connection to renew on, or another one. */
  void stop() {
    turn++;
    tried = false;
    underWay = false;
    credentials.forget();
    cancel();
  }

  private void begin(Duration in) {
    cancel();
    long mine = ++turn;
    long wait = in.toNanos();
    if (tried) {
      wait = Math.max(wait, BETWEEN_TRIES.toNanos() - (loop.now() - triedAt));
    }
    due = loop.now() + wait;
    timer = loop.schedule(wait, () -> guarded(mine, this::fetch));
  }

  private void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void fetch() {
    long mine = turn;
    underWay = true;
    tried = true;
    triedAt = loop.now();
    timer = loop.schedule(patience.toNanos(), () -> guarded(mine, this::tooLate));
    credentials.fetch(
        true,
        token -> guarded(mine, () -> send(token)),
        why -> guarded(mine, () -> again("no token: " + why)));
  }

  private void tooLate() {
    turn++;
    credentials.forget();
    again("no token in time");
  }

  private void send(String token) {
    cancel();
    long mine = turn;
    line.renew(token, heard -> guarded(mine, () -> hear(heard)));
  }

  private void hear(Line.Renewed outcome) {
    underWay = false;
    switch (outcome) {
      case Line.Renewed.Accepted(Duration expiresIn) -> {
        failures = 0;
        if (expiresIn != null) {
          expiring(expiresIn);
        }
      }
      case Line.Renewed.Refused(String why) -> again(Words.brief(why));
      case Line.Renewed.Unknown unknown -> {}
    }
  }

  private void again(String why) {
    cancel();
    underWay = false;
    failures++;
    boolean willRetry = failures <= retries;
    refused.refused(why, willRetry);
    if (willRetry) {
      begin(BETWEEN_TRIES);
    }
  }

  private void guarded(long mine, Runnable body) {
    if (mine == turn) {
      body.run();
    }
  }
}
