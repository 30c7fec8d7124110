package dev.everwire.it.docs;

import dev.everwire.Everwire;
import dev.everwire.client.Event;
import dev.everwire.server.Server;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.contract.Rpc;
import dev.everwire.session.stream.ItemStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What the README shows. */
final class PriceDesk {
  // docs:server
  record Price(String symbol, BigDecimal value) {}

  interface Desk { // a contract: a plain interface, the same at both ends
    @Rpc
    int subtract(int minuend, int subtrahend);

    @Rpc
    ItemStream<Integer> countdown(int from); // item by item, as fast as the caller takes them
  }

  static final class DeskAtWork
      implements Desk { // each call on its own virtual thread: it may block
    @Override
    public int subtract(int minuend, int subtrahend) {
      return minuend - subtrahend;
    }

    @Override
    public ItemStream<Integer> countdown(int from) {
      return ItemStream.of(IntStream.rangeClosed(1, from).map(i -> from - i).boxed());
    }
  }

  static Server serve(int port) throws IOException {
    Server server =
        Everwire.server(port)
            .expose(Desk.class, new DeskAtWork())
            .topic(TopicRule.named("prices/*").keepLast(1_000))
            .start();
    server.topics().publish("prices/eur", new Price("EURUSD", new BigDecimal("1.0842")));
    return server; // close() waits for running calls, then says goodbye to everybody
  }

  // docs:end

  // docs:client
  static void follow(URI server, Consumer<Price> show) {
    try (var client = Everwire.client(server).connect(); // and reconnects by itself
        var prices = client.subscribe("prices/eur", Price.class)) {
      Desk desk = client.proxy(Desk.class);
      System.out.println("42 - 23 = " + desk.subtract(42, 23)); // waits; returns or throws
      try (var countdown = desk.countdown(10)) {
        countdown.forEach(System.out::println);
      }
      for (Event<Price> event : prices) { // survives cuts: goes on where it was
        switch (event) {
          case Event.Item<Price>(Price price, var position) -> show.accept(price);
          case Event.Gap<Price> gap -> reload(gap.reason()); // said aloud, never silent
        }
      }
    }
  }

  // docs:end

  private static void reload(String reason) {
    throw new AssertionError("nothing should be missing: " + reason);
  }

  private PriceDesk() {}
}
