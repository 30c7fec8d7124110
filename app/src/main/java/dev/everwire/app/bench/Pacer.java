package dev.everwire.app.bench;

import dev.everwire.session.transport.Loop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes the loop of an open loop when a message is due, since the loop's own timers are too coarse
 * for that. It may be some 0.1 ms late, which counts as latency: the clock runs from the due time.
 */
final class Pacer implements AutoCloseable {
  private static final long SHORTEST_NANOS = 50_000;
  private static final long LONGEST_NANOS = 50_000_000;

  private final Loop loop;
  private final Load load;
  private final Thread thread = new Thread(this::run, "everwire-pacer");
  private final Runnable sendDue = this::sendDue;
  private volatile long next = System.nanoTime(); // written on the loop, read by the thread
  private volatile boolean asked; // set by the thread, cleared on the loop
  private volatile boolean stopped; // set by close(), read by the thread

  private Pacer(Loop loop, Load load) {
    this.loop = loop;
    this.load = load;
  }

  static Pacer start(Loop loop, Load load) {
    Pacer pacer = new Pacer(loop, load);
    pacer.thread.setDaemon(true);
    pacer.thread.start();
    return pacer;
  }

  private void run() {
    while (!stopped) {
      long wait = next - System.nanoTime();
      if (wait <= 0 && !asked) {
        asked = true;
        try {
          loop.execute(sendDue);
        } catch (RejectedExecutionException e) {
          return; // the loop is gone, and the benchmark with it
        }
      }
      LockSupport.parkNanos(Math.clamp(wait, SHORTEST_NANOS, LONGEST_NANOS));
    }
  }

  private void sendDue() {
    next = load.sendDue(System.nanoTime());
    asked = false;
  }

  @Override
  public void close() {
    stopped = true;
    LockSupport.unpark(thread);
  }
}
