package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.Status;
import dev.everwire.session.CallOptions;
import dev.everwire.session.flow.CircuitBreaker;
import dev.everwire.session.transport.Acceptor.Refuse;
import dev.everwire.testkit.CutPlan;
import dev.everwire.testkit.Faults;
import dev.everwire.testkit.MemoryNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The events of a client's life in their order, and its end in every state. */
class ClientLifeTest {
  private static final URI SERVER = URI.create("ws://server/ws");

  private final ClientFixture fixture = new ClientFixture();

  @AfterEach
  void nothingIsLeft() {
    fixture.close();
  }

  // ---- events

  @Test
  void theEventsOfALifeComeInTheirOrderWithTheEpochTheyAreAbout() {
    Client client = fixture.live(fixture.builder());
    fixture.server.close(1012, "restart");
    fixture.network.advance(Duration.ofMillis(1_100));
    fixture.server.welcome();
    var unused = client.closeAsync();
    fixture.network.advance(ClientFixture.SECOND);

    assertThat(fixture.events)
        .containsExactly(
            status(0, new Status.Connecting(1)),
            new ClientEvent.Connected(1, SERVER),
            status(1, new Status.Connected()),
            status(1, new Status.Ready(false)),
            new ClientEvent.Disconnected(1, 1012, "restart"),
            status(
                1, new Status.Reconnecting(2, ClientFixture.SECOND, "closed with 1012: restart")),
            status(1, new Status.Connecting(2)),
            new ClientEvent.Connected(2, SERVER),
            status(2, new Status.Connected()),
            status(2, new Status.Ready(false)),
            status(2, new Status.Closing()),
            new ClientEvent.Disconnected(2, 1000, "closed by this client"),
            status(2, new Status.Closed("closed by this client")));
  }

  @Test
  void aListenerThatBlocksHoldsUpNeitherTheClientNorItsEnd() throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    AtomicReference<ClientEvent> last = new AtomicReference<>();
    ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    try (workers) {
      Client client =
          fixture.live(
              fixture
                  .builder()
                  .workers(workers)
                  .onEvent(event -> {
                    last.set(event);
                    told.countDown();
                    try {
                      blocked.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                    fixture.events.add(event);
                  }));
      assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<Void> ended = client.closeAsync();
      fixture.network.advance(ClientFixture.SECOND);
      assertThat(ended).isCompleted();
      assertThat(client.status()).isEqualTo(new Status.Closed("closed by this client"));
      assertThat(last.get()).isEqualTo(status(0, new Status.Connecting(1)));
      blocked.countDown();
    }
    assertThat(fixture.events.getFirst()).isEqualTo(status(0, new Status.Connecting(1)));
    assertThat(fixture.events.getLast())
        .isEqualTo(status(1, new Status.Closed("closed by this client")));
  }

