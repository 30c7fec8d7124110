package dev.everwire.session.internal.rpc;

import java.util.ArrayDeque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls that have not begun, in the order they came, and what they weigh. An idle connection has
 * several of these, so one begins as small as can be, and is so again after a burst. Event loop
 * only.
 */
final class WaitingCalls {
  private static final int KEPT = 64; // room for so many stays

  private @Nullable ArrayDeque<InboundCall> calls; // null while there is nothing worth keeping
  private int most; // since it was small
  private long bytes;

  void add(InboundCall call) {
    if (calls == null) {
      calls = new ArrayDeque<>(4);
    }
    calls.add(call);
    bytes += call.bytes();
    most = Math.max(most, calls.size());
  }

  @Nullable InboundCall first() {
    return calls == null ? null : calls.peek();
  }

  InboundCall remove() {
    InboundCall first = first();
    if (first == null || !remove(first)) {
      throw new NoSuchElementException();
    }
    return first;
  }

  /** False if it is not among them. */
  boolean remove(InboundCall call) {
    ArrayDeque<InboundCall> from = calls;
    if (from == null || !from.removeFirstOccurrence(call)) {
      return false;
    }
    bytes -= call.bytes();
    if (from.isEmpty() && most > KEPT) {
      calls = null;
      most = 0;
    }
    return true;
  }

  /** Those among them of a kind. */
  List<InboundCall> which(Predicate<InboundCall> kind) {
    return calls == null ? List.of() : calls.stream().filter(kind).toList();
  }

  int size() {
    return calls == null ? 0 : calls.size();
  }

  /** Of their parameters. */
  long bytes() {
    return bytes;
  }
}
