package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.Status;
import dev.everwire.session.transport.Dialer;
import dev.everwire.testkit.MemoryNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A client against a scripted server; what it tells is kept. After n failures it waits n s. */
final class ClientFixture implements AutoCloseable {
  static final Duration SECOND = Duration.ofSeconds(1);

  final MemoryNetwork network = new MemoryNetwork();
  final ScriptedServer server = new ScriptedServer(network, "server");
  final Dialer dialer = network.dialer();
  final List<ClientEvent> events = new ArrayList<>();
  @Nullable Client client;

  ClientBuilder builder() {
    return Client.builder(URI.create("ws://server/ws"))
        .dialer(dialer)
        .values(new TextValues())
        .workers(Runnable::run)
        .random(new SplittableRandom(8842))
        .onEvent(events::add)
        .reconnect((failures, random) -> Optional.of(Duration.ofSeconds(failures)));
  }

  Client start(ClientBuilder builder) {
    Client started = builder.start();
    client = started;
    network.runUntilIdle();
    return started;
  }

  Client live(ClientBuilder builder) {
    Client started = start(builder);
    server.welcome();
    assertThat(started.status()).isEqualTo(new Status.Ready(false));
    return started;
  }

  Client client() {
    return Objects.requireNonNull(client);
  }

  Stream<Status> statuses() {
    return events.stream()
        .filter(ClientEvent.StatusChanged.class::isInstance)
        .map(event -> ((ClientEvent.StatusChanged) event).status());
  }

  <T extends ClientEvent> List<T> events(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The next message of the client that fits; others before it are passed over. */
  String hear(Predicate<String> fits) {
    String next = server.hear();
    while (!fits.test(next)) {
      next = server.hear();
    }
    return next;
  }

  /** Answers the next hello, whatever was said before it. */
  void hearHello() {
    assertThat(hear(said -> said.contains("rpc.hello"))).isNotEmpty();
    server.say(ScriptedServer.WELCOME);
  }

  /** Ends it: within a second nothing of it is left, and its last word was told once. */
  @Override
  public void close() {
    Client last = client;
    if (last == null) {
      return;
    }
    CompletableFuture<Void> ended = last.closeAsync();
    network.advance(SECOND);
    assertThat(ended).isCompleted();
    int connections = server.connections();
    assertThat(server.closes()).hasSize(connections);
    assertThat(network.timers()).isZero();
    assertThat(statuses().filter(Status::terminal)).hasSize(1);
    assertThat(events.getLast())
        .isEqualTo(new ClientEvent.StatusChanged(last.epoch(), last.status()));
    network.advance(Duration.ofHours(2));
    assertThat(server.connections()).isEqualTo(connections);
    assertThat(events.getLast())
        .isEqualTo(new ClientEvent.StatusChanged(last.epoch(), last.status()));
  }
}
