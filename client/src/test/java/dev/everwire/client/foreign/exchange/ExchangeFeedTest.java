package dev.everwire.client.foreign.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.foreign.ForeignClient;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.flow.RateLimiters;
import dev.everwire.session.transport.Dialer;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Days at an exchange, in moments. */
final class ExchangeFeedTest {
  private static final List<String> SYMBOLS = List.of("BTC", "ETH");

  private final MemoryNetwork network = new MemoryNetwork();
  private final Dialer dialer = network.dialer();
  private final RateLimiters limiters = new RateLimiters(network.time()::now);
  private final List<MarketFeed> feeds = new ArrayList<>();
  private SimulatedExchange exchange;
  private ForeignClient client;

  @BeforeEach
  void open() throws IOException {
    exchange =
        new SimulatedExchange(
            network.listener("exchange"),
            new LinkedHashSet<>(SYMBOLS),
            Duration.ofSeconds(5),
            new Random(1));
    client =
        ForeignClient.builder(exchange.uri(), new ExchangeProtocol())
            .dialer(dialer)
            .values(new RawValues())
            .rateLimiters(limiters.add(ExchangeProtocol.SUBSCRIBES, 1, 2)) // well below 5 a second
            .reconnect(ReconnectPolicy.fixed(Duration.ofSeconds(1)))
            .workers(Runnable::run)
            .random(new Random(2))
            .start();
    for (String symbol : SYMBOLS) {
      feeds.add(new MarketFeed(client, symbol, Runnable::run));
    }
  }

  @AfterEach
  void close() {
    feeds.forEach(MarketFeed::close);
    CompletableFuture<Void> ended = client.closeAsync();
    network.advance(Duration.ofSeconds(1));
    assertThat(ended).isCompleted();
    exchange.close();
    dialer.close();
  }

  /** Lets time pass; readers keep up. */
  private void pass(Duration time) {
    Duration step = Duration.ofSeconds(20);
    for (Duration left = time; left.isPositive(); left = left.minus(step)) {
      network.advance(left.compareTo(step) < 0 ? left : step);
      feeds.forEach(MarketFeed::poll);
      network.runUntilIdle();
    }
  }

  private void assertBooksAreTheExchanges() {
    for (int i = 0; i < SYMBOLS.size(); i++) {
      assertThat(feeds.get(i).book()).contains(exchange.book(SYMBOLS.get(i)));
    }
  }

  @Test
  void aDayEndsWithAForcedDisconnectAndNothingIsLostUnnoticed() {
    pass(Duration.ofMinutes(10));
    assertThat(feeds).allMatch(MarketFeed::confirmed);
    assertThat(feeds).allMatch(feed -> feed.missedTrades() == 0);
    assertBooksAreTheExchanges();

    pass(Duration.ofHours(25));

    assertThat(exchange.connections()).isEqualTo(2);
    assertThat(client.epoch()).isEqualTo(2);
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
    assertBooksAreTheExchanges();
    for (int i = 0; i < SYMBOLS.size(); i++) {
      MarketFeed feed = feeds.get(i);
      assertThat(feed.resumed()).isEqualTo(1);
      assertThat(feed.loads()).isEqualTo(2); // at the beginning and after the reconnect
      assertThat(feed.trades()).isGreaterThan(5_000);
      // Behind the first trade that came, every other came or is known to be missing.
      assertThat(exchange.trades(SYMBOLS.get(i)) - feed.trades() - feed.missedTrades())
          .isBetween(0L, 3L);
    }
    assertThat(exchange.bans()).isZero();
    assertThat(exchange.hangups()).isZero();
    assertThat(exchange.pongs()).isGreaterThan(25 * 60 * 4 - 100);
  }

  @Test
  void manySubscribesAreSlowedDownSoThatNobodyIsBanned() {
    Set<String> symbols = new LinkedHashSet<>();
    for (int i = 0; i < 40; i++) {
      symbols.add("S" + i);
      network.runUntilIdle(); // each by itself, not in one batch
      feeds.add(new MarketFeed(client, "S" + i, Runnable::run));
    }
    pass(Duration.ofMinutes(1));
    assertThat(feeds).hasSize(SYMBOLS.size() + symbols.size()).allMatch(MarketFeed::confirmed);
    assertThat(exchange.bans()).isZero();
    assertThat(exchange.connections()).isEqualTo(1);
  }

  /** Only JSON itself. */
  private static final class RawValues implements ValueCodec {
    @Override
    public @Nullable Object decode(RawJson json, Type type) {
      return json;
    }

    @Override
    public RawJson encode(@Nullable Object value) {
      throw new IllegalArgumentException("value: " + value + " (expected: JSON)");
    }
  }
}
