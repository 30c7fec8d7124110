package dev.everwire.session.internal.stream;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.RawJson;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where the items of one stream wait for their reader: the loop fills it and never waits, a thread
 * takes and waits. Bounded by its {@link Window}, which a peer that sends more than it was granted
 * breaks; the stream is over then. So it is when more than 64 MiB wait, unless that is one item: a
 * peer whose items are of like sizes and within its frame limit never gets there. Safe from any
 * thread.
 */
public final class Inflow {

  /** Hears from whoever reads, on the reader's thread. */
  public interface Reader {
    /** So many more items may come. */
    void grants(int n);

    /** It has begun to wait for the peer for longer than a moment, or has stopped. */
    void waits(boolean on);
  }

  /** Items granted ahead, unless somebody says otherwise. */
  public static final int WINDOW = 64;

  private static final long BYTES = 1024 * 1024;

  /**
   * What was granted before sizes were known always finds room, whatever the default frame limits
   * (10 MiB to a server, 16 MiB to a client) let through.
   */
  static final long MOST_BYTES = Window.FIRST * 16L * 1024 * 1024;

  private static final long MOMENT = 2_000_000; // nanoseconds

  private final Reader reader;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // guarded by lock
  private final Window window;
  private final ArrayDeque<RawJson> items = new ArrayDeque<>();
  private @Nullable Ending ending;

  /**
   * @param items granted ahead at most
   */
  public Inflow(int items, Reader reader) {
    this.reader = reader;
    window = new Window(items, BYTES, MOST_BYTES);
  }

  /**
   * Grants the first items; once, before any come.
   *
   * @return how many
   */
  public int first() {
    lock.lock();
    try {
      return window.first();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Items came from the peer.
   *
   * @return null if all is well; else why the stream has just ended, to tell the peer
   */
  public @Nullable Fault receive(long seq, List<RawJson> more) {
    long length = 0;
    for (RawJson item : more) {
      length += item.length();
    }
    lock.lock();
    try {
      if (ending != null) {
        return null; // they crossed the end on their way
      }
      Fault fault =
          switch (window.receive(seq, more.size(), length)) {
            case FINE -> null;
            case OUT_OF_ORDER -> broken("items out of order");
            case NOT_GRANTED -> broken("more items than were granted");
            case TOO_LARGE -> Fault.of(FaultCode.TOO_LARGE, "stream: items too large to wait here");
          };
      if (fault == null) {
        items.addAll(more);
      } else {
        ending = new Ending.Failed(fault);
      }
      changed.signalAll();
      return fault;
    } finally {
      lock.unlock();
    }
  }

  /** Items that came all at once, as a plain peer sends them; nothing is granted for them. */
  public void receiveAll(List<RawJson> all) {
    lock.lock();
    try {
      if (ending == null) {
        items.addAll(all);
        ending = new Ending.Complete();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private static Fault broken(String what) {
    return Fault.of(FaultCode.INVALID_REQUEST, "stream: " + what);
  }

  /** No more come; what waits can still be taken. The first ending counts. */
  public void end(Ending why) {
    lock.lock();
    try {
      if (ending == null) {
        ending = why;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The reader wants no more: what waits is thrown away. False if all had come before. */
  public boolean discard() {
    lock.lock();
    try {
      boolean open = ending == null;
      ending = new Ending.Closed();
      items.clear();
      changed.signalAll();
      return open;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next item. Null when none comes any more: see {@link #ending}. */
  public @Nullable RawJson take() throws InterruptedException {
    if (!awaitBriefly()) {
      reader.waits(true);
      try {
        awaitItems();
      } finally {
        reader.waits(false);
      }
    }
    return remove();
  }

  /** Whether there is something to take now, or the end. */
  private boolean awaitBriefly() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = MOMENT;
      while (items.isEmpty() && ending == null && left > 0) {
        left = changed.awaitNanos(left);
      }
      return !items.isEmpty() || ending != null;
    } finally {
      lock.unlock();
    }
  }

  private void awaitItems() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (items.isEmpty() && ending == null) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable RawJson remove() {
    RawJson item;
    int grant = 0;
    lock.lock();
    try {
      item = items.poll();
      if (item != null && ending == null) {
        grant = window.use(item.length());
      }
    } finally {
      lock.unlock();
    }
    if (grant > 0) {
      reader.grants(grant);
    }
    return item;
  }

  /** Null while items may come. */
  public @Nullable Ending ending() {
    lock.lock();
    try {
      return ending;
    } finally {
      lock.unlock();
    }
  }

  /** Items that wait. */
  public int size() {
    lock.lock();
    try {
      return items.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether an item has come from the peer, taken or not. */
  public boolean begun() {
    lock.lock();
    try {
      return window.begun();
    } finally {
      lock.unlock();
    }
  }
}
