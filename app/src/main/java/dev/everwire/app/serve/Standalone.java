package dev.everwire.app.serve;

import dev.everwire.Everwire;
import dev.everwire.app.demo.Chat;
import dev.everwire.app.demo.Demo;
import dev.everwire.app.demo.Described;
import dev.everwire.app.demo.RawEcho;
import dev.everwire.config.Configured;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.admin.Operations;
import dev.everwire.session.Execution;
import java.io.IOException;
import java.util.function.Supplier;

/** A server that is made of a configuration, a page to look at and, if wanted, things to try. */
public final class Standalone {
  private final Configured configured;
  private final boolean demo;
  private final String version;

  /**
   * @param configured the caller's to close, after the server
   */
  public Standalone(Configured configured, boolean demo, String version) {
    this.configured = configured;
    this.demo = demo;
    this.version = version;
  }

  /** One line on what is allowed here. */
  public String preset() {
    return Summary.of(configured.config());
  }

  /** As {@link #start(Operations)}, where an administrator can do nothing to the program. */
  public Server start() throws IOException {
    return start(Operations.NONE);
  }

  /**
   * @throws IOException if the address cannot be bound or a file not be read, with one sentence
   *     that says why
   */
  public Server start(Operations operations) throws IOException {
    ServerBuilder server = configured.applyTo(Everwire.server()).operations(operations);
    // others need not know what there is to attack
    boolean here = configured.config().listen().local();
    Supplier<String> holds = here ? this::preset : () -> configured.config().preset() + " preset";
    new Page(here ? version : "", holds, demo).routes().forEach(server::http);
    if (!demo) {
      return server.start();
    }
    server.describe("Everwire demo", here ? version : "0");
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
