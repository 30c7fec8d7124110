package dev.everwire.examples;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.Event;
import dev.everwire.client.Subscription;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.protocol.Position;
import dev.everwire.server.Server;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.TcpProxy;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * A topic is followed through a cut without losing anything, and taken up again later from a stored
 * position; what is no longer remembered by then is said aloud.
 */
public final class FollowingTopics {
  private static final String TOPIC = "prices/eur";

  record Price(String symbol, BigDecimal value) {}

  private FollowingTopics() {}

  public static void main(String[] arguments) throws Exception {
    run(System.out::println);
  }

  static void run(Consumer<String> out)
      throws IOException, InterruptedException, ExecutionException {
    try (Server server = Everwire.server(0).topic(TopicRule.named("prices/*").keepLast(3)).start();
        TcpProxy network = TcpProxy.to(server.port());
        Client client =
            Everwire.client(URI.create("ws://127.0.0.1:" + network.port() + "/ws"))
                .reconnect(ReconnectPolicy.fixed(Duration.ofMillis(50)))
                .connect()) {
      Position stored = follow(server, network, client, out);

      for (int cents = 80; cents < 85; cents++) { // nobody listens, and only three are kept
        publish(server, cents);
      }
      try (var prices = client.subscribe(TOPIC, Price.class, stored)) {
        show(prices, 1, out); // a gap: what was built out of the events is to be loaded anew
        client.history(TOPIC, null, 10, Price.class).forEach(kept -> out.accept(text(kept)));
        publish(server, 85);
        show(prices, 1, out);
      }
    }
  }

  /** Answers where it stopped to read: to be stored, and gone on from another day. */
  private static Position follow(
      Server server, TcpProxy network, Client client, Consumer<String> out)
      throws InterruptedException, ExecutionException {
    try (var prices = client.subscribe(TOPIC, Price.class)) {
      prices.confirmed().get(); // from here on nothing is left out untold
      publish(server, 70);
      show(prices, 1, out);

      network.cut();
      Await.until(() -> !(client.status() instanceof Status.Ready));
      publish(server, 71);
      publish(server, 72);
      network.resume();

      show(prices, 2, out); // as if nothing had happened
      return prices.position().orElseThrow();
    }
  }

  private static void show(Subscription<Price> prices, int events, Consumer<String> out)
      throws InterruptedException {
    for (int i = 0; i < events; i++) {
      out.accept(
          switch (prices.next()) {
            case Event.Item<Price> item -> text(item);
            case Event.Gap<Price>(String reason, Position from, Position to) ->
                from.offset() + 1 + "-" + to.offset() + ": missing, " + reason;
          });
    }
  }

  private static String text(Event.Item<Price> item) {
    return item.position().offset() + ": " + item.value().symbol() + " " + item.value().value();
  }

  private static void publish(Server server, int cents) {
    server.topics().publish(TOPIC, new Price("EURUSD", BigDecimal.valueOf(10_000L + cents, 4)));
  }
}
