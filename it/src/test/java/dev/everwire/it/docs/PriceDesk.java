package dev.everwire.it.docs;

import dev.everwire.Everwire;
import dev.everwire.client.Event;
import dev.everwire.server.Server;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.Call;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;

/** What the README shows. */
final class PriceDesk {
  // docs:server
  record Price(String symbol, BigDecimal value) {}

  static Server serve(int port) throws IOException {
    Server server =
        Everwire.server(port)
            .method("subtract", PriceDesk::subtract)
            .topic(TopicRule.named("prices/*").keepLast(1_000))
            .start();
    server.topics().publish("prices/eur", new Price("EURUSD", new BigDecimal("1.0842")));
    return server; // close() waits for running calls, then says goodbye to everybody
  }

  static int subtract(Call call) { // on its own virtual thread: it may block, or call back
    int minuend = call.params().get(0, "minuend", int.class);
    int subtrahend = call.params().get(1, "subtrahend", int.class);
    return minuend - subtrahend;
  }

  // docs:end

  // docs:client
  static void follow(URI server, Consumer<Price> show) {
    try (var client = Everwire.client(server).connect(); // and reconnects by itself
        var prices = client.subscribe("prices/eur", Price.class)) {
      Integer nineteen = client.call("subtract", List.of(42, 23), Integer.class);
      System.out.println("42 - 23 = " + nineteen);
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
