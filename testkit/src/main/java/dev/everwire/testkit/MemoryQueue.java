package dev.everwire.testkit;

import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryPipe.Frame;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What one end has accepted and the pipe had no room for yet. The loop only. */
final class MemoryQueue {
  private final ArrayDeque<Frame> frames = new ArrayDeque<>();
  private final TransportLimits limits;
  private long bytes;
  private int messages;

  MemoryQueue(TransportLimits limits) {
    this.limits = limits;
  }

  long bytes() {
    return bytes;
  }

  int messages() {
    return messages;
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  /** One message is always admitted to an empty queue. */
  boolean admits(int length) {
    return messages == 0
        || (bytes + length <= limits.maxQueuedBytes() && messages < limits.maxQueuedMessages());
  }

  boolean isLong() {
    return bytes > limits.longQueueBytes() || messages > limits.maxQueuedMessages() / 2;
  }

  boolean isShort() {
    return bytes <= limits.longQueueBytes() / 2 && messages <= limits.maxQueuedMessages() / 4;
  }

  void add(Frame frame) {
    frames.add(frame);
    bytes += frame.length();
    messages += frame.message() ? 1 : 0;
  }

  @Nullable Frame peek() {
    return frames.peek();
  }

  void remove() {
    Frame frame = frames.remove();
    bytes -= frame.length();
    messages -= frame.message() ? 1 : 0;
  }

  void clear() {
    frames.clear();
    bytes = 0;
    messages = 0;
  }
}