  @Test
  void aListenerMayCloseTheClient() throws Exception {
    ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    AtomicReference<Client> client = new AtomicReference<>();
    CountDownLatch known = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    MemoryNetwork.Driving driving = fixture.network.drive();
    try (workers) {
      client.set(
          fixture
              .builder()
              .workers(workers)
              .onEvent(event -> {
                fixture.events.add(event);
                if (event instanceof ClientEvent.Connected) {
                  try {
                    known.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  client.get().close();
                } else if (event instanceof ClientEvent.StatusChanged(long epoch, Status status)
                    && status.terminal()) {
                  over.countDown();
                }
              })
              .start());
      fixture.client = client.get();
      known.countDown();
      assertThat(over.await(5, TimeUnit.SECONDS)).isTrue();
    } finally {
      driving.close();
    }
    assertThat(fixture.events.getLast())
        .isEqualTo(status(1, new Status.Closed("closed by this client")));
  }

  // ---- the end

  enum Moment {
    ASKING_FOR_A_TOKEN,
    DIALLING,
    OPEN_BUT_NOT_TOLD,
    GREETING,
    READY,
    WAITING,
    HELD_BACK,
    SUCCESSOR_DUE,
    SUCCESSOR_ASKING_FOR_A_TOKEN,
    SUCCESSOR_DIALLING,
    SUCCESSOR_GREETING,
    FORMER_STILL_LEAVING
  }

  @ParameterizedTest
  @EnumSource
  void closeWinsAtEveryMoment(Moment moment) {
    switch (moment) {
      case ASKING_FOR_A_TOKEN -> {
        holding = true;
        fixture.start(fixture.builder().workers(this::work).tokens(renew -> "t"));
      }
      case DIALLING -> {
        silence();
        fixture.start(fixture.builder());
      }
      case OPEN_BUT_NOT_TOLD -> {
        Client client = fixture.builder().start();
        fixture.client = client;
        fixture.dialer.loop().execute(client::closeAsync);
      }
      case GREETING -> fixture.start(fixture.builder());
      case READY -> fixture.live(fixture.builder());
      case WAITING -> {
        fixture.network.faults(Faults.refuseFirst(1));
        Client client = fixture.start(fixture.builder());
        assertThat(client.status()).isInstanceOf(Status.Reconnecting.class);
      }
      case HELD_BACK -> {
        Client client = fixture.start(fixture.builder().breaker(open()));
        assertThat(client.status()).isInstanceOf(Status.Reconnecting.class);
      }
      case SUCCESSOR_DUE -> {
        fixture.live(fixture.builder());
        goaway(8_000);
      }
      case SUCCESSOR_ASKING_FOR_A_TOKEN -> {
        fixture.live(fixture.builder().workers(this::work).tokens(renew -> "t"));
        holding = true;
        goaway(0);
        fixture.network.advance(Duration.ofMillis(1_100));
        assertThat(held).isNotEmpty();
      }
      case SUCCESSOR_DIALLING -> {
        fixture.live(fixture.builder());
        silence();
        goaway(0);
        fixture.network.advance(Duration.ofMillis(1_100));
      }
      case SUCCESSOR_GREETING -> {
        fixture.live(fixture.builder());
        goaway(0);
        fixture.network.advance(Duration.ofMillis(1_100));
        assertThat(fixture.server.connections()).isEqualTo(2);
      }
      case FORMER_STILL_LEAVING -> {
        Client client = fixture.live(fixture.builder());
        var unused = client.callAsync("slow", null, String.class, CallOptions.withoutDeadline());
        assertThat(fixture.server.hear()).contains("slow");
        goaway(0);
        fixture.network.advance(Duration.ofMillis(1_100));
        fixture.server.welcome();
        assertThat(fixture.server.closes()).isEmpty();
      }
    }
    if (holding) {
      CompletableFuture<Void> ended = fixture.client().closeAsync();
      fixture.network.advance(ClientFixture.SECOND);
      assertThat(ended).isCompleted();
      holding = false;
      held.forEach(Runnable::run);
    }
    fixture.close();
  }

  private final List<Runnable> held = new ArrayList<>();
  private boolean holding;

  private void work(Runnable task) {
    if (holding) {
      held.add(task);
    } else {
      task.run();
    }
  }

  private static CircuitBreaker open() {
    CircuitBreaker breaker = CircuitBreaker.create();
    for (int i = 0; i < 5; i++) {
      breaker.enter(0).orElseThrow().failed(0);
    }
    return breaker;
  }

  @Test
  void aSupplierThatWouldBlockForEverIsInterrupted() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CompletableFuture<String> ended = new CompletableFuture<>();
    Client client =
        fixture.start(
            fixture
                .builder()
                .workers(task -> Thread.ofVirtual().start(task))
                .onEvent(event -> {})
                .tokens(renew -> {
                  asked.countDown();
                  try {
                    new CountDownLatch(1).await();
                    return "never";
                  } catch (InterruptedException e) {
                    ended.complete("interrupted");
                    throw e;
                  }
                }));
    assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
    var unused = client.closeAsync();
    fixture.network.runUntilIdle();

    assertThat(ended.get(5, TimeUnit.SECONDS)).isEqualTo("interrupted");
    fixture.client = null;
  }

