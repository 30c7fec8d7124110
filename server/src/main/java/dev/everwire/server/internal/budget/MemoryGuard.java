package dev.everwire.server.internal.budget;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.wire.Goaway;
import dev.everwire.protocol.wire.Names;
import dev.everwire.server.internal.LoopSurvey;
import dev.everwire.server.internal.budget.Shedding.Holding;
import dev.everwire.server.internal.budget.Shedding.Victim;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.server.internal.registry.SessionIdentity;
import dev.everwire.server.limit.MemoryLimits;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Counts at intervals what the connections of a node hold, each on its loop, and has those closed
 * that {@link Shedding} names. Costs connections nothing in between. Safe from any thread.
 */
public final class MemoryGuard {
  private static final Logger LOG = System.getLogger(MemoryGuard.class.getName());

  private final MemoryLimits limits;
  private final Registry registry;
  private final Shedding shedding;
  private final List<LongSupplier> others = new CopyOnWriteArrayList<>();
  private final LongAdder shed = new LongAdder();
  private final LongAdder evicted = new LongAdder();
  private volatile boolean full; // written on one loop, read where connections come in

  public MemoryGuard(MemoryLimits limits, Registry registry) {
    this.limits = limits;
    this.registry = registry;
    this.shedding = new Shedding(limits);
  }

  /** Something else that counts. Asked on an event loop, so it must not block. */
  public void held(LongSupplier bytes) {
    others.add(bytes);
  }

  /** Begins to look, unless there are no limits. Ends with the loop. */
  public void start(Loop home) {
    if (!limits.unlimited()) {
      again(home);
    }
  }

  /** Whether nobody else comes in for now. */
  public boolean full() {
    return full;
  }

  /** Connections that were closed for what they held. */
  public long shed() {
    return shed.sum();
  }

  /** Connections that were closed because it was their turn. */
  public long evicted() {
    return evicted.sum();
  }

  private void again(Loop home) {
    try {
      home.schedule(limits.lookEvery().toNanos(), () -> look(home));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "memory is counted no more, the loop has ended");
    }
  }

  private void look(Loop home) {
    Map<Loop, List<Entry>> byLoop = new HashMap<>();
    registry.forEach(
        entry -> byLoop.computeIfAbsent(entry.loop(), loop -> new ArrayList<>()).add(entry));
    List<List<Holding>> found = new ArrayList<>();
    Map<Loop, Runnable> questions = new HashMap<>();
    byLoop.forEach((loop, entries) -> {
      List<Holding> mine = new ArrayList<>(entries.size());
      found.add(mine);
      questions.put(loop, () -> entries.forEach(entry -> mine.add(holding(entry))));
    });
    LoopSurvey.ask(
        questions,
        home,
        () -> {
          judge(found.stream().flatMap(List::stream).toList());
          again(home);
        });
  }

  /** On its loop. */
  private static Holding holding(Entry entry) {
    Connection connection = entry.connection();
    SessionIdentity identity = entry.identityOrNull();
    long queued = connection == null ? entry.queuedBytes() : connection.unsentBytes();
    long besides =
        (identity == null ? 0 : identity.bytes())
            + (connection == null ? 0 : connection.heldBytes());
    long idle = entry.loop().now() - entry.lastReceivedAt();
    return new Holding(entry.serial(), queued, besides, idle);
  }

  private void judge(List<Holding> holdings) {
    long beside = others.stream().mapToLong(LongSupplier::getAsLong).sum();
    Shedding.Verdict verdict = shedding.judge(holdings, beside);
    full = shedding.refusesNew(verdict.left());
    for (Victim victim : verdict.victims()) {
      Entry entry = registry.connection(registry.idOf(victim.holding().serial()));
      if (entry != null) {
        onLoop(entry, () -> end(entry, victim));
      }
    }
  }

  private static void onLoop(Entry entry, Runnable task) {
    try {
      entry.loop().execute(task);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "closed already connection=" + entry.connectionId());
    }
  }

  /** On its loop. */
  private void end(Entry entry, Victim victim) {
    if (!entry.open()) {
      return;
    }
    LOG.log(
        Level.WARNING,
        "closed for memory why="
            + victim.why()
            + " connection="
            + entry.connectionId()
            + " session="
            + entry.sessionId()
            + " user="
            + entry.user().orElse("-")
            + " queuedBytes="
            + victim.holding().queued());
    if (victim.why() == Shedding.Why.EVICTED) {
      evicted.increment();
      sayGoaway(entry);
      entry.close(CloseCode.OVERLOADED.value(), "evicted");
    } else {
      shed.increment();
      entry.close(CloseCode.SLOW_CONSUMER.value(), "holds too much memory");
    }
  }

  private void sayGoaway(Entry entry) {
    Connection connection = entry.connection();
    if (connection != null && connection.established()) {
      Goaway goaway =
          new Goaway("evicted", Duration.ZERO, Duration.ZERO, null, limits.retryAfter());
      var unused = connection.put(new Message.Notification(Names.GOAWAY, goaway.write()));
    }
  }
}
