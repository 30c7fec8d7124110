package dev.everwire.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.ClientPool;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.Status;
import dev.everwire.client.sequence.SequenceGuard;
import dev.everwire.client.sequence.Snapshot;
import dev.everwire.client.sequence.SyncedFeed;
import dev.everwire.it.docs.ClientExamples.Depth;
import dev.everwire.it.docs.ClientExamples.DepthUpdate;
import dev.everwire.it.docs.ClientExamples.Order;
import dev.everwire.it.docs.ClientExamples.Quote;
import dev.everwire.it.docs.ClientExamples.Trade;
import dev.everwire.server.Server;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.contract.Namespace;
import dev.everwire.session.contract.Rpc;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/client.md says is so. */
@Timeout(60)
class ClientDocumentTest {
  @Namespace("orders")
  interface Orders {
    @Rpc(idempotent = true)
    Order find(String id);

    @Rpc
    Order place(String id);
  }

  private static final class Desk implements Orders {
    @Override
    public Order find(String id) {
      return new Order(id);
    }

    @Override
    public Order place(String id) {
      return new Order(id);
    }
  }

  private Server server;
  private URI uri;

  @BeforeEach
  void serve() throws IOException {
    server =
        Everwire.server(0)
            .expose(Orders.class, new Desk())
            .topic(TopicRule.named("quotes/*").keepLast(100))
            .start();
    uri = URI.create("ws://" + server.host() + ":" + server.port() + "/ws");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void everyJavaExampleIsOneThatIsCompiledHere() throws IOException {
    Path home = Path.of(System.getProperty("everwire.home")).normalize();
    assertThat(DocumentsTest.shown(home.resolve("docs/client.md")))
        .isNotEmpty()
        .isEqualTo(
            DocumentsTest.regions(
                home.resolve("it/src/test/java/dev/everwire/it/docs/ClientExamples.java")));
  }

  @Test
  void aClientTellsWhatHappensUntilItIsClosed() {
    CopyOnWriteArrayList<String> told = new CopyOnWriteArrayList<>();
    CopyOnWriteArrayList<ClientEvent> events = new CopyOnWriteArrayList<>();
    try (Client client =
        ClientExamples.patient(
            uri,
            uri,
            renew -> "token",
            event -> {
              told.add(ClientExamples.told(event));
              events.add(event);
            })) {
      assertThat(client.status()).isEqualTo(new Status.Ready(false));
      assertThat(client.figures().successes()).isEqualTo(1);
    }
    assertThat(told).contains("now Ready[resumed=false]");
    assertThat(events.getLast())
        .isEqualTo(new ClientEvent.StatusChanged(1, new Status.Closed("closed by this client")));
  }

  @Test
  void aCallThatWasMadeBeforeTheConnectionIsAnsweredBehindIt() {
    try (Client client = ClientExamples.briefly(uri, pressed -> {})) {
      assertThat(ClientExamples.find(client, "o-1")).isEqualTo(new Order("o-1"));
    }
  }

  @Test
  void aLimitedCallPassesItsLimiter() {
    try (Client client = ClientExamples.slow(uri)) {
      assertThat(ClientExamples.place(client, new Order("o-2"))).isEqualTo(new Order("o-2"));
    }
  }

  @Test
  void aSubscriptionIsConfirmedAndBringsEvents() throws Exception {
    try (Client client = Everwire.client(uri).connect()) {
      BlockingQueue<Quote> shown = new LinkedBlockingQueue<>();
      Thread watcher =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  ClientExamples.watch(client, shown::add, why -> {});
                } catch (Exception e) {
                  Thread.currentThread().interrupt();
                }
              });
      Quote quote = new Quote("EURUSD", 1.0842);
      Quote seen = null;
      while (seen == null) { // until the watcher has subscribed there is nobody to see it
        server.topics().publish("quotes/fx", quote);
        seen = shown.poll(50, TimeUnit.MILLISECONDS);
      }
      assertThat(seen).isEqualTo(quote);
      watcher.interrupt();
      watcher.join();
    }
  }

  @Test
  void whatIsMissingInNumbersIsSaid() {
    SequenceGuard guard = new SequenceGuard();

    assertThat(ClientExamples.check(guard, new Trade("BTC", 7, 1))).isEqualTo("the first");
    assertThat(ClientExamples.check(guard, new Trade("BTC", 8, 1))).isEqualTo("the next");
    assertThat(ClientExamples.check(guard, new Trade("BTC", 11, 1))).startsWith("lost before it");
    assertThat(ClientExamples.check(guard, new Trade("BTC", 11, 1))).isEqualTo("was there before");
  }

  @Test
  void aBookIsLoadedAndGoesOnBehindItsSnapshot() throws Exception {
    Depth depth = new Depth(Map.of(1.0, 2.0), Map.of());
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    SyncedFeed.Book<Depth, DepthUpdate> book = new Noting(told);

    try (SyncedFeed<Depth, DepthUpdate> feed =
        ClientExamples.book(
            () -> CompletableFuture.completedFuture(new Snapshot<>(depth, 10)),
            book,
            task -> Thread.ofVirtual().start(task))) {
      ClientExamples.take(feed, new DepthUpdate(9, 10, Map.of()));
      ClientExamples.take(feed, new DepthUpdate(11, 12, Map.of()));

      assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("loaded 10");
      assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("applied 11-12");
    }
  }

  @Test
  void aPoolCallsWhatItsMembersReach() {
    try (ClientPool pool = ClientExamples.pool(uri)) {
      assertThat(pool.proxy(Orders.class).find("o-3")).isEqualTo(new Order("o-3"));
    }
  }
}
