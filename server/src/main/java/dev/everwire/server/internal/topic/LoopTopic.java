package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.Priority;
import dev.everwire.protocol.wire.Gap;
import dev.everwire.protocol.wire.Subscribed;
import dev.everwire.spi.History;
import dev.everwire.spi.Publication;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One topic on one loop: the subscribers, and how far they have been told. Every publication is
 * told to all of them in order. One that does not follow the last shows a hole: then what is
 * missing is read from history, meanwhile publications wait, and only what history no longer has is
 * announced as a gap. Event loop only.
 */
final class LoopTopic {
  /** What a topic needs done. */
  interface Host {
    /** Reads the topic's history; answers later or at once, exactly once, on the loop. */
    void read(LoopTopic topic, Position since, boolean alone, ReadAnswer answer);

    /** Has something done on the loop, after what waits there. */
    void later(Runnable task);

    /** Ends a subscription; it calls {@link LoopTopic#remove}. */
    void end(Subscription subscription, Fault fault);
  }

  /** Takes what a read brought. */
  interface ReadAnswer {
    /**
     * @param history null if it could not be read
     * @param fresh whether the read began after it was asked for
     */
    void answer(@Nullable History history, boolean fresh);
  }

  private enum State {
    /** Not yet known where the stream is; publications wait. */
    JOINING,
    LIVE,
    /** A hole is being filled; publications wait. */
    MENDING,
    CLOSED
  }

  private static final Position FORMER_LIFE = new Position("-", 0);

  private final String name;
  private final Priority priority;
  private final Host host;
  private final List<Subscription> subscribers = new ArrayList<>();
  private final List<Subscription> leaving = new ArrayList<>(); // ended while all were being told
  private final WaitingFrames waiting = new WaitingFrames();
  private State state = State.JOINING;
  private Position at = new Position("-", 0); // told up to here; means nothing while joining
  private boolean telling;
  private boolean goingOn;

  LoopTopic(String name, Priority priority, Host host) {
    this.name = name;
    this.priority = priority;
    this.host = host;
  }

  String name() {
    return name;
  }

  /** Of all its messages. */
  Priority priority() {
    return priority;
  }

  /** Where those stand who were told everything. */
  Position at() {
    return at;
  }

  /** Where a subscriber stood before it was told this. */
  Position before(TopicFrame told) {
    Gap gap = told.gap();
    if (gap == null) {
      return new Position(told.after().epoch(), told.after().offset() - 1);
    }
    return gap.epoch() == null ? new Position(told.after().epoch(), gap.from() - 1) : FORMER_LIFE;
  }

  /** Reads history behind a subscriber's position, for itself. */
  void read(Position since, boolean alone, ReadAnswer answer) {
    host.read(this, since, alone, answer);
  }

  void later(Runnable task) {
    host.later(task);
  }

  boolean joining() {
    return state == State.JOINING;
  }

  boolean closed() {
    return state == State.CLOSED;
  }

  boolean empty() {
    return subscribers.size() == leaving.size();
  }

  int size() {
    return subscribers.size() - leaving.size();
  }

  // ---- subscribers

  /** Takes a subscriber; it begins now or, while joining, as soon as the position is known. */
  void add(Subscription subscription) {
    subscription.place = subscribers.size();
    subscribers.add(subscription);
    if (!joining()) {
      begin(subscription);
    }
  }

  void remove(Subscription subscription) {
    if (telling) {
      leaving.add(subscription);
      return;
    }
    Subscription last = subscribers.removeLast();
    if (last != subscription) {
      subscribers.set(subscription.place, last);
      last.place = subscription.place;
    }
  }

  /** Where the stream is has become known. */
  void joined(Position top) {
    at = top;
    state = State.LIVE;
    for (Subscription subscription : List.copyOf(subscribers)) {
      if (!subscription.ended()) {
        begin(subscription);
      }
    }
    if (state == State.LIVE) {
      goOn();
    }
  }

  /** The topic cannot be had now: everybody is refused. */
  void fail(Fault fault) {
    for (Subscription subscription : List.copyOf(subscribers)) {
      host.end(subscription, fault);
    }
  }

  /** Forgets everything. */
  void close() {
    state = State.CLOSED;
    waiting.clear();
  }

  private void begin(Subscription subscription) {
    Position since = subscription.since();
    if (InboxTopics.FIRST.equals(since)) {
      since = new Position(at.epoch(), 0);
    }
    if (since == null) {
      subscription.goLive(whole(Subscribed.Recovery.NOT_ASKED));
    } else if (since.equals(at)) {
      subscription.goLive(whole(Subscribed.Recovery.COMPLETE));
    } else {
      recover(subscription, subscription.recover(since, at), false);
    }
  }

  private Subscribed whole(Subscribed.Recovery recovery) {
    return new Subscribed(name, at, recovery, List.of(), false, null, 0);
  }

  private void recover(Subscription subscription, Recovery recovery, boolean alone) {
    host.read(
        this,
        recovery.since(),
        alone,
        (history, fresh) -> {
          if (!subscription.ended()) {
            recovered(subscription, recovery, history, fresh);
          }
        });
  }

