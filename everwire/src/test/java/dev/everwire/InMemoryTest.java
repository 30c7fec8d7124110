package dev.everwire;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.testkit.CutPlan;
import dev.everwire.testkit.Faults;
import dev.everwire.testkit.MemoryNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** In memory, where time passes at its usual pace. */
class InMemoryTest extends WholeContract {
  private static final int TICK_MILLIS = 5;

  private final MemoryNetwork network = new MemoryNetwork();
  private final Queue<Transport> opened = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("clock").unstarted(task));

  InMemoryTest() {
    clock.scheduleAtFixedRate(
        () -> network.advance(Duration.ofMillis(TICK_MILLIS)),
        TICK_MILLIS,
        TICK_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  @Override
  void closeNetwork() {
    clock.shutdownNow();
  }

  @Override
  ServerBuilder serverThere() {
    Listener listener = network.listener("server", 2);
    return Server.builder().listen(acceptor -> listener.listen(new Watching(acceptor)));
  }

  @Override
  ClientBuilder clientThere() {
    return client("ws://server/ws");
  }

  @Override
  ClientBuilder clientElsewhere() {
    return client("ws://server/elsewhere");
  }

  @Override
  void cut() {
    for (Transport next = opened.poll(); next != null; next = opened.poll()) {
      next.loop().execute(next::abort);
    }
  }

  @Override
  void reachable(boolean on) {
    Faults.Plan refused = new Faults.Plan(Faults.Answer.REFUSE, Duration.ZERO, CutPlan.NEVER);
    network.faults(on ? Faults.none() : dial -> refused);
  }

  private ClientBuilder client(String uri) {
    return Client.builder(URI.create(uri))
        .ownDialer(network::dialer)
        .values(JacksonValues.create())
        .reconnect(ReconnectPolicy.fixed(Duration.ofMillis(20)));
  }

  /** Notes the server's ends of connections. */
  private final class Watching implements Acceptor {
    private final Acceptor acceptor;

    Watching(Acceptor acceptor) {
      this.acceptor = acceptor;
    }

    @Override
    public Answer upgrade(Handshake handshake) {
      return switch (acceptor.upgrade(handshake)) {
        case Acceptor.Later later -> later;
        case Accept accept ->
            new Accept(accept.subprotocol(), accept.limits(), transport -> open(accept, transport));
        case Refuse refuse -> refuse;
      };
    }

    @Override
    public void http(HttpRequest request, Consumer<HttpReply> reply) {
      acceptor.http(request, reply);
    }

    private Receiver open(Accept accept, Transport transport) {
      opened.add(transport);
      return accept.open().apply(transport);
    }
  }
}
