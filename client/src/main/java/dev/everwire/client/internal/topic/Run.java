package dev.everwire.client.internal.topic;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Entry;
import dev.everwire.protocol.wire.HistoryRequest;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Makes one run without a hole out of events as they come: drops what was seen before, holds back
 * what came too early and asks for exactly what lies between. Single-threaded.
 *
 * <p>Standing at 120: 121 goes on; 121 again is dropped; 124 is held and 122–123 are asked for;
 * with them 122, 123, 124 go on. If they cannot be had, a gap 122–123 goes on, then 124.
 */
final class Run {

  /** Takes what comes out. */
  interface Out {
    void piece(Piece piece);

    /** Asks for so many events behind a position. Not answered is allowed. */
    void missing(Position since, int count);
  }

  static final String MISSING = "missing";
  static final String TRIMMED = "trimmed";
  static final String EPOCH = "epoch";

  private static final int MAX_HELD = 1_000;
  private static final long MAX_HELD_BYTES = 1024 * 1024;

  /** Offsets from…to; an event if there is data, else a gap that the server announced. */
  private record Held(long from, long to, @Nullable RawJson data, String reason) {
    long bytes() {
      return data == null ? 0 : data.length();
    }
  }

  private final Out out;
  private Position last;
  // Their ranges grow and begin behind last + 1. What does not fit is not held but asked for later.
  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private long heldBytes;
  private long seen; // the highest offset known to exist, at least last's
  private @Nullable Position asked; // from where we asked and have no answer yet
  private boolean paused = true;

  Run(Position start, Out out) {
    this.last = start;
    this.seen = start.offset();
    this.out = out;
  }

  Position last() {
    return last;
  }

  /** An event came. */
  void event(long offset, RawJson data) {
    take(new Held(offset, offset, data, ""));
  }

  /** The server says that these do not come. */
  void gap(long from, long to, String reason) {
    take(new Held(from, to, null, reason));
  }

  /** The stream is known to reach this offset. */
  void reach(long offset) {
    seen = Math.max(seen, offset);
    askForMissing();
  }

  /** The stream goes on somewhere else; whatever was between is lost. */
  void jump(String reason, Position to) {
    forget();
    seen = to.offset();
    skipTo(to, reason);
  }

  /** Nobody can be asked now. */
  void pause() {
    paused = true;
    forget();
  }

  /** Forgets that there is more than what went out: recovery is going to tell. */
  void rewind() {
    forget();
    seen = last.offset();
  }

  void resume() {
    paused = false;
    askForMissing();
  }

  /** The answer to what was asked for from {@code since}. */
  void filled(Position since, HistoryRequest.Answer answer) {
    if (!since.equals(asked)) {
      return; // things went on without it
    }
    asked = null;
    if (!answer.position().epoch().equals(last.epoch())) {
      jump(EPOCH, answer.position());
      return;
    }
    for (Entry entry : answer.events()) {
      long offset = entry.offset();
      while (offset > last.offset() + 1) {
        Held head = held.peek();
        long end = head == null ? offset - 1 : Math.min(offset, head.from()) - 1;
        skipTo(new Position(last.epoch(), end), TRIMMED);
        drain();
      }
      if (offset > last.offset()) {
        emit(offset, entry.data());
      }
    }
    drain();
    if (last.equals(since)) {
      skipMissing(MISSING); // no progress: asking again would bring no more
    }
    askForMissing();
  }

  /** What was asked for from {@code since} cannot be had. */
  void unfillable(Position since, String reason) {
    if (since.equals(asked)) {
      asked = null;
      if (last.equals(since)) {
        skipMissing(reason);
      }
      askForMissing();
    }
  }

  private void take(Held next) {
    if (next.to() <= last.offset()) {
      return;
    }
    seen = Math.max(seen, next.to());
    if (next.from() <= last.offset() + 1) {
      emit(next);
      drain();
    } else {
      hold(next);
    }
    askForMissing();
  }

  private void hold(Held next) {
    Held tail = held.peekLast();
    if ((tail == null || next.from() > tail.to())
        && held.size() < MAX_HELD
        && heldBytes + next.bytes() <= MAX_HELD_BYTES) {
      held.add(next);
      heldBytes += next.bytes();
    }
  }

  private void drain() {
    for (Held head = held.peek();
        head != null && head.from() <= last.offset() + 1;
        head = held.peek()) {
      held.remove();
      heldBytes -= head.bytes();
      if (head.to() > last.offset()) {
        emit(head);
      }
    }
  }

  private void askForMissing() {
    if (!paused && asked == null && last.offset() < seen) {
      asked = last;
      out.missing(last, (int) Math.min(endOfHole() - last.offset(), Integer.MAX_VALUE));
    }
  }

  private void skipMissing(String reason) {
    skipTo(new Position(last.epoch(), endOfHole()), reason);
    drain();
  }

  /** The last offset that is neither here nor held. */
  private long endOfHole() {
    Held head = held.peek();
    return head == null ? seen : head.from() - 1;
  }

  private void emit(Held next) {
    if (next.data() == null) {
      skipTo(new Position(last.epoch(), next.to()), next.reason());
    } else {
      emit(next.to(), next.data());
    }
  }

  private void emit(long offset, RawJson data) {
    last = new Position(last.epoch(), offset);
    seen = Math.max(seen, offset);
    out.piece(new Piece.Item(last, data));
  }

  private void skipTo(Position to, String reason) {
    if (!to.equals(last)) {
      Position from = last;
      last = to;
      seen = Math.max(seen, to.offset());
      out.piece(new Piece.Gap(reason, from, to));
    }
  }

  private void forget() {
    asked = null;
    held.clear();
    heldBytes = 0;
  }
}
