package dev.everwire.alone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.Event;
import dev.everwire.client.Subscription;
import dev.everwire.client.SubscriptionOptions;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.client.link.TokenPlace;
import dev.everwire.protocol.Position;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.testkit.mock.Heard;
import dev.everwire.testkit.mock.HelloAnswer;
import dev.everwire.testkit.mock.MockConnection;
import dev.everwire.testkit.mock.MockServer;
import dev.everwire.testkit.mock.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a client and of what waits for it, whatever carries its connections. */
@Timeout(60)
abstract class LeftAloneContract {
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration A_WHILE = Duration.ofMillis(300);
  private static final CallOptions PATIENT = CallOptions.within(Duration.ofHours(1));

  private final List<ClientEvent> events = new CopyOnWriteArrayList<>();
  private @Nullable Client client;

  abstract MockServer server();

  /** A client of that server. */
  abstract ClientBuilder builder();

  abstract void until(BooleanSupplier condition);

  abstract void pass(Duration time);

  abstract void end();

  @AfterEach
  void closeAll() {
    if (client != null) {
      CompletableFuture<Void> ended = client.closeAsync();
      pass(A_WHILE);
      until(ended::isDone);
      until(this::over);
      assertThat(terminals()).hasSize(1);
      assertThat(events.getLast()).isEqualTo(terminals().getFirst());
    }
    server().close();
    end();
  }

  // ---- an explicit close wins

  @Test
  void aClientClosedInBackOffDoesNotDialAgain() {
    server().refuseEveryConnection(503);
    Client closed = start(builder().reconnect(ReconnectPolicy.fixed(A_WHILE)));
    until(() -> closed.status() instanceof Status.Reconnecting);
    CompletableFuture<Void> ended = closed.closeAsync();
    until(ended::isDone);
    until(this::over);
    server().everyConnection(Script.everwire());
    pass(A_WHILE.multipliedBy(2));
    assertThat(server().dials()).isEqualTo(1);
    assertThat(closed.status()).isInstanceOf(Status.Closed.class);
  }

  @Test
  void aClientClosedBeforeHelloIsAnsweredSaysGoodbyeAndStaysAway() {
    Client closed = start(builder().reconnect(ReconnectPolicy.fixed(SOON)));
    MockConnection connection = server().connection();
    assertThat(connection.hear().calls("rpc.hello")).isTrue();
    CompletableFuture<Void> ended = closed.closeAsync();
    assertThat(connection.awaitClosed().code()).isEqualTo(1000);
    until(ended::isDone);
    pass(A_WHILE);
    assertThat(server().dials()).isEqualTo(1);
  }

  @Test
  void aCloseOfTheServerThatCrossesOursBringsNobodyBack() {
    server().everyConnection(Script.everwire());
    Client closed = ready();
    MockConnection connection = server().connection();
    CompletableFuture<Void> ended = closed.closeAsync();
    connection.close(1012, "restart");
    until(ended::isDone);
    until(this::over);
    pass(A_WHILE);
    assertThat(server().dials()).isEqualTo(1);
    assertThat(closed.status()).isInstanceOf(Status.Closed.class);
  }

  // ---- nothing hangs when the link drops

  @Test
  void aCallThatWasSentEndsWhenTheLinkDrops() throws InterruptedException {
    server().everyConnection(Script.everwire());
    Client caller = ready();
    CompletableFuture<@Nullable Object> call =
        caller.callAsync("slow", null, String.class, PATIENT);
    assertThat(server().hear().calls("slow")).isTrue();
    server().connection().cut();
    until(call::isDone);
    assertThat(lost(call).maybeExecuted()).isTrue();
    second().hearNothing(); // it is not sent again
  }

  @Test
  void anIdempotentCallIsSentAgainAndAnswered() throws Exception {
    server().everyConnection(Script.everwire());
    Client caller = ready();
    CompletableFuture<@Nullable Object> call =
        caller.callAsync("find", null, String.class, PATIENT.idempotent());
    assertThat(server().hear().calls("find")).isTrue();
    server().connection().cut();
    MockConnection next = second();
    Heard again = next.hear();
    assertThat(again.calls("find")).isTrue();
    next.answer(again, "\"found\"");
    until(call::isDone);
    assertThat(call.get()).isEqualTo("found");
    next.hearNothing();
  }

  @Test
  void aCallMadeWhileAwayIsSentOnceOrEndsWithTheClient() throws Exception {
    server().refuseConnection(503).everyConnection(Script.everwire());
    Client caller = start(builder().reconnect(ReconnectPolicy.fixed(A_WHILE)));
    until(() -> caller.status() instanceof Status.Reconnecting);
    CompletableFuture<@Nullable Object> call =
        caller.callAsync("late", null, String.class, PATIENT);
    until(() -> server().connections() == 1);
    Heard heard = server().hear();
    server().connection().answer(heard, "\"done\"");
    until(call::isDone);
    assertThat(call.get()).isEqualTo("done");
    server().connection().hearNothing();

    server().refuseEveryConnection(503);
    server().connection().cut();
    until(() -> caller.status() instanceof Status.Reconnecting);
    CompletableFuture<@Nullable Object> never =
        caller.callAsync("never", null, String.class, PATIENT);
    CompletableFuture<Void> ended = caller.closeAsync();
    until(ended::isDone);
    until(never::isDone);
    assertThat(lost(never).maybeExecuted()).isFalse();
    assertThat(server().calls("never")).isEmpty();
  }

  // ---- one socket, one subscription, one stream

