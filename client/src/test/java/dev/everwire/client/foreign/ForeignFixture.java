package dev.everwire.client.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.foreign.handler.GenericJsonHandler;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.transport.Dialer;
import dev.everwire.testkit.MemoryNetwork;
import dev.everwire.testkit.mock.MockConnection;
import dev.everwire.testkit.mock.MockServer;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A client of a service that does what the test says, in memory and in time that it moves. */
final class ForeignFixture implements AutoCloseable {
  static final Duration SECOND = Duration.ofSeconds(1);

  final MemoryNetwork network = new MemoryNetwork();
  final MockServer service = MockServer.in(network, "service");
  final Dialer dialer = network.dialer();
  final List<ClientEvent> events = new ArrayList<>();
  @Nullable ForeignClient client;

  /** Reads and writes longs and texts. */
  static final class Values implements ValueCodec {
    @Override
    public @Nullable Object decode(RawJson json, Type type) {
      if (json.isNull()) {
        return null;
      }
      if (type == Long.class && json.kind() == RawJson.Kind.NUMBER) {
        return json.asLong();
      }
      if (type == String.class && json.kind() == RawJson.Kind.STRING) {
        return json.asString();
      }
      throw new IllegalArgumentException("not a " + type);
    }

    @Override
    public RawJson encode(@Nullable Object value) {
      return RawJson.parse(String.valueOf(value));
    }
  }

  /** {@code 'a'} for {@code "a"}. */
  static String json(String text) {
    return text.replace('\'', '"');
  }

  static ForeignMessage.Text text(String text) {
    return ForeignMessage.text(json(text));
  }

  /** Ids count from 1; a reconnect takes 1 s. */
  ForeignClientBuilder builder() {
    return builder(GenericJsonHandler.builder().numericIds().build());
  }

  ForeignClientBuilder builder(ProtocolHandler handler) {
    return ForeignClient.builder(service.uri(), handler)
        .dialer(dialer)
        .values(new Values())
        .workers(Runnable::run)
        .random(new Random(1))
        .reconnect(ReconnectPolicy.fixed(SECOND))
        .onEvent(events::add);
  }

  ForeignClient start(ForeignClientBuilder builder) {
    ForeignClient started = builder.start();
    client = started;
    network.runUntilIdle();
    return started;
  }

  MockConnection server() {
    return service.connection();
  }

  /** The next message of the client. */
  String hear() {
    return server().hear().text();
  }

  void say(String text) {
    server().say(json(text));
  }

  /** What happened, without the status changes. */
  List<ClientEvent> happenings() {
    return events.stream().filter(event -> !(event instanceof ClientEvent.StatusChanged)).toList();
  }

  List<Status> statuses() {
    return events.stream()
        .filter(ClientEvent.StatusChanged.class::isInstance)
        .map(event -> ((ClientEvent.StatusChanged) event).status())
        .toList();
  }

  static <T> List<String> all(ForeignSubscription<T> subscription) {
    List<String> all = new ArrayList<>();
    for (var next = subscription.poll(); next.isPresent(); next = subscription.poll()) {
      all.add(
          switch (next.get()) {
            case ForeignEvent.Update<T>(T value) -> String.valueOf(value);
            case ForeignEvent.Lagged<T>(long updates) -> "lag" + updates;
            case ForeignEvent.Resumed<T>(long epoch) -> "epoch" + epoch;
          });
    }
    return all;
  }

  static Throwable failure(CompletableFuture<?> future) {
    assertThat(future).isCompletedExceptionally();
    return Objects.requireNonNull(future.exceptionNow());
  }

  /** Every client ends in time and says so last, once, and nothing is left of it. */
  @Override
  public void close() {
    if (client != null) {
      CompletableFuture<Void> ended = client.closeAsync();
      network.advance(SECOND);
      assertThat(ended).isCompleted();
      assertThat(statuses().getLast().terminal()).isTrue();
      assertThat(statuses()).filteredOn(Status::terminal).hasSize(1);
    }
    service.close();
    dialer.close();
    assertThat(network.timers()).isZero();
  }
}
