package dev.everwire.examples.exchange;

import dev.everwire.Everwire;
import dev.everwire.client.foreign.ForeignClient;
import dev.everwire.client.foreign.ForeignEvent;
import dev.everwire.client.foreign.ForeignSubscription;
import dev.everwire.client.link.ClientSettings;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.sequence.SequenceRange;
import dev.everwire.client.sequence.Snapshot;
import dev.everwire.client.sequence.SyncOptions;
import dev.everwire.client.sequence.SyncedFeed;
import dev.everwire.examples.exchange.OrderBook.Change;
import dev.everwire.examples.exchange.OrderBook.Depth;
import dev.everwire.protocol.FaultException;
import dev.everwire.session.CallOptions;
import dev.everwire.session.flow.RateLimiters;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Follows an exchange: its trades, and its order book, which is kept true through lost changes and
 * a forced disconnect. How the exchange talks is said by {@link ExchangeProtocol} and nowhere else.
 */
public final class Trading {
  private static final Executor WORKERS = task -> Thread.ofVirtual().start(task);

  record Trade(BigDecimal price, BigDecimal quantity) {}

  private final SimulatedExchange exchange;
  private final ForeignClient client;
  private final Consumer<String> out;

  private Trading(SimulatedExchange exchange, ForeignClient client, Consumer<String> out) {
    this.exchange = exchange;
    this.client = client;
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    run(System.out::println);
  }

  static void run(Consumer<String> out) throws IOException, InterruptedException {
    Set<String> markets = Set.of("ada", "btc", "dot", "eth", "ltc", "sol", "xrp", "zec");
    try (var exchange = new SimulatedExchange(markets);
        ForeignClient client = connect(exchange)) {
      new Trading(exchange, client, out).follow(markets);
    }
  }

  private static ForeignClient connect(SimulatedExchange exchange) {
    RateLimiters limiters =
        new RateLimiters(System::nanoTime)
            .add(
                ExchangeProtocol.SUBSCRIBES,
                SimulatedExchange.SUBSCRIBES_AT_ONCE / 3, // well below: the network is no clock
                SimulatedExchange.SUBSCRIBES_PER_SECOND / 2);
    return Everwire.client(exchange.uri(), new ExchangeProtocol())
        .settings(
            ClientSettings.builder()
                .restoreBatch(1) // streams in one subscribe
                .reconnect(ReconnectPolicy.fixed(Duration.ofMillis(50)))
                .build())
        .rateLimiters(limiters)
        .connect();
  }

  private void follow(Set<String> markets) throws InterruptedException {
    for (String market : markets) { // as fast as the exchange allows, not faster
      client.subscribe(market + "/trades", Trade.class);
    }
    try (var trades = client.subscribe("btc/trades", Trade.class); // shares the one above
        var changes = client.subscribe("btc/book", Change.class);
        var nowhere = client.subscribe("doge/trades", Trade.class)) {
      trades.awaitConfirmed(Duration.ofSeconds(10));
      exchange.trade("btc", "100.5", "2");
      out.accept("trades: " + text(trades.next()));
      try {
        nowhere.awaitConfirmed(Duration.ofSeconds(10));
      } catch (FaultException e) {
        out.accept("refused: " + e.fault().message());
      }
      OrderBook book = keepBook(changes);

      exchange.ping(); // who does not answer is thrown out
      Await.until(() -> exchange.pongs() == 1);

      exchange.changeUnheard("btc", "99", "7");
      exchange.change("btc", "101", "3");
      awaitTrue(book);

      exchange.endOfDay(); // everybody has to come again, and hears nothing meanwhile
      Await.until(() -> client.epoch() == 2);
      exchange.change("btc", "99", "0");
      awaitTrue(book);

      out.accept("trades: " + text(trades.next())); // what was sent in between would be missing
      exchange.trade("btc", "101", "1");
      out.accept("trades: " + text(trades.next()));
    }
  }

  /** Keeps the book by a snapshot and the changes behind it. */
  private OrderBook keepBook(ForeignSubscription<Change> changes) throws InterruptedException {
    OrderBook book = new OrderBook(out);
    SyncedFeed<Depth, Change> feed =
        new SyncedFeed<>(
            SyncOptions.DEFAULT.delays(Duration.ofMillis(20), Duration.ofSeconds(10)),
            this::snapshot,
            book,
            WORKERS,
            new Random());
    exchange.change("btc", "100", "5");
    changes.awaitConfirmed(Duration.ofSeconds(10));
    feed.restart(); // the first snapshot
    WORKERS.execute(() -> {
      for (ForeignEvent<Change> event : changes) {
        switch (event) {
          case ForeignEvent.Update<Change>(Change change) ->
              feed.update(SequenceRange.of(change.number()), change);
          case ForeignEvent.Resumed<Change> resumed -> feed.restart();
          case ForeignEvent.Lagged<Change> lagged -> feed.restart();
        }
      }
      feed.close();
    });
    awaitTrue(book);
    return book;
  }

  private CompletableFuture<Snapshot<Depth>> snapshot() {
    return client
        .requestAsync(Map.of("method", "depth", "market", "btc"), Depth.class, CallOptions.DEFAULT)
        .thenApply(answer -> {
          Depth depth = Objects.requireNonNull(answer, "depth");
          return new Snapshot<>(depth, depth.last());
        });
  }

  private void awaitTrue(OrderBook book) {
    Await.until(() -> book.levels().equals(exchange.levels("btc")));
    out.accept("book: " + book.levels());
  }

  private static String text(ForeignEvent<Trade> event) {
    return switch (event) {
      case ForeignEvent.Update<Trade>(Trade trade) -> trade.quantity() + " at " + trade.price();
      case ForeignEvent.Resumed<Trade> resumed -> "again on connection " + resumed.epoch();
      case ForeignEvent.Lagged<Trade> lagged -> lagged.updates() + " missed";
    };
  }
}
