package dev.everwire.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.netty.NettyDialer;
import dev.everwire.protocol.Offer;
import dev.everwire.server.Server;
import dev.everwire.server.connection.ConnectionHooks;
import dev.everwire.server.connection.Connections;
import dev.everwire.server.connection.Payload;
import dev.everwire.server.connection.Report;
import dev.everwire.server.connection.ServerConnection;
import dev.everwire.server.connection.Targets;
import dev.everwire.server.limit.ConnectionLimits;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is let in, who has to leave and who hears what, when all come at the same moment. */
@Timeout(120)
class ManyAtOnceTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final List<NettyDialer> dialers = new ArrayList<>();
  private final AtomicInteger connected = new AtomicInteger();
  private final AtomicInteger disconnected = new AtomicInteger();
  private @Nullable Server server;

  private Server start(ConnectionLimits limits) throws IOException {
    ConnectionHooks hooks =
        new ConnectionHooks() {
          @Override
          public void onConnect(ServerConnection connection) {
            connected.incrementAndGet();
          }

          @Override
          public void onDisconnected(
              ServerConnection connection, String reason, int code, Duration duration) {
            disconnected.incrementAndGet();
          }
        };
    Server started =
        Everwire.server(0)
            .connectionLimits(limits)
            .connectionHooks(hooks)
            .identifyClient(handshake -> Optional.ofNullable(handshake.header("client")))
            .raw("/raw", TransportLimits.SERVER, transport -> new Guest(new CountDownLatch(1)))
            .start();
    server = started;
    return started;
  }

  @AfterEach
  void stop() {
    dialers.forEach(NettyDialer::close);
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aRaceForPlacesNeverExceedsThem() throws Exception {
    Server bounded = start(ConnectionLimits.DEFAULT.withPerNode(40));
    for (int turn = 0; turn < 3; turn++) {
      List<Guest> guests = dial(bounded, 200, Map.of());
      List<Guest> in = guests.stream().filter(guest -> guest.transport != null).toList();
      assertThat(in).hasSize(40);
      assertThat(guests).allMatch(guest -> guest.transport != null || guest.status == 503);
      assertThat(bounded.registry().count()).isEqualTo(40);
      in.forEach(Guest::abort);
      Await.until(() -> bounded.registry().count() == 0, SOON);
    }
    Await.until(() -> disconnected.get() == 120, SOON);
    assertThat(connected.get()).isEqualTo(120);
  }

  @Test
  void ofOneClientThatComesManyTimesAtOnceOneSurvives() throws Exception {
    Server one = start(ConnectionLimits.DEFAULT.withPerNode(1));
    List<Guest> guests = dial(one, 100, Map.of("client", "phone"));
    Await.until(() -> one.registry().count() == 1, SOON);
    Await.until(() -> guests.stream().filter(Guest::alive).count() == 1, SOON);
    assertThat(guests.stream().filter(guest -> !guest.alive() && guest.transport != null))
        // 1013: came while another was just taking the only place; 1006: did not go in time
        .allMatch(guest -> Set.of(4409, 1013, 1006).contains(guest.closeCode));
    assertThat(one.registry().client(null, "phone")).hasSize(1);
    assertThat(dial(one, 1, Map.of("client", "other"))).allMatch(guest -> guest.status == 503);
    assertThat(dial(one, 1, Map.of("client", "phone"))).allMatch(guest -> guest.transport != null);
  }

  @Test
  void oneMessageReachesConversationsAndAnotherRawPeers() throws Exception {
    Server everybody = start(ConnectionLimits.DEFAULT);
    Connections connections = everybody.registry();
    List<Guest> guests = dial(everybody, 50, Map.of());
    CountDownLatch told = new CountDownLatch(1);
    try (Client client =
        Everwire.client(URI.create("ws://127.0.0.1:" + everybody.port() + "/ws"))
            .method(
                "news",
                call -> {
                  told.countDown();
                  return "";
                })
            .connect()) {
      assertThat(client).isNotNull();
      Report news = connections.send(Targets.all(), Payload.notification("news", List.of(1)));
      assertThat(news.targets()).isEqualTo(51);
      assertThat(news.delivered()).isOne();
      assertThat(news.failed()).isEqualTo(50);
      assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();

      String first = connections.page(null, 1).getFirst().connectionId();
      Report hello = connections.send(Targets.all().except(first), Payload.text("héllo"));
      assertThat(hello.delivered()).isEqualTo(49);
      Await.until(
          () -> guests.stream().filter(guest -> guest.heard.contains("héllo")).count() == 49, SOON);

      assertThat(connections.kick(Targets.all(), "over").get(10, TimeUnit.SECONDS)).isEqualTo(51);
      Await.until(() -> guests.stream().allMatch(guest -> guest.closeCode == 4410), SOON);
    }
    Await.until(() -> connections.count() == 0, SOON);
  }

  @Test
  void theLateEndOfAReplacedConnectionTakesNothingFromItsSuccessor() throws Exception {
    Server one = start(ConnectionLimits.DEFAULT.withPerNode(1));
    Guest old = dial(one, 1, Map.of("client", "phone")).getFirst();
    old.reading(false); // it does not see the Close frame
    Guest next = dial(one, 1, Map.of("client", "phone")).getFirst();
    assertThat(next.transport).isNotNull();
    old.abort();
    Await.until(() -> one.registry().count() == 1, SOON);
    assertThat(one.registry().client(null, "phone")).hasSize(1);
    assertThat(one.registry().client(null, "phone").getFirst().send(Payload.text("still here")))
        .isEqualTo(Offer.QUEUED);
    Await.until(() -> next.heard.contains("still here"), SOON);
    assertThat(next.alive()).isTrue();
  }

  /** Dials all at the same moment from two dialers, and waits for every outcome. */
  private List<Guest> dial(Server to, int many, Map<String, String> headers) throws Exception {
    while (dialers.size() < 2) {
      dialers.add(NettyDialer.create());
    }
    CountDownLatch outcomes = new CountDownLatch(many);
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      Guest guest = new Guest(outcomes);
      guests.add(guest);
      Dialer dialer = dialers.get(i % 2);
      var request =
          new Dialer.Request(
              URI.create("ws://127.0.0.1:" + to.port() + "/raw"),
              headers,
              List.of(),
              SOON,
              TransportLimits.CLIENT);
      var unused = dialer.dial(request, dialer.loop(), guest);
    }
    assertThat(outcomes.await(60, TimeUnit.SECONDS)).isTrue();
    return guests;
  }

  /** One end; what it hears is written on its loop and read by the test. */
  private static final class Guest implements Dialer.Result, Receiver {
    private final CountDownLatch outcome;
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Transport transport;
    private volatile int status;
    private volatile int closeCode;

    Guest(CountDownLatch outcome) {
      this.outcome = outcome;
    }

    boolean alive() {
      return transport != null && closeCode == 0;
    }

    void abort() {
      Transport mine = transport;
      if (mine != null) {
        mine.loop().execute(mine::abort);
      }
    }

    void reading(boolean on) {
      Transport mine = transport;
      if (mine != null) {
        mine.loop().execute(() -> mine.reading(on));
      }
    }

    @Override
    public Receiver opened(Transport opened, @Nullable String subprotocol) {
      transport = opened;
      outcome.countDown();
      return this;
    }

    @Override
    public void failed(Dialer.Failure failure) {
      status = failure.status();
      outcome.countDown();
    }

    @Override
    public void onText(ByteBuffer utf8) {
      heard.add(StandardCharsets.UTF_8.decode(utf8).toString());
    }

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {
      closeCode = code;
    }
  }
}
