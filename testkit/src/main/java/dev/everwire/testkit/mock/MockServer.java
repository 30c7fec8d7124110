package dev.everwire.testkit.mock;

import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket server that does what a test tells it: plays {@link Script}s, refuses, delays, cuts,
 * goes silent, and remembers what every client said. It speaks no protocol of its own, so it serves
 * tests of clients of any. In memory and on real sockets alike:
 *
 * <pre>{@code
 * try (MockServer server = MockServer.in(network, "server")) {    // or .on(NettyListener.on(0))
 *   server
 *       .refuseConnection(503, Duration.ofSeconds(2))
 *       .expectConnection(Script.open().expect("login").say("welcome"));
 *   …
 *   server.assertExhausted();
 * }
 * }</pre>
 *
 * <p>Without a plan a connection is accepted and nothing is said on it unless by hand, with {@link
 * #connection()}. Nothing sleeps: in memory a wait runs the network, else it looks again until
 * something is so or 10 s are over. Safe from any thread.
 */
public final class MockServer implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 10_000;

  /** What becomes of one dial. */
  private sealed interface Arrival {
    record Take(Script script) implements Arrival {}

    record Refused(Acceptor.Refuse refuse) implements Arrival {}
  }

  private final Patience patience;
  private final Listener.Listening listening;
  private final ReentrantLock lock = new ReentrantLock();
  // guarded by lock
  private final ArrayDeque<Arrival> plan = new ArrayDeque<>();
  private final List<MockConnection> connections = new ArrayList<>(); // the last 10 000
  private final List<Handshake> handshakes = new ArrayList<>(); // the last 10 000
  private Arrival usual = new Arrival.Take(Script.open());
  private TransportLimits limits = TransportLimits.SERVER;
  private @Nullable String subprotocol;
  private int opened;
  private int dials;

  private MockServer(Listener listener, Patience patience) {
    this.patience = patience;
    try {
      this.listening = listener.listen(new Door());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Over real sockets, with the listener of any transport. */
  public static MockServer on(Listener listener) {
    return on(listener, Patience.real());
  }

  public static MockServer on(Listener listener, Patience patience) {
    return new MockServer(listener, patience);
  }

  /** In memory; whatever is said by hand has arrived when the method returns. */
  public static MockServer in(MemoryNetwork network, String name) {
    return on(network.listener(name), Patience.of(network));
  }

  public URI uri() {
    return uri("/ws");
  }

  public URI uri(String pathAndQuery) {
    String host = listening.host();
    String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return URI.create("ws://" + literal + ":" + listening.port() + pathAndQuery);
  }

  // ---- what is to become of dials

  /** The next dial that nothing is planned for yet is accepted and follows this script. */
  public MockServer expectConnection(Script script) {
    return planned(new Arrival.Take(script));
  }

  /** The next dial that nothing is planned for yet is refused with an HTTP status, 400…599. */
  public MockServer refuseConnection(int status) {
    return refuseConnection(Acceptor.Refuse.with(status, "refused"));
  }

  /** As {@link #refuseConnection(int)} with a {@code Retry-After} in seconds. */
  public MockServer refuseConnection(int status, Duration retryAfter) {
    return refuseConnection(refusal(status, retryAfter));
  }

  public MockServer refuseConnection(Acceptor.Refuse with) {
    return planned(new Arrival.Refused(with));
  }

  /** All dials that nothing was planned for, from now on. */
  public MockServer everyConnection(Script script) {
    return usually(new Arrival.Take(script));
  }

  /** Refuses all dials that nothing was planned for, until {@link #everyConnection}. */
  public MockServer refuseEveryConnection(int status) {
    return usually(new Arrival.Refused(Acceptor.Refuse.with(status, "refused")));
  }

  public MockServer refuseEveryConnection(int status, Duration retryAfter) {
    return usually(new Arrival.Refused(refusal(status, retryAfter)));
  }

  /** Bounds of the connections to come. */
  public MockServer limits(TransportLimits next) {
    return change(() -> limits = next);
  }

  /** Selects a subprotocol wherever it is offered; null selects none. */
  public MockServer selecting(@Nullable String name) {
    return change(() -> subprotocol = name);
  }

  // ---- what came

  /** How many connections were opened. */
  public int connections() {
    return locked(() -> opened);
  }

  /** How many are open. */
  public int openConnections() {
    return (int) all().stream().filter(MockConnection::open).count();
  }

  /** How many dials came, with those that were refused. */
  public int dials() {
    return locked(() -> dials);
  }

  /** Requests of all dials, oldest first, of the last 10 000. */
  public List<Handshake> handshakes() {
    return locked(() -> List.copyOf(handshakes));
  }

  /** The connections, oldest first, the last 10 000. */
  public List<MockConnection> all() {
    return locked(() -> List.copyOf(connections));
  }

  /** The latest connection; waits for the first. */
  public MockConnection connection() {
    awaitConnections(1);
    return locked(connections::getLast);
  }

  /** The next message on the latest connection that its script did not take; waits for it. */
  public Heard hear() {
    return connection().hear();
  }

  /** The connection of that number, from 0; waits for it. */
  public MockConnection connection(int number) {
    awaitConnections(number + 1);
    for (MockConnection each : all()) {
      if (each.number() == number) {
        return each;
      }
    }
    throw new AssertionError("connection " + number + " is forgotten (expected: a later one)");
  }

  /** Waits until so many connections were opened. */
  public void awaitConnections(int count) {
    awaitCount(count, "connections", this::connections);
  }

  /** Waits until so many dials came, accepted or refused. */
  public void awaitDials(int count) {
    awaitCount(count, "dials", this::dials);
  }

  /** Messages of one method on all connections, oldest connection first. */
  public List<Heard> calls(String method) {
    return all().stream().flatMap(connection -> connection.calls(method).stream()).toList();
  }

  // ---- the end

  /** Refuses new connections; open ones go on. */
  public void stopAccepting() {
    listening.stopAccepting();
  }

  /**
   * Everything came as planned, and nothing else.
   *
   * @throws AssertionError naming planned dials that did not come, scripts that are not at their
   *     end, messages that nobody expected or looked at, and what went wrong
   */
  public void assertExhausted() {
    boolean unused = patience.settle();
    List<String> left = new ArrayList<>();
    int missing = locked(plan::size);
    if (missing > 0) {
      left.add(missing + " more dials were expected");
    }
    all().forEach(connection -> left.addAll(connection.leftovers()));
    if (!left.isEmpty()) {
      throw new AssertionError(String.join("\n", left));
    }
  }

  /** Cuts what is open and ends. Idempotent. */
  @Override
  public void close() {
    listening.close();
  }

  private MockServer planned(Arrival next) {
    return change(() -> plan.add(next));
  }

  private MockServer usually(Arrival next) {
    return change(() -> usual = next);
  }

  private MockServer change(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
    return this;
  }

  private <T extends @Nullable Object> T locked(Supplier<T> read) {
    lock.lock();
    try {
      return read.get();
    } finally {
      lock.unlock();
    }
  }

  private void awaitCount(int count, String what, Supplier<Integer> now) {
    try {
      patience.until(() -> now.get() >= count);
    } catch (AssertionError e) {
      throw new AssertionError(now.get() + " " + what + " came (expected: " + count + ")", e);
    }
  }

  private static Acceptor.Refuse refusal(int status, Duration retryAfter) {
    return new Acceptor.Refuse(
        status, "refused", Map.of("Retry-After", String.valueOf(retryAfter.toSeconds())));
  }

  private static <T> void keepLast(List<T> list, T next) {
    if (list.size() == MOST_CONNECTIONS) {
      list.removeFirst();
    }
    list.add(next);
  }

  /** Where clients come in. */
  private final class Door implements Acceptor {
    @Override
    public Answer upgrade(Handshake handshake) {
      lock.lock();
      try {
        dials++;
        keepLast(handshakes, handshake);
        Arrival next = plan.isEmpty() ? usual : plan.remove();
        return switch (next) {
          case Arrival.Refused(Refuse refuse) -> refuse;
          case Arrival.Take(Script script) -> {
            String wanted = subprotocol;
            boolean offered = wanted != null && handshake.subprotocols().contains(wanted);
            yield new Accept(
                offered ? wanted : null, limits, transport -> open(handshake, transport, script));
          }
        };
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void http(HttpRequest request, Consumer<HttpReply> reply) {
      reply.accept(HttpReply.text(404, "only WebSockets"));
    }

    private Receiver open(Handshake handshake, Transport transport, Script script) {
      MockConnection connection;
      lock.lock();
      try {
        connection = new MockConnection(opened, handshake, transport, script, patience);
        opened++;
        keepLast(connections, connection);
      } finally {
        lock.unlock();
      }
      transport.loop().execute(connection::begin); // the transport does not know us yet
      return connection.receiver();
    }
  }
}
