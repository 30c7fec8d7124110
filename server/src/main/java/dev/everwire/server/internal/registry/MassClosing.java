package dev.everwire.server.internal.registry;

import dev.everwire.protocol.CloseCode;
import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Begins to close many, at most 100 in one pass of a loop, and nobody waits. */
final class MassClosing {
  private static final Logger LOG = System.getLogger(MassClosing.class.getName());
  private static final int AT_ONCE = 100;

  private final Registry registry;
  private final CloseCode code;
  private final String reason;
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger loopsLeft;
  private final CompletableFuture<Integer> done = new CompletableFuture<>();

  private MassClosing(Registry registry, CloseCode code, String reason, int loops) {
    this.registry = registry;
    this.code = code;
    this.reason = reason;
    this.loopsLeft = new AtomicInteger(loops + 1);
  }

  /**
   * @return how many, those left out that closed already; completes on a worker
   */
  static CompletableFuture<Integer> begin(
      Registry registry, Selection selection, CloseCode code, String reason) {
    MassClosing closing = new MassClosing(registry, code, reason, selection.byLoop().size());
    for (Map.Entry<Loop, List<Entry>> group : selection.byLoop().entrySet()) {
      closing.next(group.getKey(), group.getValue());
    }
    closing.loopDone();
    return closing.done;
  }

  private void next(Loop loop, List<Entry> entries) {
    try {
      loop.execute(() -> close(loop, entries));
    } catch (RejectedExecutionException e) { // the loop has ended, and they with it
      loopDone();
    }
  }

  /** On their loop. */
  private void close(Loop loop, List<Entry> entries) {
    int now = Math.min(AT_ONCE, entries.size());
    for (Entry entry : entries.subList(0, now)) {
      try {
        if (entry.open()) {
          entry.close(code.value(), reason);
          closed.incrementAndGet();
        }
      } catch (RuntimeException e) { // this one only
        LOG.log(Level.ERROR, "not closed connection=" + entry.connectionId(), e);
      }
    }
    if (now < entries.size()) {
      next(loop, entries.subList(now, entries.size()));
    } else {
      loopDone();
    }
  }

  private void loopDone() {
    if (loopsLeft.decrementAndGet() == 0) {
      registry.onWorker(() -> done.complete(closed.get()));
    }
  }
}
