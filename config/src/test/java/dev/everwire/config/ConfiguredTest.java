package dev.everwire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.everwire.Everwire;
import dev.everwire.auth.SigningAlgorithm;
import dev.everwire.auth.TokenClaims;
import dev.everwire.auth.TokenIssuer;
import dev.everwire.client.Client;
import dev.everwire.config.problem.ConfigException;
import dev.everwire.config.section.LogOptions;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.Server;
import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.limit.InboundRates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfiguredTest {
  private static final String SECRET = "nobody knows it, and it is long enough for 256 bits";
  private static final Config OPEN = Config.preset("testing");
  private static final Config GUARDED =
      Config.preset("production")
          .with("listen.port", 0)
          .with("listen.loops", 2)
          .with("drain.within", "1s")
          .with("topics", "[{pattern: 'news/*', publishable: true}]")
          .with("auth.jwt.keys", "[{secret: '" + SECRET + "', algorithms: [hs256]}]")
          .with("auth.jwt.issuers", "test")
          .with("auth.jwt.audiences", "*");

  private final List<LogOptions.Level> levels = new ArrayList<>();

  private Server start(Configured configured) throws IOException {
    return configured
        .onLogLevel(levels::add)
        .applyTo(Everwire.server())
        .method("hello", call -> "hello")
        .start();
  }

  private static URI uri(Server server) {
    return URI.create("ws://127.0.0.1:" + server.port() + "/ws");
  }

  private static String token(String user, String... roles) {
    return token(TokenIssuer.secret(SECRET, SigningAlgorithm.HS256), user, roles);
  }

  private static String token(TokenIssuer issuer) {
    return token(issuer, "ann");
  }

  private static String token(TokenIssuer issuer, String user, String... roles) {
    return issuer.issue(
        TokenClaims.of(user)
            .issuer("test")
            .roles(List.of(roles))
            .expiresAt(Instant.now().plusSeconds(600))
            .build());
  }

  @Test
  void theDevelopmentServerLetsEverybodyDoEverything() throws Exception {
    try (Configured configured = Configured.of(OPEN);
        Server server = start(configured);
        Client client = Everwire.client(uri(server)).connect()) {
      assertThat(client.call("hello", null, String.class)).isEqualTo("hello");
      assertThat(client.publish("any/thing", 1).offset()).isEqualTo(1);
      assertThat(client.call("rpc.admin.stats", null, RawJson.class)).isNotNull();
      assertThat(levels).containsExactly(LogOptions.Level.WARN);
    }
  }

  @Test
  void theGuardedServerLetsInWhoHasATokenAndDoWhatRulesAllow() throws Exception {
    try (Configured configured = Configured.of(GUARDED);
        Server server = start(configured);
        Client user = Everwire.client(uri(server)).token(token("ann")).connect();
        Client admin = Everwire.client(uri(server)).token(token("root", "admin")).connect()) {
      assertThat(user.call("hello", null, String.class)).isEqualTo("hello");
      assertThat(user.publish("news/local", 1).offset()).isEqualTo(1);
      assertThatThrownBy(() -> user.publish("other", 1)).isInstanceOf(FaultException.class);
      assertThatThrownBy(() -> user.call("rpc.admin.stats", null, RawJson.class))
          .isInstanceOf(FaultException.class);
      assertThat(admin.call("rpc.admin.stats", null, RawJson.class)).isNotNull();
    }
  }

  @Test
  void whatIsLiveChangesWhileTheServerRuns() throws Exception {
    try (Configured configured = Configured.of(OPEN);
        Server server = start(configured);
        Client client = Everwire.client(uri(server)).connect()) {
      Config next =
          OPEN.with("origins", "https://a.example")
              .with("limits.connections.perNode", 7)
              .with("limits.inbound.connection.messagesPerSecond", 50)
              .with("drain.reason", "deploy")
              .with("access.rules", "[{actions: [administer], anyone: true}]")
              .with("log.level", "debug");
      ConfigDiff diff = configured.reload(server, next);
      assertThat(diff.changes()).hasSize(6).allMatch(Change::live);
      assertThat(configured.config()).isEqualTo(next);
      assertThat(server.live().origins()).containsExactly("https://a.example");
      assertThat(server.live().connectionLimits().perNode()).isEqualTo(7);
      assertThat(server.live().inboundRates().connection())
          .isEqualTo(InboundRates.Bounds.messages(50, 100));
      assertThat(server.live().drain())
          .isEqualTo(OPEN.drain().plan().reason("deploy"))
          .isNotEqualTo(DrainPlan.DEFAULT);
      assertThat(levels).containsExactly(LogOptions.Level.WARN, LogOptions.Level.DEBUG);
      assertThatThrownBy(() -> client.call("hello", null, String.class))
          .isInstanceOf(FaultException.class);
      assertThat(client.call("rpc.admin.stats", null, RawJson.class)).isNotNull();
      configured.reload(server, OPEN);
      assertThat(client.call("hello", null, String.class)).isEqualTo("hello");
    }
  }

  @Test
  void whoMayComeInChangesWhileTheServerRuns() throws Exception {
    try (Configured configured = Configured.of(GUARDED);
        Server server = start(configured)) {
      Config next =
          GUARDED.with(
              "auth.jwt.keys",
              "[{secret: 'another one that nobody knows, long enough', algorithms: [HS256]}]");
      configured.reload(server, next);
      assertThatThrownBy(() -> Everwire.client(uri(server)).token(token("ann")).connect())
          .isNotNull();
      configured.reload(server, GUARDED);
      try (Client user = Everwire.client(uri(server)).token(token("ann")).connect()) {
        assertThat(user.call("hello", null, String.class)).isEqualTo("hello");
      }
    }
  }

  @Test
  void filesOfKeysAreReadAgainThoughTheirPathsAreTheSame(@TempDir Path directory) throws Exception {
    TokenIssuer.Material first = TokenIssuer.generate(SigningAlgorithm.ES256);
    TokenIssuer.Material second = TokenIssuer.generate(SigningAlgorithm.ES256);
    Path file = directory.resolve("keys.pem");
    Files.writeString(file, Objects.requireNonNull(first.publicKey()));
    Config config = GUARDED.with("auth.jwt.keys", "[{pem: " + file + ", algorithms: [es256]}]");
    try (Configured configured = Configured.of(config);
        Server server = start(configured)) {
      String token = token(TokenIssuer.pem(second.secretOrPrivateKey(), SigningAlgorithm.ES256));
      assertThatThrownBy(() -> Everwire.client(uri(server)).token(token).connect()).isNotNull();
      Files.writeString(file, Objects.requireNonNull(second.publicKey()));
      assertThat(configured.reload(server, config).isEmpty()).isTrue();
      try (Client user = Everwire.client(uri(server)).token(token).connect()) {
        assertThat(user.call("hello", null, String.class)).isEqualTo("hello");
      }
    }
  }

  @Test
  void aRuleThatNamesNoActionMakesNobodyAnAdministrator() throws Exception {
    Config config = OPEN.with("access.rules", "[{anyone: true}]");
    try (Configured configured = Configured.of(config);
        Server server = start(configured);
        Client client = Everwire.client(uri(server)).connect()) {
      assertThat(client.call("hello", null, String.class)).isEqualTo("hello");
      assertThatThrownBy(() -> client.call("rpc.admin.stats", null, RawJson.class))
          .isInstanceOf(FaultException.class);
    }
  }

  @Test
  void whoeverIsToldOfTheLogLevelHarmsNothingByFailing() throws Exception {
    try (Configured configured = Configured.of(GUARDED);
        Server server = start(configured)) {
      configured.onLogLevel(level -> {
        throw new IllegalStateException("as the test wants");
      });
      Config next = GUARDED.with("log.level", "error").with("auth.warnAhead", "2m");
      assertThat(configured.reload(server, next).changes()).hasSize(2);
      assertThat(configured.config()).isEqualTo(next);
      try (Client user = Everwire.client(uri(server)).token(token("ann")).connect()) {
        assertThat(user.call("hello", null, String.class)).isEqualTo("hello");
      }
    }
  }

  @Test
  void whatNeedsARestartIsRefusedAndNothingHasChanged() throws Exception {
    try (Configured configured = Configured.of(OPEN);
        Server server = start(configured)) {
      Config next =
          OPEN.with("origins", "https://a.example")
              .with("heartbeat.interval", "2s")
              .with("listen.path", "/rpc");
      ConfigException refused =
          catchThrowableOfType(ConfigException.class, () -> configured.reload(server, next));
      assertThat(refused)
          .hasMessage(
              "reload: heartbeat.interval: 1s -> 2s needs a restart\n"
                  + "reload: listen.path: /ws -> /rpc needs a restart");
      assertThat(configured.config()).isEqualTo(OPEN);
      assertThat(server.live().origins()).isEmpty();
    }
  }

  @Test
  void whatIsWrongIsRefusedAndNothingHasChanged() throws Exception {
    try (Configured configured = Configured.of(OPEN);
        Server server = start(configured)) {
      Config next = OPEN.with("origins", "https://a.example").with("auth.anonymous", false);
      assertThatThrownBy(() -> configured.reload(server, next))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("auth.anonymous");
      assertThat(server.live().origins()).isEmpty();
    }
  }

  @Test
  void theSameAgainChangesNothing() throws Exception {
    try (Configured configured = Configured.of(GUARDED);
        Server server = start(configured)) {
      assertThat(configured.reload(server, GUARDED).isEmpty()).isTrue();
    }
  }

  @Test
  void aTreeThatDoesNotFitIsRefusedWhoeverMadeIt() {
    Config config = OPEN.with("session.resumeWithin", "1h");
    assertThatThrownBy(() -> Configured.of(config))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "preset testing: session.resumeTokenLife: 1m (expected: at least"
                + " session.resumeWithin, 1h)");
  }

  @Test
  void everyPresetCanBeServedOnceItIsSaidHowToFindOutWhoSomebodyIs() throws Exception {
    for (Preset preset : Preset.all()) {
      Config config =
          preset
              .config()
              .with("listen.port", 0)
              .with("listen.loops", 1)
              .with("drain.within", "0s")
              .with("auth.jwt.keys", "[{secret: '" + SECRET + "', algorithms: [hs256]}]")
              .with("auth.jwt.issuers", "test")
              .with("auth.jwt.audiences", "*");
      try (Configured configured = Configured.of(config);
          Server server = start(configured)) {
        assertThat(server.port()).as(preset.name()).isPositive();
      }
    }
    assertThat(ConfigLoader.load(null, Map.of()).warnings()).isEmpty();
    assertThat(Duration.ZERO).isEqualTo(OPEN.drain().jitter());
  }
}