  @Test
  void helloTheTokenAndTheTopicsGoOverOneSocket() {
    server().everyConnection(topics());
    Client one = start(builder().tokens(renew -> "secret", TokenPlace.MESSAGE));
    Subscription<Integer> subscription = one.subscribe("prices", Integer.class);
    until(() -> subscription.position().isPresent());
    assertThat(server().connections()).isEqualTo(1);
    List<Heard> said = server().connection().frames();
    assertThat(said).hasSize(2);
    assertThat(said.getFirst().string("params", "auth", "token")).isEqualTo("secret");
    assertThat(said.getLast().string("params", "topic")).isEqualTo("prices");
    assertThat(events)
        .filteredOn(ClientEvent.Connected.class::isInstance)
        .extracting(ClientEvent::epoch)
        .containsExactly(1L);
  }

  @Test
  void aTopicSubscribedWhileAwayIsSubscribedOnce() {
    server().everyConnection(topics());
    Client one = start(builder().reconnect(ReconnectPolicy.fixed(A_WHILE)));
    Subscription<Integer> before = one.subscribe("before", Integer.class);
    until(() -> before.position().isPresent());
    server().connection().cut();
    until(() -> one.status() instanceof Status.Reconnecting);
    Subscription<Integer> meanwhile = one.subscribe("meanwhile", Integer.class);
    Subscription<Integer> shared = one.subscribe("before", Integer.class);
    MockConnection next = second();
    until(() -> meanwhile.position().isPresent() && shared.position().isPresent());
    next.hearNothing();
    assertThat(next.calls("rpc.subscribe"))
        .extracting(said -> said.string("params", "topic"))
        .containsExactlyInAnyOrder("before", "meanwhile");
  }

  @Test
  void aReaderThatIsTooSlowIsToldOfTheGapAndReadsOn() {
    server().everyConnection(topics());
    Client one = ready();
    Subscription<Integer> slow =
        one.subscribe("prices", Integer.class, SubscriptionOptions.DEFAULT.bufferEvents(3));
    until(() -> slow.position().isPresent());
    MockConnection connection = server().connection();
    for (int i = 1; i <= 10; i++) {
      event(connection, i);
    }
    until(() -> slow.dropped() == 7);
    assertThat(read(slow, 4))
        .containsExactly(new Event.Gap<>("lag", at(0), at(7)), item(8), item(9), item(10));
    event(connection, 11);
    assertThat(read(slow, 1)).containsExactly(item(11));
  }

  @Test
  void aServerThatAcceptsAndDropsIsDialledLessAndLessOftenAndGivenUp() {
    server()
        .everyConnection(
            Script.open()
                .expectCall("rpc.hello")
                .answer(HelloAnswer.standard().result())
                .close(1012, "not really"));
    Client patient =
        start(
            builder()
                .reconnect(
                    ReconnectPolicy.exponential(SOON, Duration.ofSeconds(10), 0.0).atMost(3)));
    pass(SOON.multipliedBy(10));
    until(this::over);
    assertThat(delays()).containsExactly(SOON, SOON.multipliedBy(2), SOON.multipliedBy(4));
    assertThat(server().dials()).isEqualTo(4);
    assertThat(patient.status())
        .isInstanceOfSatisfying(
            Status.Failed.class, failed -> assertThat(failed.why()).contains("gave up"));
  }

  // ---- what they share

  private Client start(ClientBuilder builder) {
    Client started = builder.onEvent(events::add).start();
    client = started;
    return started;
  }

  private Client ready() {
    Client started = start(builder().reconnect(ReconnectPolicy.fixed(SOON)));
    until(() -> started.status() instanceof Status.Ready);
    return started;
  }

  private MockConnection second() {
    until(() -> server().connections() == 2);
    return server().connection(1);
  }

  /** Every topic is at position k:0 and stays there unless a test says otherwise. */
  private static Script topics() {
    return Script.everwire()
        .answering(
            "rpc.subscribe",
            said ->
                "{\"topic\":"
                    + said.member("params", "topic")
                    + ",\"epoch\":\"k\",\"offset\":0"
                    + (said.member("params", "since") == null ? "" : ",\"recovered\":true")
                    + "}");
  }

  private static void event(MockConnection connection, int offset) {
    connection.tell(
        "rpc.event", "{\"topic\":\"prices\",\"offset\":" + offset + ",\"data\":" + offset + "}");
  }

  private static Position at(int offset) {
    return new Position("k", offset);
  }

  private static Event<Integer> item(int offset) {
    return new Event.Item<>(offset, at(offset));
  }

  private List<Event<Integer>> read(Subscription<Integer> from, int count) {
    List<Event<Integer>> read = new ArrayList<>();
    until(() -> {
      for (Optional<Event<Integer>> next = from.poll(); next.isPresent(); next = from.poll()) {
        read.add(next.get());
      }
      return read.size() >= count;
    });
    return read;
  }

  private static ConnectionLostException lost(CompletableFuture<?> call)
      throws InterruptedException {
    try {
      throw new AssertionError("answered: " + call.get());
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(ConnectionLostException.class);
      return (ConnectionLostException) Objects.requireNonNull(e.getCause());
    }
  }

  private boolean over() {
    return !terminals().isEmpty();
  }

  private List<ClientEvent> terminals() {
    return events.stream()
        .filter(event ->
            event instanceof ClientEvent.StatusChanged(long epoch, Status status)
                && status.terminal())
        .toList();
  }

  private List<Duration> delays() {
    List<Duration> delays = new ArrayList<>();
    for (ClientEvent event : events) {
      if (event instanceof ClientEvent.StatusChanged(long epoch, Status status)
          && status instanceof Status.Reconnecting(int attempt, Duration delay, String why)) {
        delays.add(delay);
      }
    }
    return delays;
  }
}
