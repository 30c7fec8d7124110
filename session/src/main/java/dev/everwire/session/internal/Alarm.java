package dev.everwire.session.internal;

import dev.everwire.session.transport.Loop;
import org.jspecify.annotations.Nullable;

/** One timer that can be moved. Event loop only; times are nanoseconds of the loop. */
public final class Alarm {
  private final Loop loop;
  private final Runnable task;
  private Loop.@Nullable Timer timer;
  private long at; // while there is a timer

  public Alarm(Loop loop, Runnable task) {
    this.loop = loop;
    this.task = task;
  }

  /** Rings by then; earlier if it was set for earlier. */
  public void by(long when) {
    if (timer != null && at - when <= 0) {
      return;
    }
    off();
    at = when;
    timer = loop.schedule(Math.max(0, when - loop.now()), this::ring);
  }

  public void off() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void ring() {
    timer = null;
    task.run();
  }
}
