package dev.everwire.netty.internal.deflate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The deflaters and inflaters of one event loop, lent to its connections for the length of a
 * message (a deflater with context takeover: until the connection gives it back). They live outside
 * the heap, so each is ended by hand: those that nobody borrowed when the pool closes, the others
 * when they come back. On the loop only.
 *
 * <p>A deflater is lent within one call and a message in many pieces is rare, so a handful waiting
 * here serves all connections of the loop. More are made as needed and ended on return.
 */
public final class Deflaters implements AutoCloseable {
  /**
   * At most so many of a kind wait to be borrowed: some 0.3 MiB each for deflaters of one level.
   */
  static final int MAX_IDLE_DEFLATERS = 2;

  static final int MAX_IDLE_INFLATERS = 16;

  private static final int LEVELS = 9;

  private final List<ArrayDeque<Deflater>> deflaters = new ArrayList<>(LEVELS); // by level - 1
  private final ArrayDeque<Inflater> inflaters = new ArrayDeque<>(MAX_IDLE_INFLATERS);
  private final byte[] oneByte = new byte[1];
  private int alive;
  private boolean closed;

  public Deflaters() {
    for (int level = 1; level <= LEVELS; level++) {
      deflaters.add(new ArrayDeque<>(MAX_IDLE_DEFLATERS));
    }
  }

  /** Deflaters and inflaters that are not ended, borrowed or waiting. */
  public int alive() {
    return alive;
  }

  /** Ends those that wait; from now on each that comes back is ended. Idempotent. */
  @Override
  public void close() {
    closed = true;
    for (ArrayDeque<Deflater> ofLevel : deflaters) {
      while (!ofLevel.isEmpty()) {
        end(ofLevel.pop());
      }
    }
    while (!inflaters.isEmpty()) {
      end(inflaters.pop());
    }
  }

  /** For raw deflate data, with nothing behind it. */
  Deflater borrowDeflater(int level) {
    @Nullable Deflater waiting = deflaters.get(level - 1).poll();
    if (waiting != null) {
      return waiting;
    }
    var made = new Deflater(level, true);
    alive++;
    return made;
  }

  void giveBack(Deflater deflater, int level) {
    ArrayDeque<Deflater> ofLevel = deflaters.get(level - 1);
    if (closed || ofLevel.size() == MAX_IDLE_DEFLATERS) {
      end(deflater);
    } else {
      deflater.reset();
      ofLevel.push(deflater);
    }
  }

  /** For raw deflate data, with nothing behind it. */
  Inflater borrowInflater() {
    @Nullable Inflater waiting = inflaters.poll();
    if (waiting != null) {
      return waiting;
    }
    var made = new Inflater(true);
    alive++;
    return made;
  }

  void giveBack(Inflater inflater) {
    if (closed || inflaters.size() == MAX_IDLE_INFLATERS) {
      end(inflater);
    } else {
      inflater.reset();
      inflaters.push(inflater);
    }
  }

  /** Where a byte goes that is only waited for, never read. */
  byte[] oneByte() {
    return oneByte;
  }

  private void end(Deflater deflater) {
    deflater.end();
    alive--;
  }

  private void end(Inflater inflater) {
    inflater.end();
    alive--;
  }
}
