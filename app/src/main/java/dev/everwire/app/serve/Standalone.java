package dev.everwire.app.serve;

import dev.everwire.Everwire;
import dev.everwire.app.demo.Chat;
import dev.everwire.app.demo.Demo;
import dev.everwire.app.demo.Described;
import dev.everwire.app.demo.RawEcho;
import dev.everwire.netty.NettyListener;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.Execution;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The development preset as a server. Immutable. */
public final class Standalone {
  private static final int HISTORY = 1_000;

  private final String host;
  private final int port;
  private final boolean loopback;
  private final boolean demo;
  private final Duration drain;
  private final List<String> origins;
  private final String version;

  /**
   * @param loopback whether only this machine can reach the host
   * @param origins of web pages that may connect besides the server's own
   */
  public Standalone(
      String host,
      int port,
      boolean loopback,
      boolean demo,
      Duration drain,
      List<String> origins,
      String version) {
    this.host = host;
    this.port = port;
    this.loopback = loopback;
    this.demo = demo;
    this.drain = drain;
    this.origins = List.copyOf(origins);
    this.version = version;
  }

  /** One line on what is allowed here. */
  public String preset() {
    return "development preset: anonymous, all topics open, "
        + (loopback ? "administration open, in-memory" : "in-memory, open to other machines");
  }

  /**
   * @throws IOException if the address cannot be bound, with one sentence that says why
   */
  public Server start() throws IOException {
    ServerBuilder server =
        Everwire.server()
            .listen(NettyListener.on(host, port))
            .origins(origins.toArray(String[]::new))
            .topic(TopicRule.named("**").keepLast(HISTORY).publishable())
            .administration(caller -> loopback)
            .drainFor(drain);
    if (loopback) {
      server.loopbackNamesOnly();
    }
    new Page(version, preset(), demo).routes().forEach(server::http);
    if (!demo) {
      return server.start();
    }
    server.describe("Everwire demo", version);
    Demo methods = new Demo();
    methods
        .methods()
        .forEach((name, handler) ->
            server.method(Described.method(name, handler, Execution.CONCURRENT)));
    methods
        .nonBlocking()
        .forEach((name, handler) ->
            server.method(Described.method(name, handler, Execution.NON_BLOCKING)));
    server.raw("/echo", RawEcho.LIMITS, RawEcho::new);
    Chat chat = new Chat();
    chat.methods().forEach(server::method);
    Server started = server.onDisconnect(chat::disconnected).start();
    chat.open(started.topics());
    return started;
  }
}
