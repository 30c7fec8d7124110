package dev.everwire.server.internal.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The open connections by serial number, 32 to a block, so that each costs little more than a
 * reference. A block goes when all 32 have gone; numbers are never given again. Safe from any
 * thread.
 */
final class Places {
  private static final int BITS = 5;
  private static final int SIZE = 1 << BITS;

  private static final class Block {
    final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(SIZE);
    final AtomicInteger left = new AtomicInteger();
  }

  private final ConcurrentMap<Long, Block> blocks = new ConcurrentHashMap<>();
  private final ConcurrentNavigableMap<Long, Block> inOrder = new ConcurrentSkipListMap<>();
  private final AtomicLong given = new AtomicLong();
  private final AtomicInteger size = new AtomicInteger();

  /**
   * Gives the next number away.
   *
   * @param make must not fail: a block waits until each of its numbers was there and has gone
   */
  Entry enter(LongFunction<Entry> make) {
    long serial = given.incrementAndGet();
    Entry entry = make.apply(serial);
    size.incrementAndGet();
    blocks.computeIfAbsent(block(serial), this::newBlock).entries.set(slot(serial), entry);
    return entry;
  }

  private Block newBlock(Long number) {
    Block block = new Block();
    inOrder.put(number, block);
    return block;
  }

  /** False if it has gone already. */
  boolean leave(long serial, Entry entry) {
    Block block = blocks.get(block(serial));
    if (block == null || !block.entries.compareAndSet(slot(serial), entry, null)) {
      return false;
    }
    size.decrementAndGet();
    if (block.left.incrementAndGet() == SIZE) {
      blocks.remove(block(serial));
      inOrder.remove(block(serial));
    }
    return true;
  }

  @Nullable Entry find(long serial) {
    if (serial < 1) {
      return null;
    }
    Block block = blocks.get(block(serial));
    return block == null ? null : block.entries.get(slot(serial));
  }

  /** Those behind a number, in order. */
  List<Entry> page(long after, int limit) {
    List<Entry> page = new ArrayList<>(Math.min(limit, SIZE));
    for (Block block : inOrder.tailMap(block(Math.max(0, after) + 1)).values()) {
      for (int i = 0; i < SIZE; i++) {
        Entry entry = block.entries.get(i);
        if (entry != null && entry.serial() > after) {
          if (page.size() == limit) {
            return page;
          }
          page.add(entry);
        }
      }
    }
    return page;
  }

  void forEach(Consumer<Entry> action) {
    for (Block block : inOrder.values()) {
      for (int i = 0; i < SIZE; i++) {
        Entry entry = block.entries.get(i);
        if (entry != null) {
          action.accept(entry);
        }
      }
    }
  }

  int size() {
    return size.get();
  }

  /** Blocks that are held. */
  int blocks() {
    return blocks.size();
  }

  private static Long block(long serial) {
    return (serial - 1) >> BITS;
  }

  private static int slot(long serial) {
    return (int) (serial - 1) & (SIZE - 1);
  }
}
