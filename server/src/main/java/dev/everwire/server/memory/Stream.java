package dev.everwire.server.memory;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.spi.Broker.HistoryQuery;
import dev.everwire.spi.History;
import dev.everwire.spi.Publication;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One life of a topic's stream. Everything is guarded by the broker's lock. */
final class Stream {
  final String topic;
  final String epoch;
  final Ring history = new Ring();
  boolean subscribed;

  private final ArrayDeque<Publication> undelivered = new ArrayDeque<>();
  private long undeliveredBytes;
  private boolean delivering; // by one thread, the one that saw it false
  private long offset;

  Stream(String topic, String epoch) {
    this.topic = topic;
    this.epoch = epoch;
  }

  Position top() {
    return new Position(epoch, offset);
  }

  /** Whether nobody would notice right now if it was dropped. */
  boolean idle() {
    return !subscribed && !delivering;
  }

  long undeliveredBytes() {
    return undeliveredBytes;
  }

  void append(RawJson data, int keepLast) {
    Publication publication = new Publication(++offset, data);
    if (subscribed) {
      undelivered.add(publication);
      undeliveredBytes += data.length();
    }
    if (keepLast > 0) {
      history.add(publication);
    }
    while (history.size() > keepLast) {
      history.removeOldest();
    }
  }

  /** True for the one caller who is to tell the listener until {@link #nextUndelivered} is null. */
  boolean beginDelivery() {
    boolean mine = !delivering && !undelivered.isEmpty();
    delivering |= mine;
    return mine;
  }

  @Nullable Publication nextUndelivered() {
    Publication next = undelivered.poll();
    if (next == null) {
      delivering = false;
    } else {
      undeliveredBytes -= next.data().length();
    }
    return next;
  }

  History read(HistoryQuery query) {
    long first = offset - history.size() + 1;
    Position since = query.since();
    int from = 0;
    if (since != null) {
      if (!since.epoch().equals(epoch) || since.offset() > offset) {
        return new History.Lost(History.Reason.EPOCH, first, top());
      }
      if (since.offset() < first - 1) {
        return new History.Lost(History.Reason.TRIMMED, first, top());
      }
      from = (int) (since.offset() - (first - 1));
    }
    List<Publication> run = new ArrayList<>();
    long bytes = 0;
    int at = from;
    while (at < history.size() && run.size() < query.limit()) {
      Publication next = history.get(at);
      bytes += next.data().length();
      if (bytes > query.maxBytes() && !run.isEmpty()) {
        break;
      }
      run.add(next);
      at++;
    }
    return new History.Page(run, top(), at < history.size());
  }
}
