package dev.everwire.client.internal.topic;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Entry;
import dev.everwire.protocol.wire.HistoryRequest;
import dev.everwire.protocol.wire.Subscribed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One topic as a client follows it: subscribed once however many read it, remembered while there is
 * no connection, and taken up behind the last event after it. Decides and touches nothing: it is
 * told what happens and asks through {@link Wire}. Single-threaded.
 */
public final class TopicFeed {

  /** Sends what the feed wants. Answers come back later, or never when the connection is lost. */
  public interface Wire {
    /** Answered by {@link TopicFeed#subscribed} or {@link TopicFeed#refused}. */
    void subscribe(TopicFeed feed, @Nullable Position since);

    void history(TopicFeed feed, Position since, int limit, Fill fill);

    void unsubscribe(TopicFeed feed);

    /** Call {@link TopicFeed#retry} after a while, longer with each failure in a row. */
    void retryLater(TopicFeed feed, int failures, Fault fault);
  }

  /** Takes the answer to {@link Wire#history}. */
  public interface Fill {
    void filled(HistoryRequest.Answer answer);

    void failed(Fault fault);
  }

  private enum Phase {
    /** No connection. */
    DOWN,
    /** Subscribe was sent. What comes before its answer belongs to a former subscription. */
    ASKING,
    /** The server had no time for us; tried again soon. */
    RESTING,
    LIVE
  }

  /** A reader, and a run of its own while it catches up from an earlier position. */
  private static final class Attached {
    final Reader reader;
    @Nullable Position wanted; // where to begin, until the feed has a position
    @Nullable Run own;
    boolean confirmed;

    Attached(Reader reader, @Nullable Position wanted) {
      this.reader = reader;
      this.wanted = wanted;
    }

    void confirm() {
      if (!confirmed) {
        confirmed = true;
        reader.confirmed();
      }
    }

    void pause() {
      if (own != null) {
        own.pause();
      }
    }

    void resume() {
      if (own != null) {
        own.resume();
      }
    }
  }

  private final String topic;
  private final Wire wire;
  private final List<Attached> readers = new ArrayList<>(1);
  private Phase phase = Phase.DOWN;
  private @Nullable Run run; // null until a position is known
  private @Nullable Position former; // where it was when its stream went
  private int failures;

  public TopicFeed(String topic, Wire wire) {
    this.topic = topic;
    this.wire = wire;
  }

  public String topic() {
    return topic;
  }

  /**
   * The stream it knows is gone: the server says where another one begins. While there is no
   * connection.
   */
  public void startAnew() {
    if (run != null) {
      former = run.last();
      run = null;
      readers.forEach(attached -> attached.own = null);
    }
  }

  /** Whether it is in this epoch, as far as it knows. */
  public boolean in(String epoch) {
    return run != null && run.last().epoch().equals(epoch);
  }

  /** Whether it is subscribed, and in this epoch. */
  public boolean liveIn(String epoch) {
    return phase == Phase.LIVE && in(epoch);
  }

  public boolean unread() {
    return readers.isEmpty();
  }

  /**
   * @param since where to begin; null for where the feed stands, or with what is published next if
   *     this is the first reader
   */
  public void attach(Reader reader, @Nullable Position since) {
    boolean first = readers.isEmpty();
    Attached attached = new Attached(reader, since);
    readers.add(attached);
    if (run != null) {
      begin(attached, run.last());
    } else if (first && since != null) {
      run = new Run(since, new Main());
      begin(attached, since);
    }
    if (phase == Phase.LIVE) {
      attached.confirm();
    }
  }

  public void detach(Reader reader) {
    boolean was = readers.removeIf(attached -> attached.reader.equals(reader));
    if (was && readers.isEmpty()) {
      boolean asked = phase == Phase.ASKING || phase == Phase.LIVE;
      phase = Phase.DOWN; // a page or a rest that is still to come asks for no more
      if (asked) {
        wire.unsubscribe(this);
      }
    }
  }

  /** There is a connection. Answers whether that made it subscribe. */
  public boolean online() {
    if (phase != Phase.DOWN) {
      return false;
    }
    failures = 0;
    ask();
    return true;
  }

  /** The connection is gone; answers to what was asked do not come any more. */
  public void offline() {
    phase = Phase.DOWN;
    if (run != null) {
      run.pause();
      run.rewind();
    }
    readers.forEach(Attached::pause);
  }

  /** The rest after {@link Wire#retryLater} is over. */
  public void retry() {
    if (phase == Phase.RESTING) {
      ask();
    }
  }

  /** The answer to subscribe. */
  public void subscribed(Subscribed answer) {
    if (phase != Phase.ASKING) {
      return;
    }
    Run known = run;
    boolean complete = true;
    if (known == null) {
      Position begins = beginning(answer);
      Run begun = start(begins);
      if (former != null) {
        deliver(new Piece.Gap(Run.EPOCH, former, begins));
        former = null;
      }
      complete = answer.events().isEmpty() || recover(begun, answer);
    } else {
      complete = recover(known, answer);
    }
    // Also with a first page of several: nothing published from here on is missed untold.
    readers.forEach(Attached::confirm);
    if (!complete) {
      return;
    }
    failures = 0;
    phase = Phase.LIVE;
    if (run != null) {
      run.resume();
    }
    readers.forEach(Attached::resume);
  }

  /** Subscribe was refused, or not answered in time. */
  public void refused(Fault fault) {
    if (phase != Phase.ASKING) {
      return;
    }
    if (passing(fault)) {
      rest(fault);
    } else {
      phase = Phase.DOWN;
      end(new Ending.Refused(fault));
    }
  }

