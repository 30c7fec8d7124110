package dev.everwire.crowd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.Subscription;
import dev.everwire.client.foreign.ForeignClient;
import dev.everwire.client.foreign.handler.JsonRpcHandler;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.Status;
import dev.everwire.server.Server;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ComingAndGoingTest {
  private static final int FLOOD = 2_000; // more events than may wait

  private Server server;
  private Set<Thread> before;

  @BeforeEach
  void start() throws IOException {
    server =
        Everwire.server(0)
            .topic(TopicRule.named("numbers"))
            .method("twice", call -> 2 * call.params().get(0, "n", int.class))
            .raw("/flood", TransportLimits.SERVER, Flooding::new)
            .start();
    before = everwire();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aHundredClientsThatComeAndGoLeaveNothing() throws Exception {
    for (int i = 0; i < 100; i++) {
      try (Client client = Everwire.client(uri("/ws")).start();
          Subscription<Integer> numbers = client.subscribe("numbers", Integer.class)) {
        if (i % 2 == 0) { // the others are gone before they were there
          assertThat(client.call("twice", List.of(i), int.class)).isEqualTo(2 * i);
          numbers.confirmed().get(10, TimeUnit.SECONDS);
        }
      }
    }
    assertNothingIsLeft();
  }

  @Test
  void clientsThatAreThereTogetherAndGoTogetherLeaveNothing() {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(Everwire.client(uri("/ws")).start());
    }
    Await.until(() -> clients.stream().allMatch(c -> c.status() instanceof Status.Ready));
    assertThat(server.connections()).isEqualTo(20);
    clients.forEach(Client::closeAsync);
    assertNothingIsLeft();
  }

  @Test
  void theConnectionEndsWithTheLastHandleAndNotBefore() throws Exception {
    Client one = Everwire.client(uri("/ws")).connect();
    Client other = one.share();
    Subscription<Integer> numbers = other.subscribe("numbers", Integer.class);
    numbers.confirmed().get(10, TimeUnit.SECONDS);

    one.close();
    one.close();
    assertThat(other.call("twice", List.of(21), int.class)).isEqualTo(42);

    Set<Thread> threads = everwire();
    threads.removeAll(before);
    other.close();
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(1))).as(thread.getName()).isTrue();
    }
    assertThat(numbers.iterator().hasNext()).isFalse();
    assertThat(other.status()).isInstanceOf(Status.Closed.class);
    assertThatThrownBy(() -> other.call("twice", List.of(1), int.class))
        .isInstanceOf(ConnectionLostException.class);
    assertThatThrownBy(other::share).isInstanceOf(IllegalStateException.class);
    assertNothingIsLeft();
  }

  @Test
  void aListenerThatDoesNotReturnHoldsUpNeitherCallsNorClose() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Client client = Everwire.client(uri("/ws")).onEvent(event -> hang(release)).connect();
    assertThat(client.call("twice", List.of(21), int.class)).isEqualTo(42);
    client.close();
    Await.until(() -> server.connections() == 0);
    release.countDown();
    assertNothingIsLeft();
  }

  @Test
  void moreEventsThanMayWaitAreCountedAndDoNotHoldUpClose() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    LinkedBlockingQueue<ClientEvent> heard = new LinkedBlockingQueue<>();
    ForeignClient client =
        Everwire.client(uri("/flood"), JsonRpcHandler.create())
            .onEvent(event -> {
              if (event instanceof ClientEvent.Message) {
                hang(release);
              }
              heard.add(event);
            })
            .connect();
    client.sendText("go");
    client.request(JsonRpcHandler.request("after", null), Integer.class); // behind the flood
    client.close();
    Await.until(() -> server.connections() == 0);

    release.countDown();
    Await.until(() -> heard.stream().anyMatch(ComingAndGoingTest::last));
    Await.until(() -> messages(heard) + missed(heard) == FLOOD);
    assertThat(messages(heard)).isBetween(256L, 257L); // those that waited, and the one heard
    assertNothingIsLeft();
  }

  private static long messages(Collection<ClientEvent> heard) {
    return heard.stream().filter(ClientEvent.Message.class::isInstance).count();
  }

  private static long missed(Collection<ClientEvent> heard) {
    return heard.stream()
        .mapToLong(event -> event instanceof ClientEvent.Missed(long epoch, long count) ? count : 0)
        .sum();
  }

  private static boolean last(ClientEvent event) {
    return event instanceof ClientEvent.StatusChanged(long epoch, Status status)
        && status.terminal();
  }

  private void assertNothingIsLeft() {
    Await.until(() -> server.connections() == 0);
    Await.until(() -> before.containsAll(everwire()));
  }

  private static void hang(CountDownLatch release) {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private URI uri(String path) {
    return URI.create("ws://127.0.0.1:" + server.port() + path);
  }

  /** Of clients: those of the server begin when they are needed. */
  private static Set<Thread> everwire() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .filter(thread -> thread.getName().contains("everwire"))
        .filter(thread -> !thread.getName().contains("everwire-server"))
        .collect(Collectors.toSet());
  }

  /** Says a lot that nobody asked for, and answers whatever comes after it. */
  private record Flooding(Transport transport) implements Receiver {
    @Override
    public void onText(ByteBuffer utf8) {
      if (utf8.remaining() == "go".length()) {
        for (int i = 0; i < FLOOD; i++) {
          transport.sendText(ByteBuffer.wrap(("{\"news\":" + i + "}").getBytes(UTF_8)));
        }
      } else {
        String request = UTF_8.decode(utf8).toString();
        String id = request.replaceFirst(".*\"id\":(\"[^\"]*\"|\\d+).*", "$1");
        transport.sendText(
            ByteBuffer.wrap(
                ("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":1}").getBytes(UTF_8)));
      }
    }

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {}
  }
}
