package dev.everwire.testkit;

import dev.everwire.session.transport.Loop;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What is under way in one direction: comes later, in order. The loop only. */
final class DelayLine {
  private static final long TRY_AGAIN_NANOS = 10_000_000;

  private record Item(long due, int bytes, BooleanSupplier arrive) {}

  private final ArrayDeque<Item> items = new ArrayDeque<>();
  private final Loop loop;
  private long bytes;
  private boolean held;
  private boolean running;
  private Loop.@Nullable Timer timer;

  DelayLine(Loop loop) {
    this.loop = loop;
  }

  /** Payload under way. */
  long bytes() {
    return bytes;
  }

  int size() {
    return items.size();
  }

  /** Nothing arrives while held. */
  void hold(boolean on) {
    held = on;
    if (!on) {
      run();
    }
  }

  /**
   * At once if nothing is in front of it and there is no delay.
   *
   * @param arrive false if there is no room for it yet: it is tried again
   */
  void add(long delayNanos, int length, BooleanSupplier arrive) {
    if (delayNanos <= 0 && items.isEmpty() && !held && arrive.getAsBoolean()) {
      return;
    }
    items.add(new Item(loop.now() + Math.max(0, delayNanos), length, arrive));
    bytes += length;
    if (items.size() == 1) {
      run();
    }
  }

  void clear() {
    items.clear();
    bytes = 0;
    cancel();
  }

  private void run() {
    if (running) {
      return; // what arrives made more arrive
    }
    running = true;
    try {
      cancel();
      for (Item first = items.peek(); first != null && !held; first = items.peek()) {
        long wait = first.due() - loop.now();
        if (wait > 0 || !first.arrive().getAsBoolean()) {
          timer = loop.schedule(wait > 0 ? wait : TRY_AGAIN_NANOS, this::run);
          return;
        }
        if (first.equals(items.peek())) { // its arrival may have cleared the line
          items.remove();
          bytes -= first.bytes();
        }
      }
    } finally {
      running = false;
    }
  }

  private void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
