package dev.everwire.simulation;

import dev.everwire.client.Client;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.server.Server;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Caller;
import dev.everwire.session.Peer;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Listener;
import dev.everwire.testkit.Faults;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One server and some clients that call each other, with handlers that take their time, and a bad
 * network; in virtual time, one thread at a time: the same seed gives the same run.
 */
final class CallWorld {
  private static final Duration STEP = Duration.ofMillis(20);
  private static final Duration LONG_STEP = Duration.ofMillis(500);

  /** A client, and the server's view of its present connection. */
  static final class Pair {
    final String name;
    private final Dialer dialer;
    private @Nullable Client client;
    private @Nullable Peer back;

    private Pair(String name, Dialer dialer) {
      this.name = name;
      this.dialer = dialer;
    }

    Peer client() {
      if (client == null) {
        throw new IllegalStateException("not started");
      }
      return client;
    }

    /** Null until the first connection was announced; then perhaps of one that is gone. */
    @Nullable Peer back() {
      return back;
    }
  }

  final CallBook book;
  final Deeds deeds;
  final StreamDeeds streamDeeds;
  final Chatter chatter;
  final List<Pair> pairs = new ArrayList<>();
  final List<PlainPeer> plain = new ArrayList<>();

  private final MemoryNetwork network = new MemoryNetwork();
  private final SplittableRandom random;
  private final SessionLimits limits;
  private final Fibers fibers;
  private final StreamBook streams;
  private final List<WireTap.Line> lines = new ArrayList<>();
  private final List<Connection> served = new ArrayList<>(); // those that have ended
  private final List<Server> drained = new ArrayList<>();
  private Server server;
  private Listener.@Nullable Listening listening;
  private int clients;

  CallWorld(SplittableRandom random, SessionLimits limits, boolean oneWay) {
    this.random = random;
    this.limits = limits;
    this.book = new CallBook(network.time());
    this.fibers = new Fibers(network.time(), random.split());
    this.deeds = new Deeds(book, fibers, oneWay);
    this.streams = new StreamBook(network.time(), book::wrong);
    this.streamDeeds = new StreamDeeds(streams, deeds, fibers, random.split());
    this.chatter = new Chatter(book, deeds, fibers, random.split());
    this.server = newServer();
  }

  void faults(Faults faults) {
    network.faults(faults);
  }

  void window(long bytes) {
    network.window(bytes);
  }

  // ---- servers

