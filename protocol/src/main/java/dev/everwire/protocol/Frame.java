package dev.everwire.protocol;

import java.util.List;

/** What one WebSocket message holds. */
public sealed interface Frame {

  record Single(Message message) implements Frame {}

  /** A JSON-RPC batch; never empty (an empty one is {@link Unreadable}). */
  record Batch(List<Message> messages) implements Frame {
    public Batch {
      messages = List.copyOf(messages);
    }
  }

  /** Not JSON, too deep, an empty or over-long batch: answered once with id null. */
  record Unreadable(Fault fault) implements Frame {}
}
