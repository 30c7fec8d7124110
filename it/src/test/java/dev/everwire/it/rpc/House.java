package dev.everwire.it.rpc;

import dev.everwire.Everwire;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.session.Peer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A server of Everwire's in this process, with what is {@link Agreed}. */
final class House implements AutoCloseable {
  private final Map<String, CompletableFuture<Peer>> met = new ConcurrentHashMap<>();
  private final Server server;

  House() throws IOException {
    this(Everwire.server(0));
  }

  /**
   * @param builder of a server with something more
   */
  House(ServerBuilder builder) throws IOException {
    new Agreed()
        .methods()
        .forEach((name, method) -> builder.method(name, EverwireSide.handler(method)));
    server =
        builder
            .method(
                "meet",
                call -> {
                  String name = call.params().get(0, "name", String.class);
                  return peer(name).complete(call.caller().peer());
                })
            .drainFor(Duration.ofMillis(100))
            .start();
  }

  Server server() {
    return server;
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + server.port() + "/ws");
  }

  /** The server's end of the connection whose client has called {@code meet} with this name. */
  Side side(String name) throws Exception {
    return new EverwireSide(peer(name).get(30, TimeUnit.SECONDS));
  }

  private CompletableFuture<Peer> peer(String name) {
    return met.computeIfAbsent(name, key -> new CompletableFuture<>());
  }

  @Override
  public void close() {
    server.close();
  }
}
