package dev.everwire.it.docs;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.ClientPool;
import dev.everwire.client.Event;
import dev.everwire.client.Subscription;
import dev.everwire.client.SubscriptionOptions;
import dev.everwire.client.foreign.ForeignClient;
import dev.everwire.client.foreign.ForeignEvent;
import dev.everwire.client.foreign.ForeignSubscription;
import dev.everwire.client.foreign.Sending;
import dev.everwire.client.foreign.handler.BinaryCoding;
import dev.everwire.client.foreign.handler.GenericJsonHandler;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ClientSettings;
import dev.everwire.client.link.PoolStrategy;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.client.link.TokenSupplier;
import dev.everwire.client.link.WhenFull;
import dev.everwire.client.link.WhileAway;
import dev.everwire.client.sequence.SequenceGuard;
import dev.everwire.client.sequence.SequenceRange;
import dev.everwire.client.sequence.Snapshot;
import dev.everwire.client.sequence.SyncOptions;
import dev.everwire.client.sequence.SyncedFeed;
import dev.everwire.session.CallOptions;
import dev.everwire.session.flow.CircuitBreaker;
import dev.everwire.session.flow.RateLimiters;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What docs/client.md shows. */
final class ClientExamples {
  record Quote(String symbol, double price) {}

  record Order(String id) {}

  record Notice(String event, Map<String, Object> payload) {}

  record Trade(String symbol, long id, double price) {}

  record Depth(Map<Double, Double> bids, Map<Double, Double> asks) {}

  record DepthUpdate(long firstId, long lastId, Map<Double, Double> bids) {}

  private ClientExamples() {}

  // docs:settings
  static Client patient(URI first, URI second, TokenSupplier tokens, Consumer<ClientEvent> log) {
    return Everwire.client(first)
        .endpoint(second) // when the first does not answer
        .settings(
            ClientSettings.builder()
                .reconnect(
                    ReconnectPolicy.exponential(Duration.ofMillis(500), Duration.ofSeconds(30)))
                .requestTimeout(Duration.ofSeconds(10))
                .build())
        .tokens(tokens) // asked before every dial
        .breaker(CircuitBreaker.create())
        .onEvent(log)
        .connect(); // or start(), which does not wait
  }

  // docs:end

  // docs:events
  static String told(ClientEvent event) {
    return switch (event) {
      case ClientEvent.StatusChanged(long epoch, Status status) -> "now " + status;
      case ClientEvent.Connected(long epoch, URI endpoint) -> epoch + " opened to " + endpoint;
      case ClientEvent.Disconnected(long epoch, int code, String reason) ->
          epoch + " ended " + code;
      case ClientEvent.AuthenticationFailed(long epoch, String why, boolean willRetry) -> why;
      case ClientEvent.Moving(long epoch, String reason, Duration in) -> "moving in " + in;
      case ClientEvent.SubscriptionFailed(long epoch, String topic, String why) ->
          topic + ": " + why;
      case ClientEvent.Message(long epoch, String kind, String topic, String text) -> text;
      case ClientEvent.Alert(long epoch, String severity, String message, var data) ->
          severity + ": " + message;
      case ClientEvent.Missed(long epoch, long count) -> count + " messages not heard";
    };
  }

  // docs:end

  // docs:away
  static Client briefly(URI server, Consumer<Boolean> slowDown) {
    return Everwire.client(server)
        .whileAway(
            WhileAway.queue(500, 256 * 1024, Duration.ofSeconds(10)).whenFull(WhenFull.DROP_OLDEST))
        .onPressure(slowDown)
        .start();
  }

  static @Nullable Object find(Client client, String id) {
    CallOptions careful = CallOptions.within(Duration.ofSeconds(10)).idempotent();
    return client.call("orders.find", List.of(id), Order.class, careful);
  }

  // docs:end

  // docs:limiter
  static Client slow(URI server) {
    return Everwire.client(server)
        .rateLimiters(new RateLimiters(System::nanoTime).add("orders", 10, 5)) // then 5 a second
        .connect();
  }

