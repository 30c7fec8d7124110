package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Position;
import dev.everwire.spi.Broker;
import dev.everwire.spi.Broker.HistoryQuery;
import dev.everwire.spi.BrokerException;
import dev.everwire.spi.History;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * Reads histories for the whole node. Whoever asks for what is just being read gets that answer:
 * when a thousand subscribers come back with one position, the broker is asked once. Safe from any
 * thread.
 */
final class HistoryReads {
  static final int PAGE_EVENTS = 256;
  static final long PAGE_BYTES = 256 * 1024;

  /**
   * @param fresh whether the read began after it was asked for; false if it was shared
   */
  record Read(CompletionStage<History> answer, boolean fresh) {}

  private record Key(String topic, Position since) {}

  private final Broker broker;
  private final ConcurrentMap<Key, CompletableFuture<History>> running = new ConcurrentHashMap<>();

  HistoryReads(Broker broker) {
    this.broker = broker;
  }

  /** A page behind the position, shared with others who ask in the same moment. */
  Read shared(String topic, Position since) {
    Key key = new Key(topic, since);
    CompletableFuture<History> mine = new CompletableFuture<>();
    CompletableFuture<History> other = running.putIfAbsent(key, mine);
    if (other != null) {
      return new Read(other, false);
    }
    var unused =
        mine.orTimeout(BrokerWait.ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((history, failure) -> running.remove(key, mine));
    alone(topic, new HistoryQuery(since, PAGE_EVENTS, PAGE_BYTES))
        .whenComplete((history, failure) -> {
          running.remove(key, mine); // first: nobody is to share what is known already
          if (failure == null) {
            mine.complete(history);
          } else {
            mine.completeExceptionally(failure);
          }
        });
    return new Read(mine, true);
  }

  /** A read of one's own. */
  CompletionStage<History> alone(String topic, HistoryQuery query) {
    try {
      return broker.history(topic, query);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(new BrokerException("history failed", e));
    }
  }

  int running() {
    return running.size();
  }
}
