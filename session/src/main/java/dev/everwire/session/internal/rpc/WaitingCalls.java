package dev.everwire.session.internal.rpc;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls that have not begun, in the order they came, and what they weigh. An idle connection has
 * several of these, so one begins as small as can be, and is so again after a burst. Event loop
 * only.
 */
final class WaitingCalls {
  private static final int KEPT = 64; // room for so many stays

  private ArrayDeque<InboundCall> calls = new ArrayDeque<>(1);
  private int most; // since it was small
  private long bytes;

  void add(InboundCall call) {
    calls.add(call);
    bytes += call.bytes();
    most = Math.max(most, calls.size());
  }

  @Nullable InboundCall first() {
    return calls.peek();
  }

  InboundCall remove() {
    InboundCall first = calls.remove();
    left(first);
    return first;
  }

  /** False if it is not among them. */
  boolean remove(InboundCall call) {
    boolean removed = calls.remove(call);
    if (removed) {
      left(call);
    }
    return removed;
  }

  /** Takes all out. */
  void drain(Consumer<InboundCall> each) {
    while (!calls.isEmpty()) {
      each.accept(remove());
    }
  }

  int size() {
    return calls.size();
  }

  /** Of their parameters. */
  long bytes() {
    return bytes;
  }

  private void left(InboundCall call) {
    bytes -= call.bytes();
    if (calls.isEmpty() && most > KEPT) {
      calls = new ArrayDeque<>(1);
      most = 0;
    }
  }
}
