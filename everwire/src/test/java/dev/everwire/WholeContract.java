package dev.everwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.Event;
import dev.everwire.client.Subscription;
import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Position;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.Call;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Client and server together, whatever carries them. */
@Timeout(60)
abstract class WholeContract {
  private static final Duration SOON = Duration.ofSeconds(10);

  record Price(String pair, double rate) {}

  private final BlockingQueue<Status> statuses = new LinkedBlockingQueue<>();
  private final List<Client> clients = new ArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final CompletableFuture<String> hanging = new CompletableFuture<>();
  private Server server;

  /** A server where clients look for it; the same place each time. */
  abstract ServerBuilder serverThere();

  /** A client of that server. */
  abstract ClientBuilder clientThere();

  /** A client that asks for another path. */
  abstract ClientBuilder clientElsewhere();

  /** Cuts every connection without a word. */
  abstract void cut();

  /** From now on nobody gets through to the server; or again, with true. */
  abstract void reachable(boolean on);

  abstract void closeNetwork();

  @AfterEach
  void closeAll() {
    release.countDown();
    clients.forEach(Client::close);
    if (server != null) {
      server.close();
    }
    closeNetwork();
  }

  // ---- calls

  @Test
  void callsGoBothWaysAndNest() throws IOException {
    startServer();
    Client client =
        connect(
            clientThere()
                .method("twice", call -> 2 * call.params().get(0, "n", Integer.class))
                .method(
                    "viaServer",
                    call ->
                        call.caller()
                            .peer()
                            .call(
                                "add",
                                List.of(call.params().get(0, "n", int.class), 1),
                                int.class)));

    assertThat(client.call("add", Map.of("a", 2, "b", 3), int.class)).isEqualTo(5);
    assertThat(client.call("askBack", List.of("twice", 21), int.class)).isEqualTo(42);
    assertThat(client.call("askBack", List.of("viaServer", 41), int.class)).isEqualTo(42);
    assertThatThrownBy(() -> client.call("nothing", null, Object.class))
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> assertThat(e.fault().code()).isEqualTo(FaultCode.METHOD_NOT_FOUND));
    assertThatThrownBy(() -> client.call("fails", null, Object.class))
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> {
              assertThat(e.fault().code()).isEqualTo(FaultCode.INTERNAL);
              assertThat(e.fault().message()).doesNotContain("secret");
            });
  }

  @Test
  void aPlainClientCallsToo() throws IOException {
    startServer();
    Client client = connect(clientThere().plain());

    assertThat(client.call("add", List.of(2, 3), int.class)).isEqualTo(5);
    assertThat(client.sessionId()).isEmpty();
  }

  @Test
  void aCallEndsAtItsDeadline() throws Exception {
    startServer();
    Client client = connect(clientThere());

    assertThatThrownBy(
            () -> client.call("hang", null, Object.class, CallOptions.within(millis(200))))
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> assertThat(e.fault().code()).isEqualTo(FaultCode.DEADLINE_PASSED));
    assertThat(hanging.get(10, TimeUnit.SECONDS)).isEqualTo("interrupted");
  }

  @Test
  void pendingCallsThatFailFastEndAtOnceWhenTheLinkIsCut() throws Exception {
    startServer();
    Client client = connect(clientThere());
    CompletableFuture<Object> call =
        client.callAsync(
            "hang", null, Object.class, CallOptions.within(Duration.ofMinutes(1)).failFast());
    assertThat(client.call("add", List.of(1, 1), int.class)).isEqualTo(2);

    cut();

    assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            ConnectionLostException.class, e -> assertThat(e.maybeExecuted()).isTrue());
  }

  // ---- topics

  @Test
  void whatIsPublishedByAnybodyReachesEverySubscriber() throws Exception {
    startServer();
    Client one = connect(clientThere());
    Client two = connect(clientThere());
    Subscription<Price> first = one.subscribe("prices/eur", Price.class);
    Subscription<Price> second = two.subscribe("prices/eur", Price.class);
    awaitPosition(first);
    awaitPosition(second);

    Position a = server.topics().publish("prices/eur", new Price("EURUSD", 1.0842));
    Position b = one.publish("prices/eur", new Price("EURCHF", 0.93));

    for (Subscription<Price> each : List.of(first, second)) {
      assertThat(each.next()).isEqualTo(new Event.Item<>(new Price("EURUSD", 1.0842), a));
      assertThat(each.next()).isEqualTo(new Event.Item<>(new Price("EURCHF", 0.93), b));
    }
    assertThat(two.history("prices/eur", null, 10, Price.class))
        .containsExactly(
            new Event.Item<>(new Price("EURUSD", 1.0842), a),
            new Event.Item<>(new Price("EURCHF", 0.93), b));
  }

  @Test
  void whatWasMissedWhileTheLinkWasCutFollows() throws Exception {
    startServer();
    Client client = connect(clientThere());
    Subscription<Integer> numbers = client.subscribe("numbers", Integer.class);
    awaitPosition(numbers);
    publish(1, 3);
    assertItems(numbers, 1, 3);

    reachable(false);
    cut();
    await(Status.Reconnecting.class);
    publish(4, 900);
    reachable(true);
    await(Status.Ready.class);
    publish(901, 905);

    assertItems(numbers, 4, 905);
  }

  @Test
  void cutsInTheMiddleOfAStreamLoseAndDoubleNothing() throws Exception {
    startServer();
    Client client = connect(clientThere());
    Subscription<Integer> numbers = client.subscribe("numbers", Integer.class);
    awaitPosition(numbers);

    for (int n = 0; n < 500; n++) {
      publish(n + 1, n + 1);
      if (n % 100 == 50) {
        cut();
      }
    }

    assertItems(numbers, 1, 500);
  }

  @Test
  void aRestartedServerIsFoundAgainAndTheNewEpochIsToldAsAGap() throws Exception {
    startServer();
    Client client = connect(clientThere());
    Subscription<Integer> numbers = client.subscribe("numbers", Integer.class);
    awaitPosition(numbers);
    publish(1, 3);
    assertItems(numbers, 1, 3);
    Position before = numbers.position().orElseThrow();

    server.close();
    await(Status.Reconnecting.class);
    startServer();
    await(Status.Ready.class);

    assertThat(numbers.next())
        .isInstanceOfSatisfying(
            Event.Gap.class,
            gap -> {
              assertThat(gap.reason()).isEqualTo("epoch");
              assertThat(gap.from()).isEqualTo(before);
              assertThat(gap.to().epoch()).isNotEqualTo(before.epoch());
            });
    publish(4, 6);
    assertItems(numbers, 4, 6);
    assertThat(client.call("add", List.of(1, 1), int.class)).isEqualTo(2);
  }

  @Test
  void aTopicThatDoesNotExistEndsTheSubscription() throws IOException {
    startServer();
    Client client = connect(clientThere());

    try (Subscription<String> nothing = client.subscribe("nothing/here", String.class)) {
      assertThatThrownBy(nothing::next)
          .isInstanceOfSatisfying(
              FaultException.class,
              e -> assertThat(e.fault().code()).isEqualTo(FaultCode.NOT_FOUND));
    }
  }

  @Test
  void afterTheLastSubscriptionIsClosedAFreshOneBeginsWithWhatIsNext() throws Exception {
    startServer();
    Client client = connect(clientThere());
    for (int round = 0; round < 20; round++) {
      try (Subscription<Integer> numbers = client.subscribe("numbers", Integer.class)) {
        awaitPosition(numbers);
        publish(round, round);
        assertItems(numbers, round, round);
      }
    }
  }

  // ---- life

  @Test
  void aPathThatIsNotThereIsRefusedForGood() throws IOException {
    startServer();

    assertThatThrownBy(() -> clientElsewhere().connect())
        .isInstanceOfSatisfying(
            ConnectFailedException.class, e -> assertThat(e.httpStatus()).isEqualTo(404));
  }

  @Test
  void connectWaitsForAServerThatIsLate() throws Exception {
    Client client = start(clientThere());
    await(Status.Reconnecting.class);

    startServer();

    await(Status.Ready.class);
    assertThat(client.sessionId()).isPresent();
  }

  @Test
  void connectGivesUpWhenItsTimeIsOver() {
    assertThatThrownBy(() -> clientThere().connectWithin(millis(300)).connect())
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("not connected within PT0.3S");
  }

  @Test
  void closeDuringBackOffEndsWithinASecond() throws Exception {
    Client client = start(clientThere().reconnect(ReconnectPolicy.fixed(Duration.ofHours(1))));
    await(Status.Reconnecting.class);
    Subscription<Integer> numbers = client.subscribe("numbers", Integer.class);
    CompletableFuture<Boolean> reader =
        CompletableFuture.supplyAsync(() -> numbers.iterator().hasNext());

    long begun = System.nanoTime();
    client.close();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
    assertThat(reader.get(1, TimeUnit.SECONDS)).isFalse();
    assertThat(await(Status.Closed.class).why()).isEqualTo("closed by this client");
  }

  @Test
  void closeOfALiveClientEndsWithinASecondAndTheServerForgetsIt() throws Exception {
    startServer();
    Client client = connect(clientThere());
    Subscription<Integer> numbers = client.subscribe("numbers", Integer.class);
    awaitPosition(numbers);

    long begun = System.nanoTime();
    client.close();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
    assertThat(numbers.iterator().hasNext()).isFalse();
    assertThat(client.status()).isInstanceOf(Status.Closed.class);
    long deadline = System.nanoTime() + SOON.toNanos();
    while (server.connections() > 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(server.connections()).isZero();
  }

  @Test
  void aClosedClientAnswersEverythingAtOnce() throws Exception {
    startServer();
    Client client = connect(clientThere());
    client.close();

    assertThatThrownBy(() -> client.call("add", List.of(1, 1), int.class))
        .isInstanceOfSatisfying(
            ConnectionLostException.class, e -> assertThat(e.maybeExecuted()).isFalse());
    assertThatThrownBy(() -> client.publish("prices/eur", 1))
        .isInstanceOf(ConnectionLostException.class);
    assertThatThrownBy(() -> client.publishAsync("prices/eur", 1).get(1, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ConnectionLostException.class);
    assertThat(client.notify("note", null)).isEqualTo(Offer.CLOSED);
    try (Subscription<Integer> late = client.subscribe("numbers", Integer.class)) {
      assertThat(late.iterator().hasNext()).isFalse();
    }
    client.close();
    assertThat(client.closeAsync()).isCompleted();
  }

  @Test
  void aStatusListenerMayCloseTheClient() throws Exception {
    startServer();
    CompletableFuture<Client> self = new CompletableFuture<>();
    Client client =
        clientThere()
            .onStatus(status -> {
              statuses.add(status);
              if (status instanceof Status.Ready) {
                self.join().close();
              }
            })
            .start();
    clients.add(client);
    self.complete(client);

    await(Status.Closed.class);
  }

  @Test
  void statusesAreToldInOrder() throws Exception {
    startServer();
    Client client = connect(clientThere());
    cut();
    await(Status.Reconnecting.class);
    await(Status.Ready.class);
    client.close();
    await(Status.Closed.class);
    assertThat(statuses).isEmpty();
  }

  // ---- words

  private void startServer() throws IOException {
    server =
        serverThere()
            .values(JacksonValues.create())
            .drainFor(Duration.ofMillis(100))
            .method(
                "add",
                call -> call.params().get(0, "a", int.class) + call.params().get(1, "b", int.class))
            .method(
                "askBack",
                call ->
                    call.caller()
                        .peer()
                        .call(
                            call.params().get(0, "method", String.class),
                            List.of(call.params().get(1, "n", int.class)),
                            int.class))
            .method("hang", this::hang)
            .method(
                "fails",
                call -> {
                  throw new IllegalStateException("secret");
                })
            .topic(TopicRule.named("prices/*").publishable())
            .topic(TopicRule.named("numbers").keepLast(10_000))
            .start();
  }

  private String hang(Call call) {
    try {
      release.await();
      hanging.complete("released");
    } catch (InterruptedException e) {
      hanging.complete("interrupted");
      Thread.currentThread().interrupt();
    }
    return call.method();
  }

  private Client connect(ClientBuilder builder) {
    Client client = watched(builder).connect();
    clients.add(client);
    return client;
  }

  private Client start(ClientBuilder builder) {
    Client client = watched(builder).start();
    clients.add(client);
    return client;
  }

  private ClientBuilder watched(ClientBuilder builder) {
    return builder.onStatus(statuses::add);
  }

  private void publish(int from, int to) {
    for (int n = from; n <= to; n++) {
      server.topics().publish("numbers", n);
    }
  }

  private static void assertItems(Subscription<Integer> numbers, int from, int to)
      throws InterruptedException {
    for (int n = from; n <= to; n++) {
      Event<Integer> event = numbers.poll(SOON).orElseThrow();
      int expected = n;
      assertThat(event)
          .isInstanceOfSatisfying(
              Event.Item.class, item -> assertThat(item.value()).isEqualTo(expected));
    }
  }

  /** Waits until the server has answered the subscription. */
  private static void awaitPosition(Subscription<?> subscription) {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (subscription.position().isEmpty() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(subscription.position()).isPresent();
  }

  /** The next status of this kind; what comes before it is forgotten. */
  private <S extends Status> S await(Class<S> kind) throws InterruptedException {
    while (true) {
      Status next = statuses.poll(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(next).as("status " + kind.getSimpleName()).isNotNull();
      if (kind.isInstance(next)) {
        return kind.cast(next);
      }
    }
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }
}
