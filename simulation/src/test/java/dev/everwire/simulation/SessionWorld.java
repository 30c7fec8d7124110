package dev.everwire.simulation;

import dev.everwire.jackson.JacksonValues;
import dev.everwire.server.Server;
import dev.everwire.server.limit.ConnectionLimits;
import dev.everwire.server.memory.MemoryNonceStore;
import dev.everwire.server.resume.ResumeKeys;
import dev.everwire.server.resume.ResumeSettings;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Faults;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One server on several loops that comes and goes, and clients that return to their sessions, on
 * the calling thread and in virtual time. Handlers are run late and in any order, so that calls
 * outlive the connections that they came on.
 */
final class SessionWorld {
  static final Duration WITHIN = Duration.ofSeconds(10); // a lost session is kept

  private static final Duration STEP = Duration.ofMillis(100);
  private static final int LOOPS = 3;
  private static final int PLACES = 100;
  private static final int COLLECTIONS = 50;

  final SessionBook book = new SessionBook();
  final List<ReturningPeer> peers = new ArrayList<>();

  private final MemoryNetwork network = new MemoryNetwork();
  private final SessionTap tap = new SessionTap(book);
  private final List<Runnable> work = new ArrayList<>();
  private final MemoryNonceStore nonces = new MemoryNonceStore();
  private final ResumeKeys keys;
  private final SplittableRandom random;
  private @Nullable Server server;
  private Listener.@Nullable Listening listening;

  SessionWorld(SplittableRandom random, int clients) {
    this.random = random;
    this.keys = ResumeKeys.random(random.split());
    up();
    for (int i = 0; i < clients; i++) {
      URI uri = URI.create("ws://server/ws" + (i % 2 == 0 ? "?user=user" + i / 4 : ""));
      peers.add(new ReturningPeer("peer " + i, network.dialer(), uri, book, random.split()));
    }
  }

  void faults(Faults faults) {
    network.faults(faults);
  }

  // ---- the server

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
              .resume(ResumeSettings.DEFAULT.within(WITHIN).keys(keys).nonces(nonces))
              .connectionLimits(ConnectionLimits.DEFAULT.withPerNode(PLACES))
              .identify(handshake -> Optional.ofNullable(handshake.query().get("user")))
              .method("count", call -> book.executed(call.params().get(0, "n", int.class)))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Listener.Listening listen(Acceptor acceptor) throws IOException {
    listening = network.listener("server", LOOPS).listen(tap.behind(acceptor));
    return listening;
  }

  /** Ends the server as kill -9 would. */
  void down() {
    if (listening != null) {
      listening.close();
      listening = null;
    }
    server = null;
    work.clear();
    tap.forget();
    settle();
  }

  /** Ends the server as an administrator would. */
  void drain() {
    Server last = server;
    if (last != null) {
      var unused = last.drain();
      pass(Duration.ofSeconds(random.nextInt(40)));
    }
    down();
  }

  // ---- time

  void pass(Duration time) {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
      network.advance(STEP);
      settle();
    }
  }

  /** Does all that the network can do at this moment, and some of what handlers have to. */
  void settle() {
    network.runUntilIdle();
    while (!work.isEmpty() && random.nextInt(4) > 0) {
      work.remove(random.nextInt(work.size())).run();
      network.runUntilIdle();
    }
    book.check();
  }

  // ---- the end

  /** After everybody has left, and the time is over for which sessions are kept. */
  void checkNothingIsLeft(boolean thoroughly) {
    Server last = server;
    if (last == null) {
      throw new IllegalStateException("the server is down");
    }
    pass(WITHIN.plus(Duration.ofMinutes(2))); // some are known to the server only
    while (!work.isEmpty()) {
      work.removeFirst().run();
    }
    network.runUntilIdle();
    book.checkEnd();
    check("connections", last.connections());
    check("connections found", last.registry().count());
    check("users", last.registry().users());
    check("states", last.registry().states().values().stream().mapToInt(n -> n).sum());
    check("sessions known", (int) SessionProbe.known(last));
    check("sessions lost", (int) SessionProbe.lost(last));
    if (thoroughly) {
      everyPlaceIsFree();
      nobodyIsReachable();
    }
    var unused = last.drain();
    pass(Duration.ofMinutes(1));
    while (!work.isEmpty()) {
      work.removeFirst().run();
    }
    last.close(); // it has drained, and needs no time of this world
    while (!work.isEmpty()) {
      work.removeFirst().run(); // whoever waits for the end is told on a worker
    }
    check("timers", network.timers());
  }

  private void everyPlaceIsFree() {
    List<Guest> guests = IntStream.range(0, PLACES).mapToObj(i -> new Guest()).toList();
    guests.forEach(Guest::dial);
    network.runUntilIdle();
    check("places taken by nobody", (int) guests.stream().filter(guest -> !guest.in()).count());
    guests.forEach(Guest::leave);
    pass(Duration.ofSeconds(1));
  }

  private void nobodyIsReachable() {
    long held = tap.held();
    for (int i = 0; i < COLLECTIONS && held > 0; i++) {
      System.gc();
      held = tap.held();
    }
    check("connections that are still reachable", (int) held);
  }

  private static void check(String what, int left) {
    if (left != 0) {
      throw new AssertionError(left + " " + what);
    }
  }

  @Override
  public String toString() {
    return book + ", " + peers;
  }

  /** Comes to see whether there is room. */
  private final class Guest implements Dialer.Result, Receiver {
    private @Nullable Transport transport;

    void dial() {
      Dialer dialer = network.dialer();
      dialer.dial(
          new Dialer.Request(
              URI.create("ws://server/ws"),
              Map.of(),
              List.of(),
              Duration.ofSeconds(5),
              TransportLimits.CLIENT),
          dialer.loop(),
          this);
    }

    boolean in() {
      return transport != null;
    }

    void leave() {
      Transport to = transport;
      if (to != null) {
        to.loop().execute(to::abort);
      }
    }

    @Override
    public Receiver opened(Transport opened, @Nullable String subprotocol) {
      transport = opened;
      return this;
    }

    @Override
    public void failed(Dialer.Failure failure) {}

    @Override
    public void onText(ByteBuffer utf8) {}

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onWritable(boolean writable) {}

    @Override
    public void onClosed(int code, String reason) {}
  }
}
