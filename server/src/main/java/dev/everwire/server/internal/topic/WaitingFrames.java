package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Position;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Publications that wait until a topic can tell them, in order and bounded in bytes. What finds no
 * room is forgotten together with what waits; only its place is remembered, so that it can be read
 * from history. Event loop only.
 */
final class WaitingFrames {
  static final long MAX_BYTES = 1024 * 1024;

  private final ArrayDeque<TopicFrame> frames = new ArrayDeque<>();
  private long bytes;
  private @Nullable Position forgotten; // what waits is behind it

  /** The caller keeps its reference. */
  void add(TopicFrame frame) {
    if (bytes + frame.bytes() > MAX_BYTES && !frames.isEmpty()) {
      forgetUpTo(frame.after());
      return;
    }
    frame.message().retain();
    frames.add(frame);
    bytes += frame.bytes();
  }

  /** Everything up to here has to be read from history. */
  void forgetUpTo(Position place) {
    clear();
    forgotten = place;
  }

  /** The last place that has to be read from history; null if nothing was forgotten. */
  @Nullable Position forgotten() {
    return forgotten;
  }

  /** What was forgotten has been told, or announced. */
  void recalled() {
    forgotten = null;
  }

  @Nullable TopicFrame next() {
    return frames.peek();
  }

  /** Drops the next one. */
  void removeNext() {
    TopicFrame next = frames.poll();
    if (next != null) {
      bytes -= next.bytes();
      next.message().release();
    }
  }

  void clear() {
    frames.forEach(frame -> frame.message().release());
    frames.clear();
    bytes = 0;
    forgotten = null;
  }
}
