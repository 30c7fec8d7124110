package dev.everwire;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.foreign.ForeignClient;
import dev.everwire.client.foreign.ForeignClientBuilder;
import dev.everwire.client.foreign.ProtocolHandler;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.netty.NettyDialer;
import dev.everwire.netty.NettyListener;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import java.net.URI;

/**
 * Builders with the network and the values already chosen: Netty and Jackson. Everything they
 * preset can be set again.
 *
 * <pre>{@code
 * try (Server server = Everwire.server(8080).topic(TopicRule.named("prices/*")).start();
 *     Client client = Everwire.client(URI.create("ws://localhost:8080/ws")).connect();
 *     Subscription<Price> prices = client.subscribe("prices/eur", Price.class)) {
 *   for (Event<Price> event : prices) {
 *     …
 *   }
 * }
 * }</pre>
 */
public final class Everwire {
  private static final int DEFAULT_PORT = 8080;

  private Everwire() {}

  /** A server on port 8080 of the loopback address. */
  public static ServerBuilder server() {
    return server(DEFAULT_PORT);
  }

  /**
   * A server on the loopback address.
   *
   * @param port 0 for any that is free
   */
  public static ServerBuilder server(int port) {
    return Server.builder().listen(NettyListener.on(port)).values(JacksonValues.create());
  }

  /**
   * A client that has its own network thread, which ends with it.
   *
   * @param uri {@code ws} or {@code wss}
   */
  public static ClientBuilder client(URI uri) {
    return Client.builder(uri).ownDialer(NettyDialer::create).values(JacksonValues.create());
  }

  /**
   * A client of somebody else's WebSocket API, with its own network thread, which ends with it.
   *
   * @param uri {@code ws} or {@code wss}
   * @param handler how the service talks; for this client only
   */
  public static ForeignClientBuilder client(URI uri, ProtocolHandler handler) {
    return ForeignClient.builder(uri, handler)
        .ownDialer(NettyDialer::create)
        .values(JacksonValues.create());
  }
}
