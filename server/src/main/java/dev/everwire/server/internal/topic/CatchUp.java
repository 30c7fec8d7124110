package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.wire.Gap;
import dev.everwire.spi.History;
import dev.everwire.spi.Publication;
import org.jspecify.annotations.Nullable;

/**
 * Brings a live subscription that fell behind to where its topic is, from history, as far as its
 * connection has room; only what history no longer has is announced as a gap. Keeps nothing but a
 * position. Event loop only.
 *
 * <p>With the subscriber at 120, the topic at 150 and history back to 131: {@code $/gap 121-130},
 * then the events 131 to 150, then live.
 */
final class CatchUp {
  private final Subscription subscription;
  private Position stands;
  private boolean reading;

  /**
   * @param stands what the subscriber was sent up to here, and nothing behind
   */
  CatchUp(Subscription subscription, Position stands) {
    this.subscription = subscription;
    this.stands = stands;
  }

  /** There is room: reads the next page unless one is being read. */
  void goOn() {
    if (!reading && subscription.waitsFor(this) && reachesLife()) {
      goOn(false);
    }
  }

  private void goOn(boolean alone) {
    Position at = topic().at();
    if (stands.offset() >= at.offset()) {
      subscription.caughtUp(stands.equals(at) ? null : stands);
    } else {
      reading = true;
      topic().read(stands, alone, this::read);
    }
  }

  /** Moves to the life of the stream that the topic is in; false if there is no room to say so. */
  private boolean reachesLife() {
    String epoch = topic().at().epoch();
    return stands.epoch().equals(epoch)
        || tellGap(new Gap(topic().name(), 0, 0, "epoch", epoch), new Position(epoch, 0));
  }

  private void read(@Nullable History history, boolean fresh) {
    reading = false;
    if (subscription.ended()) {
      return;
    }
    Position before = stands;
    if (!tell(history) || !reachesLife()) {
      return; // no room: it will be said when there is
    }
    Position at = topic().at();
    if (!stands.equals(before) || stands.offset() >= at.offset()) {
      topic().later(this::goOn); // others have their turn between two pages
    } else if (!fresh) {
      goOn(true);
    } else if (tellGap(
        new Gap(topic().name(), stands.offset() + 1, at.offset(), "unavailable"), at)) {
      subscription.caughtUp(null);
    }
  }

  /** False if there was no room for all of it. */
  private boolean tell(@Nullable History history) {
    return switch (history) {
      case History.Page page when page.top().epoch().equals(stands.epoch()) -> tell(page);
      case History.Lost(History.Reason reason, long first, Position top)
          when reason == History.Reason.TRIMMED
              && top.epoch().equals(stands.epoch())
              && first > stands.offset() + 1 ->
          tellGap(
              new Gap(topic().name(), stands.offset() + 1, first - 1, "trimmed"),
              new Position(stands.epoch(), first - 1));
      case null, default -> true;
    };
  }

  private boolean tell(History.Page page) {
    for (Publication publication : page.publications()) {
      if (publication.offset() == stands.offset() + 1) {
        Position next = new Position(stands.epoch(), publication.offset());
        if (!tellAndRelease(TopicFrame.event(topic().name(), next, publication.data()))) {
          return false;
        }
        stands = next;
      }
    }
    return true;
  }

  private boolean tellGap(Gap gap, Position then) {
    boolean told = tellAndRelease(TopicFrame.gap(gap, then));
    if (told) {
      stands = then;
    }
    return told;
  }

  private boolean tellAndRelease(TopicFrame frame) {
    boolean told = subscription.offer(frame);
    frame.message().release();
    return told;
  }

  private LoopTopic topic() {
    return subscription.topic();
  }
}
