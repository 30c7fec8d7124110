package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.spi.Broker;
import dev.everwire.spi.History;
import dev.everwire.spi.Publication;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A broker that answers when the test says so and notes what it was asked. */
final class ScriptedBroker implements Broker {
  final List<String> asked = new ArrayList<>();
  final ArrayDeque<CompletableFuture<Position>> subscribes = new ArrayDeque<>();
  final ArrayDeque<CompletableFuture<History>> reads = new ArrayDeque<>();
  final ArrayDeque<CompletableFuture<Position>> publishes = new ArrayDeque<>();
  private @Nullable Listener listener;

  void tell(String topic, String epoch, long offset) {
    if (listener == null) {
      throw new AssertionError("not started");
    }
    listener.published(topic, epoch, new Publication(offset, RawJson.number(offset)));
  }

  @Override
  public void start(Listener newListener) {
    listener = newListener;
  }

  @Override
  public CompletionStage<Position> publish(String topic, RawJson data, Retention retention) {
    return asked("publish " + topic + " keep " + retention.keepLast(), publishes);
  }

  @Override
  public CompletionStage<Position> subscribe(String topic) {
    return asked("subscribe " + topic, subscribes);
  }

  @Override
  public void unsubscribe(String topic) {
    asked.add("unsubscribe " + topic);
  }

  @Override
  public CompletionStage<History> history(String topic, HistoryQuery query) {
    return asked("history " + topic + " " + query.since(), reads);
  }

  private <T> CompletionStage<T> asked(String what, ArrayDeque<CompletableFuture<T>> waiting) {
    asked.add(what);
    CompletableFuture<T> answer = new CompletableFuture<>();
    waiting.add(answer);
    return answer;
  }

  @Override
  public void close() {}
}
