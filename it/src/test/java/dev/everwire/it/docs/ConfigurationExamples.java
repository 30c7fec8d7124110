package dev.everwire.it.docs;

import dev.everwire.Everwire;
import dev.everwire.config.Config;
import dev.everwire.config.Configured;
import dev.everwire.config.problem.ConfigException;
import dev.everwire.server.Server;
import dev.everwire.session.contract.Rpc;
import java.io.IOException;

/** What docs/configuration.md shows. */
final class ConfigurationExamples {
  private ConfigurationExamples() {}

  interface Orders {
    @Rpc
    String find(String id);
  }

  // docs:code
  static Config orders() {
    return Config.preset("production")
        .with("listen.port", 9000)
        .with("heartbeat.interval", "10s")
        .with("auth.jwt.keys", "[{jwksUrl: 'https://id.example.com/keys', algorithms: [rs256]}]")
        .with("auth.jwt.issuers", "https://id.example.com")
        .with("auth.jwt.audiences", "live")
        .with("topics", "[{pattern: 'prices/*'}]");
  }

  static void serve(Config config, Orders desk)
      throws ConfigException, IOException, InterruptedException {
    try (Configured configured = Configured.of(config);
        Server server = configured.applyTo(Everwire.server()).expose(Orders.class, desk).start()) {
      server.awaitClose();
    }
  }
  // docs:end
}