  private Server newServer() {
    try {
      var builder =
          Server.builder()
              .listen(this::listen)
              .values(JacksonValues.create())
              .workers(fibers)
              .random(random.split())
              .limits(limits)
              .drainFor(Duration.ofSeconds(10))
              .onDisconnect(this::disconnected)
              .method(
                  "join", call -> join(call.params().get(0, "name", String.class), call.caller()));
      deeds.serve(builder::method);
      streamDeeds.serve(builder::method);
      chatter.serve(builder::method);
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Listener.Listening listen(Acceptor acceptor) throws IOException {
    listening = network.listener("server", 2).listen(acceptor);
    return listening;
  }

  private boolean join(String name, Caller caller) {
    for (Pair pair : pairs) {
      if (pair.name.equals(name)) {
        pair.back = caller.peer();
        return true;
      }
    }
    return false;
  }

  private void disconnected(Caller caller) {
    if (caller instanceof Connection connection) {
      served.add(connection);
    } else {
      book.wrong("not a connection: " + caller);
    }
  }

  /** Ends the server as kill -9 would, and starts another. */
  void crash() {
    if (listening != null) {
      listening.close();
    }
    settle();
    // Its loops are no more, and nothing comes back to its tables.
    String node = server.node() + "-";
    served.removeIf(connection -> connection.id().startsWith(node));
    server = newServer();
  }

  /** Lets the server drain while another takes its place. */
  void drain() {
    var unused = server.drain();
    drained.add(server);
    if (listening != null) {
      listening.stopAccepting(); // the other takes its address, too
    }
    server = newServer();
  }

  // ---- clients

  void newClient() {
    Pair pair = new Pair("client" + ++clients, new WireTap(network.dialer(), lines, book::wrong));
    var builder =
        Client.builder(URI.create("ws://server/ws"))
            .dialer(pair.dialer)
            .values(JacksonValues.create())
            .workers(fibers)
            .random(random.split())
            .limits(limits)
            .onStatus(status -> announce(pair, status))
            .reconnect(ReconnectPolicy.exponential(Duration.ofMillis(200), Duration.ofSeconds(20)));
    deeds.serve(builder::method);
    streamDeeds.serve(builder::method);
    chatter.serve(builder::method);
    pair.client = builder.start();
    pairs.add(pair);
  }

  private static void announce(Pair pair, Status status) {
    if (status instanceof Status.Ready) {
      CompletableFuture<@Nullable Object> unused =
          pair.client().callAsync("join", List.of(pair.name), boolean.class, CallOptions.DEFAULT);
    }
  }

  void closeClient(Pair pair) {
    pairs.remove(pair);
    if (pair.client != null) {
      CompletableFuture<Void> unused = pair.client.closeAsync();
    }
  }

  PlainPeer newPlainPeer() {
    PlainPeer peer = new PlainPeer(network.dialer(), book, random.split());
    plain.add(peer);
    return peer;
  }

  // ---- time

  /** Lets time pass. */
  void pass(Duration time) {
    Duration step = time.compareTo(Duration.ofSeconds(2)) > 0 ? LONG_STEP : STEP;
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
      network.advance(step);
      settle();
    }
  }

  /** Does all that can be done at this moment, in an order of chance. */
  void settle() {
    do {
      network.runUntilIdle();
      boolean more = true;
      while (more && fibers.runOne()) {
        more = random.nextInt(3) > 0;
      }
    } while (network.runUntilIdle() > 0 || fibers.runOne());
    streams.check();
    book.check();
  }

  // ---- checks

  int connections() {
    return server.connections();
  }

  /** All clients are connected, and nothing runs or waits. */
  boolean quiet() {
    plain.removeIf(PlainPeer::over);
    return drained.stream().allMatch(old -> old.connections() == 0 && old.drain().isDone())
        && server.connections() == pairs.size() + plain.size()
        && plain.stream().noneMatch(PlainPeer::owed)
        && fibers.size() == 0
        && openLines().stream().allMatch(line -> line.book().unanswered().isEmpty());
  }

  @Override
  public String toString() {
    return server.connections()
        + " connections of "
        + pairs.size()
        + " clients and "
        + plain
        + ", "
        + fibers.size()
        + " tasks at "
        + fibers
        + " of "
        + streams.unended()
        + ", unanswered "
        + openLines().stream().map(line -> line.book().unanswered()).toList();
  }

  void checkOpenLines() {
    for (WireTap.Line line : openLines()) {
      if (!line.book().unanswered().isEmpty()) {
        throw new AssertionError(line.remoteAddress() + " owes " + line.book().unanswered());
      }
      checkEmpty(line.connection());
    }
  }

  private List<WireTap.Line> openLines() {
    return lines.stream().filter(line -> !line.closed()).toList();
  }

  /** Ends the server as well, and looks for what is left. */
  void checkNothingIsLeft() {
    if (server.connections() != 0 || !openLines().isEmpty()) {
      throw new AssertionError("connections are left");
    }
    drained.add(server);
    var unused = server.drain();
    pass(Duration.ofMinutes(3)); // a lost session is kept for two
    lines.forEach(line -> checkEmpty(line.connection()));
    served.forEach(CallWorld::checkEmpty);
    if (fibers.size() != 0) {
      throw new AssertionError(fibers.size() + " tasks never ended");
    }
    if (network.timers() != 0) {
      throw new AssertionError(network.timers() + " timers are left");
    }
    streams.checkEnd();
    book.checkEnd();
    drained.forEach(Server::close);
  }

  private static void checkEmpty(@Nullable Connection connection) {
    if (connection == null) {
      throw new AssertionError("a line without a connection");
    }
    if (connection.inboundCalls() != 0 || connection.pendingCalls() != 0) {
      throw new AssertionError(
          connection.id()
              + " keeps "
              + connection.inboundCalls()
              + " inbound and "
              + connection.pendingCalls()
              + " pending calls");
    }
  }
}
