package dev.everwire.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.Subscription;
import dev.everwire.protocol.Offer;
import dev.everwire.server.Server;
import dev.everwire.server.connection.ConnectionHooks;
import dev.everwire.server.connection.Report;
import dev.everwire.server.connection.ServerConnection;
import dev.everwire.server.drain.DrainReport;
import dev.everwire.server.resume.ResumeKey;
import dev.everwire.server.resume.ResumeKeys;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/server.md says is so. */
@Timeout(60)
class ServerDocumentTest {
  private static URI uri(Server server) {
    return URI.create("ws://" + server.host() + ":" + server.port() + "/ws");
  }

  private static byte[] secret(int of) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) of);
    return secret;
  }

  @Test
  void everyJavaExampleIsOneThatIsCompiledHere() throws IOException {
    Path home = Path.of(System.getProperty("everwire.home")).normalize();
    List<String> regions =
        DocumentsTest.regions(
            home.resolve("it/src/test/java/dev/everwire/it/docs/ServerExamples.java"));
    assertThat(DocumentsTest.shown(home.resolve("docs/server.md")))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(regions);
  }

  @Test
  void connectionsAreFoundAndReached() throws Exception {
    CountDownLatch in = new CountDownLatch(1);
    ConnectionHooks hooks =
        new ConnectionHooks() {
          @Override
          public void onConnect(ServerConnection connection) {
            in.countDown();
          }
        };
    try (Server server = ServerExamples.known(hooks).start();
        Client client = Everwire.client(uri(server)).connect()) {
      assertThat(in.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(client.sessionId()).isPresent();
      ServerConnection connection = server.registry().page(null, 10).getFirst();
      assertThat(ServerExamples.greet(server, connection.connectionId())).isEqualTo(Offer.QUEUED);
      assertThat(connection.attributes().get(ServerExamples.LOCALE)).contains("fr");
      Report report = ServerExamples.alert(server, "nobody");
      assertThat(report.targets()).isOne();
      assertThat(ServerExamples.alert(server, connection.connectionId()).targets()).isZero();
    }
  }

  @Test
  void anInboxReachesItsSession() throws Exception {
    ResumeKeys keys = ResumeKeys.of(ResumeKey.of("2026-11", secret(1)));
    try (Server server = ServerExamples.resuming(keys).start();
        Client client = Everwire.client(uri(server)).connect()) {
      ServerExamples.rotate(keys, secret(2), secret(1));
      try (Subscription<Object> inbox = client.inbox(Object.class)) {
        ServerExamples.tell(server, client.sessionId().orElseThrow());
        assertThat(inbox.iterator().next().toString()).contains("invoice.ready");
      }
    }
  }

  @Test
  void whatIsSetIsServed() throws Exception {
    for (Server server :
        List.of(
            ServerExamples.lively().start(),
            ServerExamples.paced().start(),
            ServerExamples.pressed().start(),
            ServerExamples.feeding(Silent::new).start())) {
      try (server;
          Client client = Everwire.client(uri(server)).connect()) {
        assertThat(client.sessionId()).isPresent();
      }
    }
  }

  @Test
  void aNotificationMayHaveAPriority() throws Exception {
    try (Server server = ServerExamples.pressed().start();
        Client client = Everwire.client(uri(server)).connect()) {
      assertThat(client.sessionId()).isPresent();
      assertThat(ServerExamples.quote(server.callers().getFirst().peer(), Map.of("p", 1)))
          .isEqualTo(Offer.QUEUED);
    }
  }

  @Test
  void aServerThatGoesAwayReports() throws Exception {
    Server server = ServerExamples.replaceable(URI.create("ws://127.0.0.1:1/ws")).start();
    DrainReport report = ServerExamples.replace(server);
    assertThat(report.failed()).isZero();
  }

  private static final class Silent implements Receiver {
    Silent(Transport transport) {
      assertThat(transport.open()).isTrue();
    }

    @Override
    public void onText(ByteBuffer utf8) {}

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {}
  }
}