  private void recovered(
      Subscription subscription, Recovery recovery, @Nullable History history, boolean fresh) {
    if (history == null) {
      host.end(subscription, TopicFaults.unavailable());
      return;
    }
    switch (recovery.prove(history, fresh, at)) {
      case Recovery.Outcome.ReadAgain() -> recover(subscription, recovery, true);
      case Recovery.Outcome.Page(Subscribed answer) -> {
        subscription.answer(answer);
        host.end(subscription, TopicFaults.unavailable());
      }
      case Recovery.Outcome.Live(Subscribed answer, List<TopicFrame> replay) ->
          subscription.goLive(recovery, answer, replay);
    }
  }

  // ---- publications

  /** The next publication that reached this loop. The caller keeps its reference. */
  void published(TopicFrame frame) {
    switch (state) {
      case LIVE -> {
        if (!accept(frame)) {
          waiting.add(frame);
          goOn();
        }
      }
      case JOINING, MENDING -> waiting.add(frame);
      case CLOSED -> {}
    }
  }

  /** Publications up to here did not reach this loop. */
  void missed(Position upTo) {
    if (state == State.CLOSED) {
      return;
    }
    waiting.forgetUpTo(upTo);
    if (state == State.LIVE) {
      goOn();
    }
  }

  /** False if there is a hole before it. */
  private boolean accept(TopicFrame frame) {
    Position after = frame.after();
    if (!after.epoch().equals(at.epoch())) {
      beginNewLife(after.epoch());
    }
    if (after.offset() > at.offset() + 1) {
      return false;
    }
    if (after.offset() == at.offset() + 1) {
      at = after;
      tell(frame);
    }
    return true;
  }

  private void beginNewLife(String epoch) {
    at = new Position(epoch, 0);
    tellAndRelease(TopicFrame.gap(new Gap(name, 0, 0, "epoch", epoch), at));
  }

  private void tell(TopicFrame frame) {
    telling = true;
    for (int i = subscribers.size() - 1; i >= 0; i--) {
      subscribers.get(i).tell(frame);
    }
    telling = false;
    if (!leaving.isEmpty()) {
      leaving.forEach(this::remove);
      leaving.clear();
    }
  }

  private void tellAndRelease(TopicFrame frame) {
    tell(frame);
    frame.message().release();
  }

  // ---- holes

  /** Tells what waits, up to a hole that cannot be filled at once. */
  private void goOn() {
    state = State.LIVE;
    if (!goingOn) { // else a read answered at once, and the loop below goes on
      goingOn = true;
      while (state == State.LIVE && tellNext()) {}
      goingOn = false;
    }
  }

  /** False if nothing waits. */
  private boolean tellNext() {
    Position forgotten = waiting.forgotten();
    if (forgotten != null) {
      if (!forgotten.epoch().equals(at.epoch())) {
        beginNewLife(forgotten.epoch());
      }
      if (forgotten.offset() > at.offset()) {
        mend(false);
      } else {
        waiting.recalled();
      }
      return true;
    }
    TopicFrame next = waiting.next();
    if (next == null) {
      return false;
    }
    if (!accept(next)) {
      mend(false);
    } else if (state == State.LIVE) { // else closed while it was told
      waiting.removeNext();
    }
    return true;
  }

  private void mend(boolean alone) {
    if (state != State.CLOSED) {
      state = State.MENDING;
      host.read(this, at, alone, this::mended);
    }
  }

  private void mended(@Nullable History history, boolean fresh) {
    if (state != State.MENDING) {
      return;
    }
    Position before = at;
    if (history instanceof History.Page page) {
      fill(page);
    }
    Position hole = endOfHole();
    if (state != State.MENDING) {
      return;
    }
    boolean filled = !hole.epoch().equals(at.epoch()) || hole.offset() <= at.offset();
    if (filled || !before.equals(at)) { // or one page of several
      goOn();
    } else if (!fresh) {
      mend(true);
    } else {
      Gap gap = new Gap(name, at.offset() + 1, hole.offset(), reason(history));
      at = hole;
      tellAndRelease(TopicFrame.gap(gap, at));
      if (state == State.MENDING) {
        goOn();
      }
    }
  }

  private void fill(History.Page page) {
    if (!page.top().epoch().equals(at.epoch())) {
      return;
    }
    for (Publication publication : page.publications()) {
      if (state == State.MENDING && publication.offset() == at.offset() + 1) {
        at = new Position(at.epoch(), publication.offset());
        tellAndRelease(TopicFrame.event(name, at, publication.data()));
      }
    }
  }

  private Position endOfHole() {
    Position forgotten = waiting.forgotten();
    if (forgotten != null) {
      return forgotten;
    }
    TopicFrame next = waiting.next();
    return next == null
        ? at
        : new Position(next.after().epoch(), Math.max(0, next.after().offset() - 1));
  }

  private static String reason(@Nullable History history) {
    return history instanceof History.Lost ? "trimmed" : "unavailable";
  }
}
