package dev.everwire.client.foreign.exchange;

import dev.everwire.client.foreign.Buffering;
import dev.everwire.client.foreign.ForeignClient;
import dev.everwire.client.foreign.ForeignEvent;
import dev.everwire.client.foreign.ForeignMessage;
import dev.everwire.client.foreign.ForeignSubscription;
import dev.everwire.client.sequence.SequenceGuard;
import dev.everwire.client.sequence.SequenceRange;
import dev.everwire.client.sequence.Snapshot;
import dev.everwire.client.sequence.SyncOptions;
import dev.everwire.client.sequence.SyncedFeed;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Trades and the order book of one symbol. Trades that are missing are counted; a book that misses
 * an update is loaded anew. {@link #poll} takes what is here; a program gives each subscription a
 * virtual thread that loops over it.
 */
final class MarketFeed implements AutoCloseable {
  private static final CallOptions WITHIN_5_SECONDS = CallOptions.within(Duration.ofSeconds(5));

  private final ForeignSubscription<RawJson> trades;
  private final ForeignSubscription<RawJson> updates;
  private final SequenceGuard guard = new SequenceGuard();
  private final Ladder ladder = new Ladder();
  private final SyncedFeed<RawJson, JsonMembers> book;
  private final AtomicLong loads = new AtomicLong();
  private long traded;
  private long missed;
  private long resumed;

  /**
   * @param executor runs what keeps the book
   */
  MarketFeed(ForeignClient exchange, String symbol, Executor executor) {
    this.book =
        new SyncedFeed<>(
            SyncOptions.DEFAULT,
            () ->
                exchange
                    .requestRawAsync(
                        ForeignMessage.json(ExchangeProtocol.bookRequest(symbol)), WITHIN_5_SECONDS)
                    .thenApply(answer -> snapshot(RawJson.parse(answer.asText()).members())),
            new Keeping(),
            executor,
            new Random());
    book.restart();
    this.updates =
        exchange.subscribe(ExchangeProtocol.book(symbol), RawJson.class, Buffering.DEFAULT);
    this.trades =
        exchange.subscribe(ExchangeProtocol.trades(symbol), RawJson.class, Buffering.DEFAULT);
  }

  private static Snapshot<RawJson> snapshot(JsonMembers answer) {
    RawJson levels = answer.get("levels");
    return new Snapshot<>(levels == null ? RawJson.NULL : levels, answer.integer("seq"));
  }

  /** Takes everything that waits. */
  void poll() {
    for (var next = updates.poll(); next.isPresent(); next = updates.poll()) {
      updated(next.get());
    }
    for (var next = trades.poll(); next.isPresent(); next = trades.poll()) {
      traded(next.get());
    }
  }

  private void updated(ForeignEvent<RawJson> event) {
    switch (event) {
      case ForeignEvent.Update<RawJson>(RawJson value) -> {
        JsonMembers update = value.members();
        book.update(SequenceRange.of(update.integer("seq")), update);
      }
      case ForeignEvent.Lagged<RawJson> lagged -> book.restart();
      case ForeignEvent.Resumed<RawJson> connection -> book.restart();
    }
  }

  private void traded(ForeignEvent<RawJson> event) {
    switch (event) {
      case ForeignEvent.Update<RawJson>(RawJson value) -> {
        traded++;
        long number = value.members().integer("seq");
        if (guard.check("trades", number) instanceof SequenceGuard.Finding.Gap(SequenceRange gap)) {
          missed += gap.last() - gap.first() + 1;
        }
      }
      case ForeignEvent.Lagged<RawJson> lagged -> {} // the next number shows what is missing
      case ForeignEvent.Resumed<RawJson> connection -> resumed++;
    }
  }

  /** Trades that came. */
  long trades() {
    return traded;
  }

  /** Trades that did not, because there was no connection. */
  long missedTrades() {
    return missed;
  }

  /** How often another connection took over. */
  long resumed() {
    return resumed;
  }

  /** The book, if it is that of the exchange. */
  Optional<String> book() {
    return book.inSync() ? Optional.of(ladder.toString()) : Optional.empty();
  }

  /** How often the whole book was loaded. */
  long loads() {
    return loads.get();
  }

  boolean confirmed() {
    return trades.confirmed() && updates.confirmed();
  }

  @Override
  public void close() {
    trades.close();
    updates.close();
    book.close();
  }

  /** Called one at a time. */
  private final class Keeping implements SyncedFeed.Book<RawJson, JsonMembers> {
    @Override
    public void load(Snapshot<RawJson> snapshot) {
      loads.incrementAndGet();
      ladder.load(snapshot.value());
    }

    @Override
    public void apply(JsonMembers update, SequenceRange range) {
      ladder.put(update.string("side"), update.integer("price"), update.integer("qty"));
    }

    @Override
    public void doubted(String why) {} // book() is empty until the next load

    @Override
    public void givenUp(String why) {}
  }
}
