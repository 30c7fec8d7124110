package dev.everwire.client.sequence;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the numbers of a feed's messages and says what is missing, came twice or came late; for
 * each key, such as a symbol, on its own. Keeps only numbers. One thread at a time.
 *
 * <p>After 7, 8 is {@link Finding.Next}; 11 then is {@link Finding.Gap} 9–10; 9 after that is
 * {@link Finding.Late}, and 9 again a {@link Finding.Duplicate}.
 */
public final class SequenceGuard {
  private static final int USUAL_KEYS = 10_000;
  private static final int MOST_HOLES = 100; // that are remembered for each key

  /** What is to be said of one message. */
  public sealed interface Finding {

    /** The first of its key: nothing can be said. */
    record Begun() implements Finding {}

    /** Follows what was there. */
    record Next() implements Finding {}

    /** Is new, but the numbers before it did not come. */
    record Gap(SequenceRange missing) implements Finding {}

    /** Goes on from this number; what is before that was there, or was reported missing. */
    record Overlap(long newFrom) implements Finding {}

    /** Out of order: fills a gap, or a part of one, that was reported before. */
    record Late() implements Finding {}

    /** Was there before, or is so old that it is not known any more. */
    record Duplicate() implements Finding {}
  }

  private static final Finding BEGUN = new Finding.Begun();
  private static final Finding NEXT = new Finding.Next();
  private static final Finding LATE = new Finding.Late();
  private static final Finding DUPLICATE = new Finding.Duplicate();

  private final int maxKeys;
  private final Map<String, Stream> streams; // least recently seen first

  /** Remembers 10 000 keys. */
  public SequenceGuard() {
    this(USUAL_KEYS);
  }

  /**
   * @param maxKeys how many keys are remembered; of more the one that was silent longest is
   *     forgotten, and begins anew when it is seen again
   */
  public SequenceGuard(int maxKeys) {
    if (maxKeys < 1) {
      throw new IllegalArgumentException("maxKeys: " + maxKeys + " (expected: >= 1)");
    }
    this.maxKeys = maxKeys;
    this.streams = new LinkedHashMap<>(16, 0.75f, true);
  }

  public Finding check(String key, long number) {
    return check(key, SequenceRange.of(number));
  }

  public Finding check(String key, SequenceRange range) {
    Stream stream = streams.get(key);
    if (stream == null) {
      begin(key, range.last());
      return BEGUN;
    }
    return stream.check(range);
  }

  /** The key stands at this number, for instance by a snapshot; what was missing is forgotten. */
  public void begin(String key, long last) {
    streams.put(key, new Stream(last));
    if (streams.size() > maxKeys) {
      Iterator<String> oldest = streams.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  public void forget(String key) {
    streams.remove(key);
  }

  /** Nothing is known of any key, for instance because the feed's connection is a new one. */
  public void forgetAll() {
    streams.clear();
  }

  /** The highest number seen; empty for a key that is not known. */
  public OptionalLong last(String key) {
    Stream stream = streams.get(key);
    return stream == null ? OptionalLong.empty() : OptionalLong.of(stream.last);
  }

  private static final class Stream {
    private long last;
    private final TreeMap<Long, Long> holes = new TreeMap<>(); // first → last, apart from another

    Stream(long last) {
      this.last = last;
    }

    Finding check(SequenceRange range) {
      long before = last;
      boolean fills = !holes.isEmpty() && fill(range);
      if (range.last() <= before) {
        return fills ? LATE : DUPLICATE;
      }
      last = range.last();
      if (range.first() == before + 1) {
        return NEXT;
      }
      if (range.first() <= before) {
        return new Finding.Overlap(before + 1);
      }
      holes.put(before + 1, range.first() - 1);
      forgetOldest();
      return new Finding.Gap(new SequenceRange(before + 1, range.first() - 1));
    }

    private void forgetOldest() {
      while (holes.size() > MOST_HOLES) {
        holes.pollFirstEntry();
      }
    }

    /** Takes the range out of the holes; answers whether any of it lay in one. */
    private boolean fill(SequenceRange range) {
      boolean any = false;
      for (Map.@Nullable Entry<Long, Long> hole = holes.floorEntry(range.last());
          hole != null && hole.getValue() >= range.first();
          hole = holes.lowerEntry(hole.getKey())) {
        any = true;
        holes.remove(hole.getKey());
        if (hole.getKey() < range.first()) {
          holes.put(hole.getKey(), range.first() - 1);
        }
        if (hole.getValue() > range.last()) {
          holes.put(range.last() + 1, hole.getValue());
        }
      }
      forgetOldest();
      return any;
    }
  }
}
