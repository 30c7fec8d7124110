package dev.everwire.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.Server;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.server.access.Authentication;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Principal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/operations/administration.md says is so. */
@Timeout(60)
class AdministrationDocumentTest {

  @Test
  void everyJavaExampleIsOneThatIsCompiledHere() throws IOException {
    Path home = Path.of(System.getProperty("everwire.home")).normalize();
    List<String> regions =
        DocumentsTest.regions(
            home.resolve("it/src/test/java/dev/everwire/it/docs/AdministrationExamples.java"));
    assertThat(DocumentsTest.shown(home.resolve("docs/operations/administration.md")))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(regions);
  }

  @Test
  void anOperatorDrainsAServerAndTheProgramHearsOfIt() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    List<AuditEvent> log = new CopyOnWriteArrayList<>();
    Principal operator = Principal.of("ops", "test").withRoles(Set.of("operator"));
    try (Server server =
            AdministrationExamples.administered(gone, log::add)
                .authentication(
                    Authentication.by(credentials ->
                        CompletableFuture.completedStage(new Verdict.Accepted(operator))))
                .start();
        Client client =
            Everwire.client(URI.create("ws://" + server.host() + ":" + server.port() + "/ws"))
                .token("operator")
                .connect()) {
      client.call("rpc.admin.drain", Map.of("withinMs", 100), RawJson.class);
      assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(log)
        .anyMatch(
            event -> event instanceof AuditEvent.Administered done && done.what().equals("drain"));
  }
}
