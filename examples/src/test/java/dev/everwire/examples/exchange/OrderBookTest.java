package dev.everwire.examples.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.sequence.SequenceRange;
import dev.everwire.examples.exchange.OrderBook.Change;
import dev.everwire.examples.exchange.OrderBook.Level;
import java.math.BigDecimal;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class OrderBookTest {

  @Test
  void theLevelsCanBeLookedAtWhileTheyChange() throws InterruptedException {
    OrderBook book = new OrderBook(news -> {});
    AtomicBoolean enough = new AtomicBoolean();
    Thread feed =
        Thread.ofPlatform()
            .start(() -> {
              for (long number = 1; !enough.get(); number++) {
                BigDecimal price = BigDecimal.valueOf(number % 7);
                BigDecimal quantity = BigDecimal.valueOf(number / 7 % 2);
                book.apply(
                    new Change(number, new Level(price, quantity)),
                    new SequenceRange(number, number));
              }
            });
    try {
      for (int i = 0; i < 20_000; i++) {
        assertThat(book.levels().size()).isLessThanOrEqualTo(7);
      }
    } finally {
      enough.set(true);
      feed.join();
    }
  }
}
