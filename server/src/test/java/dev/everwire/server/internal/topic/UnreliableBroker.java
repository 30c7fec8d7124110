package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.spi.Broker;
import dev.everwire.spi.BrokerException;
import dev.everwire.spi.History;
import dev.everwire.spi.Publication;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A broker far away: what it is asked takes effect later, what it tells arrives later still, and
 * some of it never. The data of each publication is its own position, so that a reader can tell.
 */
final class UnreliableBroker implements Broker {
  private static final class Stream {
    String epoch = "";
    long offset;
    boolean subscribed;
    final List<Publication> kept = new ArrayList<>();
  }

  private record Told(String topic, String epoch, Publication publication) {}

  private final int keepLast;
  private final Map<String, Stream> streams = new HashMap<>();
  private final ArrayDeque<Runnable> operations = new ArrayDeque<>();
  private final ArrayDeque<Told> onTheWay = new ArrayDeque<>();
  private @Nullable Listener listener;
  private int epochs;

  UnreliableBroker(int keepLast) {
    this.keepLast = keepLast;
  }

  /** Publishes at once; subscribers are told by {@link #tell}. */
  void publish(String topic) {
    Stream stream = stream(topic);
    String position = stream.epoch + ":" + ++stream.offset;
    Publication publication = new Publication(stream.offset, RawJson.string(position));
    stream.kept.add(publication);
    if (stream.kept.size() > keepLast) {
      stream.kept.removeFirst();
    }
    if (stream.subscribed) {
      onTheWay.add(new Told(topic, stream.epoch, publication));
    }
  }

  /** The topic begins a new life. */
  void forget(String topic) {
    Stream stream = stream(topic);
    stream.epoch = "e" + ++epochs;
    stream.offset = 0;
    stream.kept.clear();
  }

  Position top(String topic) {
    Stream stream = stream(topic);
    return new Position(stream.epoch, stream.offset);
  }

  /** Lets the next operation take effect. */
  void operate() {
    Runnable next = operations.poll();
    if (next != null) {
      next.run();
    }
  }

  /** Lets the next publication arrive, or get lost. */
  void tell(boolean lost) {
    Told next = onTheWay.poll();
    if (next != null && !lost && listener != null) {
      listener.published(next.topic(), next.epoch(), next.publication());
    }
  }

  boolean idle() {
    return operations.isEmpty() && onTheWay.isEmpty();
  }

  private Stream stream(String topic) {
    return streams.computeIfAbsent(
        topic,
        name -> {
          Stream made = new Stream();
          made.epoch = "e" + ++epochs;
          return made;
        });
  }

  @Override
  public void start(Listener newListener) {
    listener = newListener;
  }

  @Override
  public CompletionStage<Position> publish(String topic, RawJson data, Retention retention) {
    return CompletableFuture.failedStage(new BrokerException("not here"));
  }

  @Override
  public CompletionStage<Position> subscribe(String topic) {
    return later(() -> {
      stream(topic).subscribed = true;
      return top(topic);
    });
  }

  @Override
  public void unsubscribe(String topic) {
    operations.add(() -> stream(topic).subscribed = false);
  }

  @Override
  public CompletionStage<History> history(String topic, HistoryQuery query) {
    return later(() -> read(stream(topic), query));
  }

  private History read(Stream stream, HistoryQuery query) {
    Position top = new Position(stream.epoch, stream.offset);
    Position since = query.since();
    long first = stream.offset - stream.kept.size() + 1;
    if (since == null || !since.epoch().equals(stream.epoch) || since.offset() > stream.offset) {
      return new History.Lost(History.Reason.EPOCH, first, top);
    }
    if (since.offset() < first - 1) {
      return new History.Lost(History.Reason.TRIMMED, first, top);
    }
    List<Publication> behind =
        stream.kept.stream()
            .filter(publication -> publication.offset() > since.offset())
            .limit(3)
            .toList();
    return new History.Page(behind, top, since.offset() + behind.size() < stream.offset);
  }

  private <T> CompletionStage<T> later(Supplier<T> operation) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    operations.add(() -> answer.complete(operation.get()));
    return answer;
  }

  @Override
  public void close() {}
}
