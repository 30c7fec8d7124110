package dev.everwire.client;

import dev.everwire.client.link.ClientSettings;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.TopicName;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.HistoryRequest;
import dev.everwire.protocol.wire.Names;
import dev.everwire.protocol.wire.Publish;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Peer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The topic methods of {@link Client}, as calls. Safe from any thread. */
final class TopicCalls {
  private static final int INBOX_EVENTS = 10_000;
  private static final long INBOX_BYTES = 1L << 30;

  private final Peer peer;
  private final Home home;
  private final ClientOptions options;
  private final CallOptions usual;

  TopicCalls(Peer peer, Home home, ClientOptions options) {
    this.peer = peer;
    this.home = home;
    this.options = options;
    this.usual = CallOptions.within(options.terms().settings().requestTimeout());
  }

  <T> Subscription<T> subscribe(String topic, Class<T> type, @Nullable Position since) {
    SubscriptionOptions how = SubscriptionOptions.DEFAULT;
    return subscribe(topic, type, since == null ? how : how.since(since));
  }

  <T> Subscription<T> subscribe(String topic, Class<T> type, SubscriptionOptions how) {
    Place place = place(topic, how, left -> {});
    Subscription<T> subscription = place.subscription(type, options.values(), home);
    place.goTo(home);
    return subscription;
  }

  /** What the server has for this session alone; what was read counts as dealt with. */
  <T> Subscription<T> inbox(Class<T> type) {
    Position read = home.conversation().inboxRead();
    // Room for all that a server keeps unacknowledged: nothing of it may give way.
    SubscriptionOptions how =
        SubscriptionOptions.DEFAULT.bufferEvents(INBOX_EVENTS).bufferBytes(INBOX_BYTES);
    Place place = named(Names.INBOX, read == null ? how : how.since(read), left -> {});
    Subscription<T> subscription =
        place
            .subscription(type, options.values(), home)
            .telling(position -> {
              var unused = home.execute(() -> home.conversation().inboxDone(position));
            });
    place.goTo(home);
    return subscription;
  }

  /** For a subscription that begins when it is told where to go. */
  Place place(String topic, SubscriptionOptions how, Consumer<Place> left) {
    return named(new TopicName(topic).value(), how, left);
  }

  private Place named(String name, SubscriptionOptions how, Consumer<Place> left) {
    ClientSettings settings = options.terms().settings();
    SubscriptionOptions usual =
        SubscriptionOptions.DEFAULT
            .bufferEvents(settings.subscriptionEvents())
            .bufferBytes(settings.subscriptionBytes())
            .confirmWithin(settings.confirmWithin());
    return new Place(
        name, how.over(usual), options.terms().workers(), options.terms().observer(), left);
  }

  ValueCodec values() {
    return options.values();
  }

  Home home() {
    return home;
  }

  Position publish(String topic, @Nullable Object data) {
    Object answer = peer.call(Names.PUBLISH, publication(topic, data), RawJson.class, usual);
    return published(answer);
  }

  CompletableFuture<Position> publishAsync(String topic, @Nullable Object data) {
    CompletableFuture<@Nullable Object> call =
        peer.callAsync(Names.PUBLISH, publication(topic, data), RawJson.class, usual);
    CompletableFuture<Position> position = call.thenApply(TopicCalls::published);
    var unused =
        position.whenComplete((value, failure) -> {
          if (position.isCancelled()) {
            call.cancel(true);
          }
        });
    return position;
  }

  <T> List<Event.Item<T>> history(
      String topic, @Nullable Position since, int limit, Class<T> type) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: >= 1)");
    }
    String name = new TopicName(topic).value();
    RawJson params = new HistoryRequest(name, since, limit).write();
    Object json = peer.call(Names.HISTORY, params, RawJson.class, usual.idempotent());
    HistoryRequest.Answer answer = read(Names.HISTORY, json, HistoryRequest.Answer::read);
    String epoch = answer.position().epoch();
    return answer.events().stream()
        .map(entry ->
            Subscription.item(
                name, new Position(epoch, entry.offset()), entry.data(), type, options.values()))
        .toList();
  }

  private RawJson publication(String topic, @Nullable Object data) {
    RawJson json = data instanceof RawJson raw ? raw : options.values().encode(data);
    return new Publish(new TopicName(topic).value(), json).write();
  }

  private static Position published(@Nullable Object answer) {
    return read(Names.PUBLISH, answer, Publish.Published::read).position();
  }

  private static <T> T read(String method, @Nullable Object answer, Function<RawJson, T> read) {
    try {
      return read.apply(answer instanceof RawJson json ? json : RawJson.NULL);
    } catch (JsonException e) {
      throw new FaultException(
          FaultCode.INTERNAL, method + ": answer not understood: " + e.getMessage());
    }
  }
}
