package dev.everwire;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.memory.MemoryBroker;
import dev.everwire.spi.Broker;
import dev.everwire.spi.History;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** One store for several servers of a test, as if each had its connection to it. */
final class SharedBroker implements AutoCloseable {
  private final MemoryBroker store = new MemoryBroker(new Random(1));
  private final List<Broker.Listener> listeners = new CopyOnWriteArrayList<>();

  SharedBroker() {
    store.start((topic, epoch, publication) ->
        listeners.forEach(listener -> listener.published(topic, epoch, publication)));
  }

  /** For one server. */
  Broker node() {
    return new Broker() {
      @Override
      public void start(Listener listener) {
        listeners.add(listener);
      }

      @Override
      public CompletionStage<Position> publish(String topic, RawJson data, Retention retention) {
        return store.publish(topic, data, retention);
      }

      @Override
      public CompletionStage<Position> subscribe(String topic) {
        return store.subscribe(topic);
      }

      @Override
      public void unsubscribe(String topic) {} // another server may listen

      @Override
      public CompletionStage<History> history(String topic, HistoryQuery query) {
        return store.history(topic, query);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {
    store.close();
  }
}
