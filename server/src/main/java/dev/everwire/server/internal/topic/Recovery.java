package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.wire.Entry;
import dev.everwire.protocol.wire.Subscribed;
import dev.everwire.spi.History;
import dev.everwire.spi.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Brings one subscriber from the position it named to the live stream with no hole between: buffer,
 * merge, prove. Decides and touches nothing; not thread-safe.
 *
 * <p>While the history is read, what the loop tells its subscribers is kept here. Then both are
 * laid side by side. With {@code since} 120 and the loop at 122 when the read began:
 *
 * <pre>
 *   history    121 122 123          its top is 123
 *   buffered           123 124      123 is dropped, 124 follows the answer
 *   answer     121 122 123, position 123, recovered
 * </pre>
 *
 * The proof: the run from history has no hole and begins right behind {@code since}; it reaches at
 * least to where the loop was when buffering began; and the loop leaves no hole unannounced in what
 * it tells. A read that began earlier, for somebody else, may fall short of the loop; then one is
 * made that cannot.
 */
final class Recovery {
  static final int MAX_FRAMES = 1_000;
  static final long MAX_BYTES = 256 * 1024;

  /** What to do next. */
  sealed interface Outcome {

    /** The read began too early to prove anything: read once more, alone. */
    record ReadAgain() implements Outcome {}

    /** The answer is one page of several; the subscriber is not live. */
    record Page(Subscribed answer) implements Outcome {}

    /**
     * The subscriber is live once it had the answer.
     *
     * @param replay to be sent right behind the answer; what is not among them is to be released
     */
    record Live(Subscribed answer, List<TopicFrame> replay) implements Outcome {}
  }

  private final String topic;
  private final Position since;
  private final Position start;
  private final List<TopicFrame> buffer = new ArrayList<>();
  private long bufferedBytes;
  private boolean overflowed;

  /**
   * @param since where the subscriber says it stands
   * @param start where the loop is; everything it tells from now on is buffered
   */
  Recovery(String topic, Position since, Position start) {
    this.topic = topic;
    this.since = since;
    this.start = start;
  }

  Position since() {
    return since;
  }

  /** The loop tells its subscribers something. */
  void buffer(TopicFrame frame) {
    bufferedBytes += frame.bytes();
    if (overflowed || bufferedBytes > MAX_BYTES || buffer.size() == MAX_FRAMES) {
      overflowed = true;
      discard();
      return;
    }
    frame.message().retain();
    buffer.add(frame);
  }

  /** Releases what is buffered. */
  void discard() {
    buffer.forEach(frame -> frame.message().release());
    buffer.clear();
  }

  /**
   * The history was read.
   *
   * @param fresh whether the read began after buffering
   * @param now where the loop is
   */
  Outcome prove(History history, boolean fresh, Position now) {
    return switch (history) {
      case History.Page page -> prove(page, fresh, now);
      case History.Lost(History.Reason reason, long first, Position top) ->
          fresh || reaches(top)
              ? impossible(reason.name().toLowerCase(Locale.ROOT), first, top, now)
              : new Outcome.ReadAgain();
    };
  }

  private Outcome prove(History.Page page, boolean fresh, Position now) {
    Position top = page.top();
    long first = since.offset() + 1;
    if (!top.epoch().equals(since.epoch()) || !contiguous(page.publications())) {
      return impossible("limit", first, top, now); // the broker broke its promise
    }
    Position end = new Position(top.epoch(), since.offset() + page.publications().size());
    if (page.more() && !page.publications().isEmpty()) {
      return new Outcome.Page(answer(end, entries(page), true));
    }
    if (!reaches(top) && !fresh) {
      return new Outcome.ReadAgain();
    }
    if (!top.epoch().equals(start.epoch())) {
      // One of them is behind the other, by a life. Only the loop can tell when they meet.
      return impossible("epoch", first, top, now);
    }
    if (!reaches(top) || !end.equals(top) || (overflowed && !behind(now, top))) {
      return impossible("limit", first, top, now);
    }
    List<TopicFrame> replay = buffer.stream().filter(frame -> !frame.knownAt(top)).toList();
    return new Outcome.Live(answer(top, entries(page), false), replay);
  }

  /** Whether nothing can lie between what was read and what is buffered. */
  private boolean reaches(Position top) {
    return behind(start, top);
  }

  private static boolean behind(Position place, Position top) {
    return place.epoch().equals(top.epoch()) && place.offset() <= top.offset();
  }

  private boolean contiguous(List<Publication> run) {
    long expected = since.offset() + 1;
    for (Publication publication : run) {
      if (publication.offset() != expected) {
        return false;
      }
      expected++;
    }
    return true;
  }

  private Subscribed answer(Position position, List<Entry> events, boolean more) {
    return new Subscribed(topic, position, Subscribed.Recovery.COMPLETE, events, more, null, 0);
  }

  /** Live from the top, which is the loop's: of another life it knows when it is told. */
  private Outcome impossible(String reason, long first, Position top, Position now) {
    Position position = behind(now, top) ? top : now;
    return new Outcome.Live(
        new Subscribed(
            topic, position, Subscribed.Recovery.IMPOSSIBLE, List.of(), false, reason, first),
        List.of());
  }

  private static List<Entry> entries(History.Page page) {
    return page.publications().stream()
        .map(publication -> new Entry(publication.offset(), publication.data()))
        .toList();
  }
}
