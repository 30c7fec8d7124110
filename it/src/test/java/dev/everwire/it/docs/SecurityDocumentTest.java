package dev.everwire.it.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.Everwire;
import dev.everwire.auth.ApiKeys;
import dev.everwire.client.Client;
import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.client.link.TokenSupplier;
import dev.everwire.config.ConfigLoader;
import dev.everwire.config.Configured;
import dev.everwire.protocol.FaultException;
import dev.everwire.server.Server;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.CallOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What docs/security.md and docs/configuration.md say is so. */
@Timeout(60)
class SecurityDocumentTest {
  private static URI uri(Server server) {
    return URI.create("ws://" + server.host() + ":" + server.port() + "/ws");
  }

  private static Object call(Client client, String method) {
    return String.valueOf(
        client.<Object>call(
            method, List.of(), Object.class, CallOptions.within(Duration.ofSeconds(20))));
  }

  @ParameterizedTest
  @CsvSource({
    "docs/security.md, SecurityExamples.java",
    "docs/configuration.md, ConfigurationExamples.java"
  })
  void everyJavaExampleIsOneThatIsCompiledHere(String document, String examples)
      throws IOException {
    Path home = Path.of(System.getProperty("everwire.home")).normalize();
    List<String> regions =
        DocumentsTest.regions(home.resolve("it/src/test/java/dev/everwire/it/docs/" + examples));
    assertThat(DocumentsTest.shown(home.resolve(document)))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(regions);
  }

  @Test
  void whoShowsATokenComesInUntilItIsTakenBack() throws Exception {
    List<AuditEvent> told = new CopyOnWriteArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Server server =
            SecurityExamples.watched(
                    SecurityExamples.closed(
                        SecurityExamples.ofOurs(
                            threads, token -> token.equals("sesame") ? "ali" : null)),
                    told::add)
                .start()) {
      try (Client client = SecurityExamples.signedIn(uri(server), TokenSupplier.fixed("sesame"))) {
        assertThat(call(client, "whoami")).isEqualTo("ali");
        SecurityExamples.lockOut(server, "ali").toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThatThrownBy(() -> call(client, "whoami")).isInstanceOf(RuntimeException.class);
      }
      assertThatThrownBy(() -> SecurityExamples.signedIn(uri(server), TokenSupplier.fixed("guess")))
          .isInstanceOf(ConnectFailedException.class);
    }
    assertThat(told)
        .hasAtLeastOneElementOfType(AuditEvent.Authenticated.class)
        .hasAtLeastOneElementOfType(AuditEvent.AuthenticationFailed.class)
        .hasAtLeastOneElementOfType(AuditEvent.Revoked.class);
  }

  @Test
  void theRulesAllowWhatTheyNameAndTheBuiltInOnesAreMade() throws Exception {
    assertThat(SecurityExamples.builtIn(ApiKeys.generate("nightly-export").entry().hash()))
        .isNotNull();
    try (Server server =
            SecurityExamples.ruled(
                    Everwire.server(0)
                        .topic(TopicRule.named("**").publishable())
                        .method("orders.list", call -> "none"))
                .start();
        Client nobody = Everwire.client(uri(server)).connect()) {
      assertThat(nobody.subscribe("news/today", Object.class)).isNotNull();
      assertThatThrownBy(() -> call(nobody, "orders.list"))
          .isInstanceOfSatisfying(
              FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(-32003));
    }
  }

  @Test
  void theTreeInCodeIsOneThatCanBeServed() throws Exception {
    try (Configured configured = Configured.of(ConfigurationExamples.orders())) {
      assertThat(configured.config().text("listen.port")).isEqualTo("9000");
    }
  }

  @Test
  void theSmallConfigurationIsOneThatCanBeServed(@TempDir Path folder) throws Exception {
    Path home = Path.of(System.getProperty("everwire.home")).normalize();
    Path secret = Files.writeString(folder.resolve("secret.key"), "0123456789abcdef".repeat(3));
    Path small =
        Files.writeString(
            folder.resolve("small.yaml"),
            Files.readString(home.resolve("docs/operations/small.yaml"))
                .replace("file: secret.key", "file: \"" + secret + "\"")
                .replace("port: 8080", "port: 0"));

    try (Configured configured = Configured.of(ConfigLoader.load(small, Map.of()).config());
        Server server = configured.applyTo(Everwire.server()).start()) {
      assertThatThrownBy(() -> SecurityExamples.signedIn(uri(server), TokenSupplier.fixed("guess")))
          .isInstanceOf(ConnectFailedException.class);
    }
  }
}