  @Test
  void theClientEndsWithItsLastHandle() {
    Client first = fixture.live(fixture.builder());
    Client second = first.share();
    assertThat(first.closeAsync()).isCompleted();
    assertThat(first.closeAsync()).isCompleted();
    fixture.network.advance(ClientFixture.SECOND);
    assertThat(second.status()).isEqualTo(new Status.Ready(false));

    CompletableFuture<Void> ended = second.closeAsync();
    fixture.network.advance(ClientFixture.SECOND);
    assertThat(ended).isCompleted();
    assertThatThrownBy(second::share).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aDialerThatWasClosedFirstLeavesNobodyWaiting() {
    Client client = fixture.live(fixture.builder());
    fixture.dialer.close();

    CompletableFuture<Void> ended = client.closeAsync();
    assertThat(ended).isCompleted();
    assertThat(client.status().terminal()).isTrue();
    assertThat(fixture.events.getLast()).isEqualTo(status(1, client.status()));
    assertThat(fixture.statuses().filter(Status::terminal)).hasSize(1);
    fixture.client = null;
    assertThatThrownBy(() -> fixture.builder().start())
        .hasMessage("dialer: closed (expected: open)");
  }

  @Test
  void aDeadLinkIsLeftAsSoonAsItIsFoundOut() {
    long welcome = ScriptedServer.WELCOME.length() + 8L;
    fixture.network.faults(
        dial -> Faults.Plan.NONE.cut(CutPlan.afterReceived(welcome).told(CutPlan.Told.ACCEPTOR)));
    Client client = fixture.live(fixture.builder());
    fixture.server.say("{\"jsonrpc\":\"2.0\",\"method\":\"$/pong\"}"); // never arrives
    fixture.network.faults(Faults.none());

    fixture.network.advance(Duration.ofSeconds(35).plusMillis(700));
    assertThat(client.status()).isNotInstanceOf(Status.Ready.class);
    assertThat(fixture.events(ClientEvent.Disconnected.class))
        .extracting(ClientEvent.Disconnected::code)
        .containsExactly(4001);
  }

  // ---- when to dial

  @Test
  void aBreakerKeepsFromDiallingWithoutCountingAsAFailure() {
    CircuitBreaker breaker = CircuitBreaker.create();
    fixture.network.faults(Faults.refuseFirst(5));
    fixture.start(
        fixture
            .builder()
            .breaker(breaker)
            .reconnect((failures, random) -> Optional.of(Duration.ofMillis(100))));
    fixture.network.advance(Duration.ofSeconds(10));
    assertThat(breaker.state(fixture.dialer.loop().now())).isEqualTo(CircuitBreaker.State.OPEN);
    assertThat(fixture.client().figures().attempts()).isEqualTo(5);
    assertThat(fixture.client().status())
        .isInstanceOfSatisfying(
            Status.Reconnecting.class,
            waiting -> {
              assertThat(waiting.attempt()).isEqualTo(6);
              assertThat(waiting.delay()).isBetween(Duration.ofSeconds(55), Duration.ofSeconds(60));
              assertThat(waiting.why()).isEqualTo("the circuit breaker is open");
            });

    Status.Reconnecting waiting = (Status.Reconnecting) fixture.client().status();
    fixture.network.advance(waiting.delay());
    fixture.server.welcome();
    assertThat(fixture.client().status()).isEqualTo(new Status.Ready(false));
    assertThat(fixture.client().figures().successes()).isEqualTo(1);
  }

  @Test
  void twoClientsShareABreakerThatLetsOneTryFirst() {
    CircuitBreaker breaker = CircuitBreaker.builder().trials(1).build();
    for (int i = 0; i < 5; i++) {
      long now = fixture.dialer.loop().now();
      breaker.enter(now).orElseThrow().failed(now);
    }
    fixture.start(fixture.builder().breaker(breaker));
    Client other = fixture.builder().onEvent(event -> {}).breaker(breaker).start();
    fixture.network.advance(Duration.ofMillis(60_200));
    assertThat(fixture.server.connections()).isEqualTo(1);
    fixture.server.welcome();
    fixture.network.advance(Duration.ofMillis(5_200));
    assertThat(fixture.server.connections()).isEqualTo(2);
    fixture.server.welcome();
    assertThat(other.status()).isEqualTo(new Status.Ready(false));
    var unused = other.closeAsync();
  }

  @Test
  void anotherEndpointIsDialledWhileTheFirstWantsToBeLeftAlone() {
    try (ScriptedServer second = new ScriptedServer(fixture.network, "second")) {
      fixture.server.refuse(new Refuse(503, "busy", Map.of("Retry-After", "30")));
      fixture.start(fixture.builder().endpoint(URI.create("ws://second/ws")));
      fixture.network.advance(Duration.ofMillis(1_100));
      second.welcome();
      assertThat(fixture.client().status()).isEqualTo(new Status.Ready(false));
      fixture.server.refuse(null);
      second.cut();
      fixture.network.advance(Duration.ofMillis(2_100));
      assertThat(fixture.server.connections()).isZero(); // not before its 30 s
      second.welcome();
      second.cut();
    }
  }

  @Test
  void aPresentOneLostWhileItsSuccessorGreetsIsToldAndTheFiguresGoOn() {
    Client client = fixture.live(fixture.builder());
    goaway(0);
    fixture.network.advance(Duration.ofMillis(1_100));
    fixture.server.closeOn(1, 1012);
    assertThat(client.status()).isEqualTo(new Status.Connected());

    fixture.server.welcome();
    fixture.network.advance(Duration.ofSeconds(2));
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
    assertThat(client.epoch()).isEqualTo(2);
    assertThat(client.figures().attempts()).isEqualTo(2);
    assertThat(client.figures().successes()).isEqualTo(2);
    assertThat(client.figures().uptime()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
  }

  private void goaway(long inMs) {
    fixture.server.say(
        "{\"jsonrpc\":\"2.0\",\"method\":\"$/goaway\",\"params\":{\"reason\":\"deploy\",\"inMs\":"
            + inMs
            + ",\"closeAtMs\":30000}}");
  }

  private void silence() {
    fixture.network.faults(
        dial -> new Faults.Plan(Faults.Answer.SILENCE, Duration.ZERO, CutPlan.NEVER));
  }

  private static ClientEvent status(long epoch, Status status) {
    return new ClientEvent.StatusChanged(epoch, status);
  }
}
