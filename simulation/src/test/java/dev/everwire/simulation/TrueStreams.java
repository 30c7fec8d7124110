package dev.everwire.simulation;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.spi.Broker;
import dev.everwire.spi.History;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What was really published, noted on its way into a broker. Survives restarts of the server. */
final class TrueStreams {
  private final Map<String, RawJson> published = new HashMap<>();
  private final Map<String, Position> tops = new HashMap<>();

  @Nullable RawJson at(String topic, Position position) {
    return published.get(topic + " " + position);
  }

  /** The last publication of a topic, in its present epoch. */
  @Nullable Position top(String topic) {
    return tops.get(topic);
  }

  /**
   * A broker that publishes through another and notes what it did. It answers what is asked only
   * later, as one beyond a network would, so that publications come in between.
   */
  Broker noting(Broker broker, Executor later) {
    return new Broker() {
      @Override
      public void start(Listener listener) {
        broker.start(listener);
      }

      @Override
      public CompletionStage<Position> publish(String topic, RawJson data, Retention retention) {
        return broker
            .publish(topic, data, retention)
            .thenApply(position -> {
              if (published.put(topic + " " + position, data) != null) {
                throw new AssertionError("published twice: " + topic + " " + position);
              }
              tops.put(topic, position);
              return position;
            });
      }

      @Override
      public CompletionStage<Position> subscribe(String topic) {
        return later(() -> broker.subscribe(topic));
      }

      @Override
      public void unsubscribe(String topic) {
        broker.unsubscribe(topic);
      }

      @Override
      public CompletionStage<History> history(String topic, HistoryQuery query) {
        return later(() -> broker.history(topic, query));
      }

      private <T> CompletionStage<T> later(Supplier<CompletionStage<T>> question) {
        return CompletableFuture.supplyAsync(question, later).thenCompose(answer -> answer);
      }

      @Override
      public void close() {
        broker.close();
      }
    };
  }
}