  static @Nullable Object place(Client client, Order order) {
    return client.call(
        "orders.place", List.of(order.id()), Order.class, CallOptions.DEFAULT.limitedBy("orders"));
  }

  // docs:end

  // docs:subscription
  static void watch(Client client, Consumer<Quote> show, Consumer<String> reload) throws Exception {
    SubscriptionOptions options =
        SubscriptionOptions.DEFAULT.bufferEvents(1_000).latestPerKey("/symbol");
    try (Subscription<Quote> quotes = client.subscribe("quotes/fx", Quote.class, options)) {
      quotes.confirmed().get(); // or do not ask and just read
      for (Event<Quote> event : quotes) {
        switch (event) {
          case Event.Item<Quote>(Quote quote, var position) -> show.accept(quote);
          case Event.Gap<Quote> gap -> reload.accept(gap.reason());
        }
      }
    }
  }

  // docs:end

  // docs:inbox
  static void read(Client client, Consumer<Notice> handle) {
    try (Subscription<Notice> inbox = client.inbox(Notice.class)) { // what is meant for us alone
      for (Event<Notice> event : inbox) {
        if (event instanceof Event.Item<Notice> item) {
          handle.accept(item.value());
        }
      }
    }
  }

  // docs:end

  // docs:guard
  static String check(SequenceGuard guard, Trade trade) {
    return switch (guard.check(trade.symbol(), trade.id())) {
      case SequenceGuard.Finding.Begun() -> "the first";
      case SequenceGuard.Finding.Next() -> "the next";
      case SequenceGuard.Finding.Gap(SequenceRange missing) -> "lost before it: " + missing;
      case SequenceGuard.Finding.Overlap(long newFrom) -> "new from " + newFrom;
      case SequenceGuard.Finding.Late() -> "late";
      case SequenceGuard.Finding.Duplicate() -> "was there before";
    };
  }

  // docs:end

  // docs:synced
  static SyncedFeed<Depth, DepthUpdate> book(
      Supplier<CompletableFuture<Snapshot<Depth>>> fetch,
      SyncedFeed.Book<Depth, DepthUpdate> book,
      Executor executor) {
    var feed =
        new SyncedFeed<>(SyncOptions.DEFAULT, fetch, book, executor, RandomGenerator.getDefault());
    feed.restart(); // now, and whenever the feed's connection is a new one
    return feed;
  }

  static void take(SyncedFeed<Depth, DepthUpdate> feed, DepthUpdate update) {
    feed.update(SequenceRange.of(update.firstId(), update.lastId()), update);
  }

  // docs:end

  // docs:pool
  static ClientPool pool(URI server) {
    return ClientPool.builder(member -> Everwire.client(server))
        .size(4)
        .strategy(PoolStrategy.BY_TOPIC_HASH)
        .connect();
  }

  // docs:end

  // docs:foreign
  static ForeignClient exchange(URI feed) {
    GenericJsonHandler handler =
        GenericJsonHandler.builder()
            .requestIdField("id")
            .operationField("method")
            .topicField("stream")
            .argsField("params")
            .subscribeOps("SUBSCRIBE", "UNSUBSCRIBE")
            .numericIds()
            .binary(BinaryCoding.GZIP)
            .limiter(Sending.SUBSCRIBE, "subscribes")
            .build();
    return Everwire.client(feed, handler)
        .rateLimiters(new RateLimiters(System::nanoTime).add("subscribes", 5, 5))
        .connect();
  }

  static void trades(ForeignClient client, Consumer<Trade> show, Runnable reload)
      throws InterruptedException {
    try (ForeignSubscription<Trade> trades = client.subscribe("btcusdt@trade", Trade.class)) {
      for (ForeignEvent<Trade> event : trades) {
        switch (event) {
          case ForeignEvent.Update<Trade>(Trade trade) -> show.accept(trade);
          case ForeignEvent.Lagged<Trade> lagged -> reload.run();
          case ForeignEvent.Resumed<Trade> resumed -> reload.run();
        }
      }
    }
  }
  // docs:end
}
