package dev.everwire.examples.exchange;

import dev.everwire.client.sequence.SequenceRange;
import dev.everwire.client.sequence.Snapshot;
import dev.everwire.client.sequence.SyncedFeed;
import java.math.BigDecimal;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** Who would buy at which price: the exchange's book as it is here. Safe from any thread. */
final class OrderBook implements SyncedFeed.Book<OrderBook.Depth, OrderBook.Change> {

  /** So much is wanted at this price; nothing if the quantity is zero. */
  record Level(BigDecimal price, BigDecimal quantity) {}

  /** The whole book, as of the change of this number. */
  record Depth(long last, List<Level> levels) {}

  /** One change; they are numbered without a hole. */
  record Change(long number, Level level) {}

  private final NavigableMap<BigDecimal, BigDecimal> levels = new ConcurrentSkipListMap<>();
  private final Consumer<String> news;

  OrderBook(Consumer<String> news) {
    this.news = news;
  }

  @Override
  public void load(Snapshot<Depth> snapshot) {
    news.accept("book as of " + snapshot.last());
    levels.clear();
    snapshot.value().levels().forEach(this::set);
  }

  @Override
  public void apply(Change change, SequenceRange range) {
    set(change.level());
  }

  @Override
  public void doubted(String why) {
    news.accept("book in doubt, " + why); // nobody should trade on it now
  }

  @Override
  public void givenUp(String why) {
    news.accept("book given up, " + why);
  }

  private void set(Level level) {
    if (level.quantity().signum() == 0) {
      levels.remove(level.price());
    } else {
      levels.put(level.price(), level.quantity());
    }
  }

  NavigableMap<BigDecimal, BigDecimal> levels() {
    NavigableMap<BigDecimal, BigDecimal> copy = new TreeMap<>();
    levels.forEach(copy::put); // one by one: copying whole relies on a size that changes meanwhile
    return copy;
  }
}