  /** The server has ended the subscription. */
  public void unsubscribed(Fault fault) {
    if (phase != Phase.LIVE) {
      return; // about a former one; what was asked meanwhile is answered by itself
    }
    offline();
    if (passing(fault)) {
      rest(fault);
    } else {
      end(new Ending.Refused(fault));
    }
  }

  public void event(long offset, RawJson data) {
    if (phase == Phase.LIVE && run != null) {
      run.event(offset, data);
    }
  }

  public void gap(long from, long to, String reason) {
    if (phase == Phase.LIVE && run != null) {
      run.gap(from, to, reason);
    }
  }

  /** The stream began anew under a live subscription; what was left of its former life is lost. */
  public void newLife(Position position, String reason) {
    if (phase == Phase.LIVE && run != null) {
      run.jump(reason, position);
    }
  }

  /** Nothing follows, for any reader. */
  public void end(Ending ending) {
    readers.forEach(attached -> attached.reader.end(ending));
    readers.clear();
  }

  // ---- subscribing

  private void ask() {
    phase = Phase.ASKING;
    wire.subscribe(this, run == null ? null : run.last());
  }

  private void rest(Fault fault) {
    phase = Phase.RESTING;
    failures++;
    wire.retryLater(this, failures, fault);
  }

  private Run start(Position position) {
    Run begun = new Run(position, new Main());
    run = begun;
    readers.forEach(attached -> begin(attached, position));
    return begun;
  }

  /** With what is published next, unless the server gives events unasked, as of the inbox. */
  private static Position beginning(Subscribed answer) {
    Position top = answer.position();
    return answer.events().isEmpty()
        ? top
        : new Position(top.epoch(), answer.events().getFirst().offset() - 1);
  }

  /** Answers whether the subscription is live now. */
  private boolean recover(Run run, Subscribed answer) {
    Position top = answer.position();
    if (answer.recovery() == Subscribed.Recovery.IMPOSSIBLE) {
      run.jump(answer.reason() == null ? Run.MISSING : answer.reason(), top);
      return true;
    }
    if (!top.epoch().equals(run.last().epoch())) {
      run.jump(Run.EPOCH, top);
      return true;
    }
    Position before = run.last();
    for (Entry entry : answer.events()) {
      run.event(entry.offset(), entry.data());
    }
    if (answer.more()) {
      if (run.last().equals(before)) {
        rest(Fault.of(FaultCode.INTERNAL, "a page without progress"));
      } else {
        ask();
      }
      return false;
    }
    run.reach(top.offset());
    return true;
  }

  /** What another try may bring. */
  private static boolean passing(Fault fault) {
    return switch (fault.code()) {
      case FaultCode.DEADLINE_PASSED,
          FaultCode.OVERLOADED,
          FaultCode.RATE_LIMITED,
          FaultCode.DRAINING ->
          !saysNotToRetry(fault.data());
      default -> false;
    };
  }

  private static boolean saysNotToRetry(@Nullable RawJson data) {
    try {
      return data != null
          && data.kind() == RawJson.Kind.OBJECT
          && !data.members().bool("retryable", true);
    } catch (JsonException e) {
      return false;
    }
  }

  // ---- readers

  private void begin(Attached attached, Position present) {
    Position wanted = attached.wanted;
    attached.wanted = null;
    if (wanted == null || wanted.equals(present)) {
      attached.reader.begin(present);
      return;
    }
    attached.reader.begin(wanted);
    if (!wanted.epoch().equals(present.epoch())) {
      attached.reader.piece(new Piece.Gap(Run.EPOCH, wanted, present));
      return;
    }
    Run own = new Run(wanted, new CatchUp(attached));
    attached.own = own;
    own.reach(present.offset());
    if (phase == Phase.LIVE) {
      own.resume();
    }
  }

  private void deliver(Piece piece) {
    for (Attached attached : readers) {
      Run own = attached.own;
      if (own == null) {
        attached.reader.piece(piece);
      } else {
        advance(own, piece);
        dropWhenCaughtUp(attached, own, piece.position());
      }
    }
  }

  private static void advance(Run own, Piece piece) {
    switch (piece) {
      case Piece.Item(Position position, RawJson data) -> own.event(position.offset(), data);
      case Piece.Gap(String reason, Position from, Position to) -> {
        if (to.epoch().equals(own.last().epoch())) {
          own.gap(from.offset() + 1, to.offset(), reason);
        } else {
          own.jump(reason, to);
        }
      }
    }
  }

  private static void dropWhenCaughtUp(Attached attached, Run own, Position present) {
    if (own.last().equals(present)) {
      attached.own = null;
    }
  }

  /** What comes out of the feed's run goes to everybody. */
  private final class Main implements Run.Out {
    @Override
    public void piece(Piece piece) {
      deliver(piece);
    }

    @Override
    public void missing(Position since, int count) {
      ask(run, since, count);
    }
  }

  /** What comes out of a reader's own run goes to this reader. */
  private final class CatchUp implements Run.Out {
    private final Attached attached;

    CatchUp(Attached attached) {
      this.attached = attached;
    }

    @Override
    public void piece(Piece piece) {
      attached.reader.piece(piece);
    }

    @Override
    public void missing(Position since, int count) {
      ask(attached.own, since, count);
    }
  }

  private void ask(@Nullable Run asking, Position since, int count) {
    if (asking != null) {
      wire.history(this, since, count, new Filling(asking, since));
    }
  }

  private record Filling(Run run, Position since) implements Fill {
    @Override
    public void filled(HistoryRequest.Answer answer) {
      run.filled(since, answer);
    }

    @Override
    public void failed(Fault fault) {
      run.unfillable(since, fault.code() == FaultCode.POSITION_LOST ? Run.TRIMMED : Run.MISSING);
    }
  }
}
