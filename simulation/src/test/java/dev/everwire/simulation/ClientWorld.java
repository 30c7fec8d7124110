package dev.everwire.simulation;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.TokenPlace;
import dev.everwire.client.link.TokenSupplier;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.server.Server;
import dev.everwire.server.memory.MemoryBroker;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Listener;
import dev.everwire.testkit.Faults;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One server that comes and goes, some clients and a hostile network, on the calling thread and in
 * virtual time: the same seed gives the same run.
 */
final class ClientWorld {
  private static final Duration STEP = Duration.ofMillis(100);

  /** Five calls at once, so that more of them wait. */
  private static final SessionLimits TIGHT =
      new SessionLimits(200, 100, 2, 5, 8, 7, Duration.ofSeconds(10));

  final TrueStreams truth = new TrueStreams();
  final List<ClientLife> clients = new ArrayList<>(); // those nobody has closed
  final CommandBook book;
  final Meddler meddler;

  private final MemoryNetwork network = new MemoryNetwork();
  private final ArrayDeque<Runnable> work = new ArrayDeque<>();
  private final List<ClientLife> closed = new ArrayList<>();
  private final SplittableRandom random;
  private final boolean authenticates;
  private final TokenPlace place;
  private final SessionLimits limits;
  private @Nullable Server server;
  private Listener.@Nullable Listening listening;
  private int published;
  private int names;

  ClientWorld(SplittableRandom random) {
    this.random = random;
    this.authenticates = random.nextInt(3) == 0;
    this.place = random.nextBoolean() ? TokenPlace.HEADER : TokenPlace.MESSAGE;
    this.limits = random.nextInt(3) == 0 ? TIGHT : SessionLimits.DEFAULT;
    this.book = new CommandBook(network.time());
    this.meddler = new Meddler(random.split(), network.time(), book, authenticates);
    up();
  }

  void faults(Faults faults) {
    network.faults(faults);
  }

  /** Whether clients have tokens, which the server looks at. */
  boolean authenticates() {
    return authenticates;
  }

  // ---- the server

  boolean isUp() {
    return server != null;
  }

  void up() {
    if (server != null) {
      return;
    }
    try {
      server =
          Server.builder()
              .listen(this::listen)
              .values(JacksonValues.create())
              .workers(work::add)
              .random(random.split())
              .limits(limits)
              .broker(truth.noting(new MemoryBroker(random.split()), work::add))
              .topic(TopicRule.named("**").keepLast(1_000).publishable())
              .method("count", call -> book.executed(call.params().get(0, "n", int.class)))
              .method(
                  "note",
                  call -> {
                    book.noted(call.params().get(0, "n", int.class));
                    return null;
                  })
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Listener.Listening listen(Acceptor acceptor) throws IOException {
    listening = network.listener("server", 2).listen(meddler.before(acceptor));
    return listening;
  }

  /** Ends the server as kill -9 would; its topics begin new epochs when it is back. */
  void down() {
    if (listening != null) {
      listening.close();
      listening = null;
    }
    server = null;
    meddler.lines.clear(); // their loops are no more
    settle();
  }

  int connections() {
    return server == null ? 0 : server.connections();
  }

  // ---- clients

  void newClient() {
    CountingDialer dialer = new CountingDialer(network.dialer());
    ClientLife life = new ClientLife("client " + ++names, dialer, book, truth);
    ClientBuilder builder =
        Client.builder(URI.create("ws://server/ws"))
            .dialer(dialer)
            .values(JacksonValues.create())
            .workers(work::add)
            .random(random.split())
            .onEvent(life::heard)
            .reconnect(ReconnectPolicy.exponential(Duration.ofMillis(200), Duration.ofSeconds(20)));
    if (authenticates) {
      builder.tokens(supplier(), place);
    }
    life.started(builder.start());
    clients.add(life);
  }

  /** Remembers the last one, and now and then cannot get another. */
  private TokenSupplier supplier() {
    SplittableRandom own = random.split();
    String[] last = {meddler.token()};
    return renew -> {
      if (own.nextInt(20) == 0) {
        throw new IOException("no token today");
      }
      if (renew) {
        last[0] = meddler.token();
      }
      return last[0];
    };
  }

  /** Closes a client; a second later nothing of it may be left. */
  void close(ClientLife life) {
    clients.remove(life);
    closed.add(life);
    life.close();
    pass(Duration.ofMillis(1_100));
    life.checkClosed();
    pass(Duration.ofMillis(2_500)); // the network itself may still have something on its way
    int timers = network.timers(life.loop());
    if (timers != 0) {
      throw new AssertionError(life.name + " has " + timers + " timers left");
    }
  }

  void publish(String topic) {
    Server now = server;
    if (now != null) {
      var unused = now.topics().publishAsync(topic, ++published);
    }
  }

  void publish(ClientLife life, String topic) {
    var unused = life.client().publishAsync(topic, ++published);
  }

  // ---- time

  /** Lets time pass, reading all subscriptions on the way. */
  void pass(Duration time) {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
      network.advance(STEP);
      settle();
    }
  }

  /** Does all that can be done at this moment. */
  void settle() {
    do {
      network.runUntilIdle();
      for (Runnable next = work.poll(); next != null; next = work.poll()) {
        next.run();
      }
    } while (network.runUntilIdle() > 0 || !work.isEmpty());
    clients.forEach(life -> life.followers.forEach(Follower::read));
    clients.forEach(ClientLife::check);
    closed.forEach(ClientLife::check);
    book.check();
  }

  // ---- checks

  /** Everybody is connected, follows what it wants to, and waits for nothing. */
  boolean settled() {
    return connections() == clients.size()
        && clients.stream().allMatch(ClientLife::ready)
        && clients.stream().flatMap(life -> life.followers.stream()).allMatch(Follower::caughtUp)
        && book.open() == 0;
  }

  /** After everybody was closed. */
  void checkNothingIsLeft() {
    if (!clients.isEmpty()) {
      throw new IllegalStateException("clients are open");
    }
    pass(Duration.ofMinutes(1)); // a zombie may be known to the server only
    if (connections() != 0) {
      throw new AssertionError(connections() + " connections are left");
    }
    book.checkEnd();
    Server last = server;
    if (last != null) {
      var unused = last.drain();
      pass(Duration.ofMinutes(1));
      checkNoTasks();
      last.close(); // it has drained, and needs no time of this world
      while (!work.isEmpty()) {
        work.removeFirst().run(); // whoever waits for the end is told on a worker
      }
    }
    if (network.timers() != 0) {
      throw new AssertionError(network.timers() + " timers are left");
    }
    checkNoTasks();
  }

  private void checkNoTasks() {
    if (!work.isEmpty()) {
      throw new AssertionError(work.size() + " tasks are left");
    }
  }

  @Override
  public String toString() {
    return connections() + " connections, " + book.open() + " open calls, " + clients;
  }
}
