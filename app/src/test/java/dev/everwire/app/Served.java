package dev.everwire.app;

import dev.everwire.app.serve.Standalone;
import dev.everwire.config.Config;
import dev.everwire.config.Configured;
import dev.everwire.config.problem.ConfigException;
import dev.everwire.server.Server;
import java.io.IOException;

/** A standalone server that runs in this JVM. */
public record Served(Server server, Configured configured) implements AutoCloseable {

  /** One's own machine, any free port, and no patience when it ends. */
  public static Config config() {
    return Config.DEFAULT.with("listen.port", 0).with("drain.within", "100ms");
  }

  public static Served demo(String version) throws IOException {
    return of(config(), true, version);
  }

  public static Served of(Config config, boolean demo, String version) throws IOException {
    try {
      Configured configured = Configured.of(config);
      return new Served(new Standalone(configured, demo, version).start(), configured);
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
    configured.close();
  }
}
