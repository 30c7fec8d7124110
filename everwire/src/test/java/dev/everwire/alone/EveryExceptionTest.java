package dev.everwire.alone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.Event;
import dev.everwire.client.Subscription;
import dev.everwire.client.SubscriptionFailedException;
import dev.everwire.client.SubscriptionOptions;
import dev.everwire.client.SubscriptionOverflowException;
import dev.everwire.client.UnreadableEventException;
import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.client.link.Overflow;
import dev.everwire.client.link.Status;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.protocol.Position;
import dev.everwire.testkit.MemoryNetwork;
import dev.everwire.testkit.mock.MockServer;
import dev.everwire.testkit.mock.Script;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Every exception that the client declares is thrown by something, and the client lives on. */
class EveryExceptionTest {
  private final MemoryNetwork network = new MemoryNetwork();
  private final MockServer server = MockServer.in(network, "server");

  @Test
  void aClientThatIsRefusedForGoodCannotConnect() {
    server.refuseEveryConnection(403);
    CompletableFuture<ConnectFailedException> failure = new CompletableFuture<>();
    Thread unused =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Client never = builder().connect();
                failure.completeExceptionally(new AssertionError(never.status()));
              } catch (ConnectFailedException e) {
                failure.complete(e);
              }
            });
    network.runUntil(failure::isDone, Duration.ofSeconds(10));
    assertThat(failure.join().httpStatus()).isEqualTo(403);
    assertThat(server.dials()).isEqualTo(1);
  }

  @Test
  void aTopicThatIsRefusedIsNotConfirmed() {
    server.everyConnection(Script.everwire().refusing("rpc.subscribe", -32003, "not your inbox"));
    Client client = start();
    Subscription<String> refused = client.subscribe("inbox", String.class);
    network.runUntilIdle();
    assertThat(refused.confirmed()).isCompletedExceptionally();
    assertThat(refused.confirmed().exceptionNow())
        .isInstanceOfSatisfying(
            SubscriptionFailedException.class,
            failed ->
                assertThat(failed.fault())
                    .hasValueSatisfying(fault -> assertThat(fault.code()).isEqualTo(-32003)));
    assertThat(client.status()).isInstanceOf(Status.Ready.class);
  }

  @Test
  void aReaderThatWantsNoGapIsEndedWhenItIsTooSlow() {
    server.everyConnection(topics());
    Client client = start();
    Subscription<Integer> slow =
        client.subscribe(
            "a",
            Integer.class,
            SubscriptionOptions.DEFAULT.bufferEvents(2).overflow(Overflow.DISCONNECT));
    network.runUntilIdle();
    for (int i = 1; i <= 3; i++) {
      event(i, "1");
    }
    assertThat(slow.poll()).contains(new Event.Item<>(1, new Position("k", 1)));
    assertThat(slow.poll()).contains(new Event.Item<>(1, new Position("k", 2)));
    assertThatThrownBy(slow::poll).isInstanceOf(SubscriptionOverflowException.class);
    assertThat(client.status()).isInstanceOf(Status.Ready.class);
  }

  @Test
  void anEventOfAnotherTypeIsThrownAndTheNextOneRead() {
    server.everyConnection(topics());
    Subscription<Integer> numbers = start().subscribe("a", Integer.class);
    network.runUntilIdle();
    event(1, "\"one\"");
    event(2, "2");
    assertThatThrownBy(numbers::poll)
        .isInstanceOfSatisfying(
            UnreadableEventException.class,
            event -> assertThat(event.position()).isEqualTo(new Position("k", 1)));
    assertThat(numbers.poll()).contains(new Event.Item<>(2, new Position("k", 2)));
  }

  private static Script topics() {
    return Script.everwire()
        .answering("rpc.subscribe", said -> "{\"topic\":\"a\",\"epoch\":\"k\",\"offset\":0}");
  }

  private void event(int offset, String data) {
    server
        .connection()
        .tell("rpc.event", "{\"topic\":\"a\",\"offset\":" + offset + ",\"data\":" + data + "}");
  }

  private ClientBuilder builder() {
    return Client.builder(server.uri())
        .dialer(network.dialer())
        .values(JacksonValues.create())
        .workers(Runnable::run);
  }

  private Client start() {
    Client started = builder().start();
    network.runUntilIdle();
    return started;
  }
}
