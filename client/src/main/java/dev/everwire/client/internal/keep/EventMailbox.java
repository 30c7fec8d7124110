package dev.everwire.client.internal.keep;

import dev.everwire.client.link.ClientEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the user every event, one at a time and in order, away from the loop. {@link
 * ClientEvent.Message}s and {@link ClientEvent.Alert}s are bounded; the others are not, because
 * none may be dropped: a slow listener costs a few small objects for each dial meanwhile. Nothing
 * is told after the terminal status. Safe from any thread.
 */
public final class EventMailbox {
  private static final Logger LOG = System.getLogger(EventMailbox.class.getName());

  private final Consumer<ClientEvent> listener;
  private final Executor workers;
  private final int maxMessages;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<ClientEvent> waiting = new ArrayDeque<>(); // guarded by lock
  private int messages; // guarded by lock: that wait
  private long missed; // guarded by lock: since the last one that was admitted
  private long missedEpoch; // guarded by lock
  private boolean sealed; // guarded by lock: the terminal status was put in
  private boolean draining; // guarded by lock
  private volatile @Nullable Thread teller; // written by the one that drains, read by anybody

  EventMailbox(Consumer<ClientEvent> listener, Executor workers, int maxMessages) {
    this.listener = listener;
    this.workers = workers;
    this.maxMessages = maxMessages;
  }

  void tell(ClientEvent event) {
    lock.lock();
    try {
      if (!admit(event) || draining) {
        return;
      }
      draining = true;
    } finally {
      lock.unlock();
    }
    try {
      workers.execute(this::drain);
    } catch (RuntimeException e) { // the user's executor is closed: the last word must be heard
      Thread.ofVirtual().name("everwire-events").start(this::drain);
    }
  }

  /** Done when the listener was told the terminal status. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Whether the caller is the listener, being told. */
  public boolean telling() {
    return Thread.currentThread().equals(teller);
  }

  private boolean admit(ClientEvent event) {
    if (sealed) {
      return false;
    }
    if (bounded(event)) {
      if (messages >= maxMessages) {
        if (missed == 0) {
          LOG.log(Level.WARNING, "messages are dropped, their listener is too slow");
        }
        missed++;
        missedEpoch = event.epoch();
        return false;
      }
      messages++;
    }
    tellMissed();
    waiting.add(event);
    sealed = terminal(event);
    return true;
  }

  /** What was missed came after all that waits, and before what is put in next. */
  private void tellMissed() {
    if (missed > 0) {
      waiting.add(new ClientEvent.Missed(missedEpoch, missed));
      missed = 0;
    }
  }

  private static boolean bounded(@Nullable ClientEvent event) {
    return event instanceof ClientEvent.Message || event instanceof ClientEvent.Alert;
  }

  private static boolean terminal(ClientEvent event) {
    return event instanceof ClientEvent.StatusChanged(long epoch, var status) && status.terminal();
  }

  private void drain() {
    teller = Thread.currentThread();
    for (ClientEvent next = take(); next != null; next = take()) {
      try {
        listener.accept(next);
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "event listener failed event=" + next.getClass().getSimpleName(), e);
      }
      if (terminal(next)) {
        ended.complete(null);
      }
    }
  }

  private @Nullable ClientEvent take() {
    lock.lock();
    try {
      if (messages < maxMessages) {
        tellMissed(); // nothing may follow for long
      }
      ClientEvent next = waiting.poll();
      if (bounded(next)) {
        messages--;
      } else if (next == null) {
        draining = false;
        teller = null;
      }
      return next;
    } finally {
      lock.unlock();
    }
  }
}
