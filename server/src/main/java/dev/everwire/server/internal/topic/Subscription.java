package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.wire.Gap;
import dev.everwire.protocol.wire.Subscribed;
import dev.everwire.session.internal.delivery.Wish;
import dev.everwire.session.transport.Encoded;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber of one topic: waits for the topic, perhaps recovers, then is live. Where its
 * connection has no room it falls behind: nothing is kept for it but its place, and once there is
 * room it catches up from history. Event loop only.
 */
final class Subscription implements Wish {

  /** Takes the answer to the subscribing call; exactly one of the two, once. */
  interface Answer {
    void subscribed(Subscribed subscribed);

    void refused(Fault fault);
  }

  private final Object owner;
  private final Subscriber out;
  private final LoopTopic topic;
  private final @Nullable Position since;
  private @Nullable Answer answer; // null once given
  private @Nullable Recovery recovery; // while the history is read
  private @Nullable Position ahead; // where history brought it, until the loop tells news
  private @Nullable CatchUp behind; // null while it keeps up
  private boolean live;
  private boolean ended;

  /** Where it stands in the topic's list; the topic's own. */
  int place;

  /**
   * @param owner the connection, by identity
   */
  Subscription(
      Object owner, Subscriber out, LoopTopic topic, @Nullable Position since, Answer answer) {
    this.owner = owner;
    this.out = out;
    this.topic = topic;
    this.since = since;
    this.answer = answer;
  }

  Object owner() {
    return owner;
  }

  LoopTopic topic() {
    return topic;
  }

  @Nullable Position since() {
    return since;
  }

  /** Whether whoever subscribed knows what came of it. */
  boolean answered() {
    return answer == null;
  }

  boolean ended() {
    return ended;
  }

  /** Buffers from now on; the loop stands at {@code start}. */
  Recovery recover(Position from, Position start) {
    recovery = new Recovery(topic.name(), from, start);
    return recovery;
  }

  /** Answers; every later frame is sent. */
  void goLive(Subscribed subscribed) {
    live = true;
    answer(subscribed);
  }

  /** Answers, sends what was buffered, and goes on from there. */
  void goLive(Recovery proved, Subscribed subscribed, List<TopicFrame> replay) {
    recovery = null;
    ahead = subscribed.position();
    goLive(subscribed);
    replay.forEach(this::tell);
    proved.discard();
  }

  /** The topic tells all its subscribers something. */
  void tell(TopicFrame frame) {
    if (recovery != null) {
      recovery.buffer(frame);
    } else if (live && behind == null) {
      if (ahead == null) {
        send(frame);
      } else if (!frame.knownAt(ahead)) {
        Position stands = ahead;
        ahead = null;
        tellFirst(frame, stands);
      }
    }
  }

  /** The first that is news may be a gap of which the subscriber had the beginning. */
  private void tellFirst(TopicFrame frame, Position stands) {
    Gap gap = frame.gap();
    if (gap == null
        || gap.from() > stands.offset()
        || !frame.after().epoch().equals(stands.epoch())) {
      send(frame);
      return;
    }
    Gap rest = new Gap(gap.topic(), stands.offset() + 1, gap.to(), gap.reason(), gap.epoch());
    TopicFrame own = TopicFrame.gap(rest, frame.after());
    send(own);
    own.message().release();
  }

  private void send(TopicFrame frame) {
    if (!offer(frame)) {
      behind = new CatchUp(this, topic.before(frame));
    }
  }

  /** False if there is no room for it. */
  boolean offer(TopicFrame frame) {
    Encoded message = frame.in(out.form());
    return message == null || out.offer(message, topic.priority(), this) != Offer.FULL;
  }

  /** Whether what waits for the peer may still be sent: until another answer was given. */
  @Override
  public boolean stands() {
    return !ended;
  }

  /** Whether there was no room for an event, so that it has to catch up. */
  boolean behind() {
    return behind != null;
  }

  /** Whether it is this that brings it back. */
  boolean waitsFor(CatchUp bringing) {
    return behind == bringing;
  }

  /** There is room again. */
  void relieved() {
    if (behind != null) {
      behind.goOn();
    }
  }

  /** It has caught up with its topic, or is even ahead of it. */
  void caughtUp(@Nullable Position beyond) {
    behind = null;
    ahead = beyond;
  }

  void answer(Subscribed subscribed) {
    if (answer != null) {
      Answer waiting = answer;
      answer = null;
      waiting.subscribed(subscribed);
    }
  }

  /** Nothing is sent any more; whoever still waits for the answer gets this. */
  void end(Fault fault) {
    live = false;
    ended = true;
    behind = null;
    if (recovery != null) {
      recovery.discard();
      recovery = null;
    }
    if (answer != null) {
      Answer waiting = answer;
      answer = null;
      waiting.refused(fault);
    }
  }
}
