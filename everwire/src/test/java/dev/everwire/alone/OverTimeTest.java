package dev.everwire.alone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Heartbeat;
import dev.everwire.testkit.CutPlan;
import dev.everwire.testkit.Faults;
import dev.everwire.testkit.MemoryNetwork;
import dev.everwire.testkit.Way;
import dev.everwire.testkit.mock.HelloAnswer;
import dev.everwire.testkit.mock.MockConnection;
import dev.everwire.testkit.mock.MockServer;
import dev.everwire.testkit.mock.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that are left alone for hours, in time that the test moves. */
class OverTimeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final MemoryNetwork network = new MemoryNetwork();
  private final MockServer server = MockServer.in(network, "server");
  private final List<ClientEvent> events = new ArrayList<>();
  private @Nullable Client client;

  @AfterEach
  void close() {
    if (client != null) {
      CompletableFuture<Void> ended = client.closeAsync();
      network.advance(SECOND);
      assertThat(ended).isCompleted();
    }
    server.close();
    network.advance(Duration.ofMinutes(1));
    assertThat(network.timers()).isZero();
  }

  // ---- a healthy link is never dropped

  @ParameterizedTest
  @CsvSource({"30, 10", "25, 10", "5, 20", "1, 1"})
  void aHealthyLinkIsKeptWhateverIntervalAndTimeout(int interval, int timeout) {
    server.everyConnection(
        Script.everwire(
            HelloAnswer.standard()
                .heartbeat(Duration.ofSeconds(interval), Duration.ofSeconds(timeout))));
    start(builder());
    network.advance(HOUR);
    assertThat(server.connections()).isEqualTo(1);
    assertThat(server.openConnections()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"30, 10", "5, 20"})
  void aHealthyLinkToAPlainPeerIsKeptAlso(int interval, int timeout) {
    server.everyConnection(Script.open());
    start(
        builder()
            .plain()
            .heartbeat(new Heartbeat(Duration.ofSeconds(interval), Duration.ofSeconds(timeout))));
    network.advance(HOUR);
    assertThat(server.connections()).isEqualTo(1);
    server.connection().hearNothing();
  }

  @Test
  void aSlowLinkIsAHealthyOne() {
    network.faults(Faults.latency(Duration.ofSeconds(4)));
    server.everyConnection(
        Script.everwire(
            HelloAnswer.standard().heartbeat(SECOND.multipliedBy(30), SECOND.multipliedBy(10))));
    start(builder().dialTimeout(Duration.ofSeconds(20)));
    network.advance(HOUR);
    assertThat(server.connections()).isEqualTo(1);
  }

  // ---- a dead one is found

  @ParameterizedTest
  @EnumSource(Way.class)
  void aLinkThatGoesSilentIsFoundAndWhatWaitedForItEnds(Way silent) {
    network.faults(dial ->
        dial == 0
            ? Faults.Plan.NONE.cut(CutPlan.after(Duration.ofMinutes(1)).halfOpen(silent))
            : Faults.Plan.NONE);
    server.everyConnection(Script.everwire());
    Client caller = start(builder());
    network.advance(Duration.ofSeconds(61));
    CompletableFuture<@Nullable Object> call =
        caller.callAsync("slow", null, String.class, CallOptions.within(HOUR));
    network.advance(Duration.ofSeconds(41)); // interval, timeout and a Close frame's
    assertThat(call).isCompletedExceptionally();
    assertThat(call.exceptionNow())
        .isInstanceOfSatisfying(
            ConnectionLostException.class, lost -> assertThat(lost.maybeExecuted()).isTrue());
    network.advance(Duration.ofSeconds(5));
    assertThat(caller.status()).isInstanceOf(Status.Ready.class);
    assertThat(server.connections()).isEqualTo(2);
    assertThat(events)
        .filteredOn(ClientEvent.Disconnected.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            ClientEvent.Disconnected.class, gone -> assertThat(gone.code()).isEqualTo(4001));
  }

  @Test
  void aServerThatStopsReadingAndAnsweringIsLeft() {
    server.expectConnection(Script.everwire()).everyConnection(Script.everwire());
    start(builder());
    server.connection().goSilent();
    network.advance(Duration.ofSeconds(45));
    assertThat(server.connections()).isEqualTo(2);
  }

  // ---- connections that nobody wants

  @Test
  void aDialThatSucceedsTooLateIsNotUsed() {
    server.everyConnection(Script.everwire());
    network.faults(
        dial -> Faults.Plan.NONE.answer(dial == 0 ? Faults.Answer.LATE : Faults.Answer.CONNECT));
    Client late = start(builder());
    network.advance(Duration.ofSeconds(15));
    assertThat(late.status()).isInstanceOf(Status.Ready.class);
    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.connection(0).count()).isZero();
    assertThat(late.epoch()).isEqualTo(1);
  }

  @Test
  void aDialThatOpensTwoConnectionsSpeaksOnOne() {
    server.everyConnection(Script.everwire());
    network.faults(Faults.always(Faults.Plan.NONE.answer(Faults.Answer.TWICE)));
    Client one = start(builder());
    assertThat(one.status()).isInstanceOf(Status.Ready.class);
    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.all()).extracting(MockConnection::count).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void aClientClosedWhileItsDialIsNotAnsweredIsGoneAtOnce() {
    network.faults(Faults.always(Faults.Plan.NONE.answer(Faults.Answer.SILENCE)));
    Client dialling = start(builder());
    assertThat(dialling.status()).isEqualTo(new Status.Connecting(1));
    CompletableFuture<Void> ended = dialling.closeAsync();
    network.runUntilIdle();
    assertThat(ended).isCompleted();
    assertThat(dialling.status()).isInstanceOf(Status.Closed.class);
    network.advance(HOUR);
    assertThat(server.dials()).isZero();
    assertThat(events.getLast()).isEqualTo(new ClientEvent.StatusChanged(0, dialling.status()));
  }

  // ---- the record of failures

  @Test
  void onlyAConnectionThatLastsClearsTheRecordOfFailures() {
    server.everyConnection(Script.everwire());
    Client client =
        start(builder().reconnect(ReconnectPolicy.exponential(SECOND, Duration.ofMinutes(1), 0.0)));
    for (int i = 0; i < 3; i++) {
      server.connection(i).cut();
      assertThat(client.status())
          .isInstanceOfSatisfying(
              Status.Reconnecting.class,
              waiting -> assertThat(waiting.delay()).isBetween(SECOND, SECOND.multipliedBy(4)));
      network.advance(SECOND.multipliedBy(5)); // shorter than what counts as stable
    }
    server.connection(3).cut();
    assertThat(delay(client)).isEqualTo(SECOND.multipliedBy(8));
    network.advance(SECOND.multipliedBy(8 + 31));
    server.connection(4).cut();
    assertThat(delay(client)).isEqualTo(SECOND);
  }

  private static Duration delay(Client client) {
    return client.status() instanceof Status.Reconnecting(int attempt, Duration delay, String why)
        ? delay
        : Duration.ZERO;
  }

  private ClientBuilder builder() {
    return Client.builder(server.uri())
        .dialer(network.dialer())
        .values(JacksonValues.create())
        .workers(Runnable::run)
        .random(new SplittableRandom(7))
        .reconnect(ReconnectPolicy.fixed(SECOND));
  }

  private Client start(ClientBuilder builder) {
    Client started = builder.onEvent(events::add).start();
    client = started;
    network.runUntilIdle();
    return started;
  }
}
