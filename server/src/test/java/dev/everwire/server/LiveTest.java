package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.limit.ConnectionLimits;
import dev.everwire.server.limit.InboundRates;
import dev.everwire.server.limit.InboundRates.Bounds;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Settings that change under a server, on a network that the test moves. */
class LiveTest {
  private static final ConnectionLimits NONE = ConnectionLimits.DEFAULT;

  private final MemoryNetwork network = new MemoryNetwork();
  private Server server;
  private int ids;

  @BeforeEach
  void start() throws IOException {
    server =
        Server.builder()
            .listen(network.listener("server", 2))
            .values(new TestValues())
            .random(new Random(7))
            .workers(Runnable::run)
            .drainFor(Duration.ZERO)
            .administration(caller -> true)
            .identify(shake -> Optional.ofNullable(shake.query().get("user")))
            .identifyTenant(shake -> Optional.ofNullable(shake.query().get("tenant")))
            .method("add", call -> 5)
            .start();
  }

  @AfterEach
  void close() {
    var driving = network.drive();
    server.close();
    driving.close();
  }

  @Test
  void itSaysWhatHoldsNow() {
    assertThat(server.live().origins()).isEmpty();
    assertThat(server.live().connectionLimits()).isEqualTo(NONE);
    assertThat(server.live().inboundRates()).isEqualTo(InboundRates.UNLIMITED);

    server.live().origins(List.of("https://App.example:443"));
    server.live().connectionLimits(NONE.withPerNode(3));
    server.live().inboundRates(InboundRates.SHARED);
    server.live().drain(DrainPlan.DEFAULT.within(Duration.ofSeconds(1)).reason("moving"));

    assertThat(server.live().origins()).containsExactly("https://App.example:443");
    assertThat(server.live().connectionLimits()).isEqualTo(NONE.withPerNode(3));
    assertThat(server.live().inboundRates()).isEqualTo(InboundRates.SHARED);
    assertThat(server.live().drain().reason()).isEqualTo("moving");
  }

  // ---- origins

  @Test
  void anotherOriginMayComeOnceItIsNamedAndNoMoreWhenItIsNot() {
    Map<String, String> page = Map.of("origin", "https://app.example");
    assertThat(dial("", page).failure().status()).isEqualTo(403);
    assertThat(health(page)).isEqualTo(403);

    server.live().origins(List.of("https://app.example"));
    TestPeer in = dial("", page);
    assertThat(in.open()).isTrue();
    assertThat(health(page)).isEqualTo(200);

    server.live().origins(List.of());
    assertThat(dial("", page).failure().status()).isEqualTo(403);
    assertThat(health(page)).isEqualTo(403);
    assertThat(served(in)).as("the page that is in").isTrue();
  }

  @Test
  void whatIsNoOriginIsRefusedAndChangesNothing() {
    server.live().origins(List.of("https://app.example"));

    assertThatThrownBy(
            () -> server.live().origins(List.of("https://new.example", "https://*.example")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https://*.example");

    assertThat(server.live().origins()).containsExactly("https://app.example");
    assertThat(dial("", Map.of("origin", "https://new.example")).open()).isFalse();
  }

  // ---- connections

  @Test
  void aBoundBelowThoseWhoAreInKeepsThemAndRefusesOthersUntilThereIsRoom() {
    List<TestPeer> in = List.of(dial(""), dial(""), dial(""));

    server.live().connectionLimits(NONE.withPerNode(2));

    assertThat(dial("").failure().status()).isEqualTo(503);
    in.get(0).close();
    assertThat(dial("").open()).isFalse();
    in.get(1).close();
    assertThat(dial("").open()).isTrue();
    assertThat(served(in.get(2))).isTrue();

    server.live().connectionLimits(NONE);
    assertThat(dial("").open()).isTrue();
  }

  @Test
  void thoseWhoAreInCountAgainstABoundThatThereWasNot() {
    List<TestPeer> ofAnn = List.of(dial("?user=ann&tenant=a"), dial("?user=ann&tenant=a"));
    dial("?user=bob&tenant=a");

    server.live().connectionLimits(NONE.withPerUser(2).withPerTenant(3));
    network.runUntilIdle();

    assertThat(dial("?user=ann&tenant=z").open()).as("the user").isFalse();
    assertThat(dial("?user=cleo&tenant=a").open()).as("the tenant").isFalse();
    assertThat(dial("?user=bob&tenant=b").open()).isTrue();
    ofAnn.getFirst().close();
    assertThat(dial("?user=ann&tenant=a").open()).isTrue();
    assertThat(dial("?user=ann&tenant=z").open()).isFalse();
  }

  @Test
  void countsAreRightAfterABoundWasTakenAwayAndGivenAgain() {
    server.live().connectionLimits(NONE.withPerUser(2));
    List<TestPeer> peers = new ArrayList<>(List.of(dial("?user=ann"), dial("?user=ann")));
    server.live().connectionLimits(NONE);
    network.runUntilIdle();
    peers.add(dial("?user=ann"));
    server.live().connectionLimits(NONE.withPerUser(3));
    network.runUntilIdle();

    assertThat(dial("?user=ann").open()).isFalse();
    peers.forEach(TestPeer::close);
    for (int i = 0; i < 3; i++) {
      assertThat(dial("?user=ann").open()).as("place " + i).isTrue();
    }
    assertThat(dial("?user=ann").open()).isFalse();
  }

  @Test
  void aRateHoldsFromTheNextOnAndTheSameRateGoesOnCounting() {
    for (int i = 0; i < 5; i++) {
      assertThat(dial("").open()).isTrue();
    }
    server.live().connectionLimits(NONE.withRatePerNode(1, 2));
    assertThat(dial("").open()).isTrue();
    assertThat(dial("").open()).isTrue();
    assertThat(dial("").failure().status()).isEqualTo(503);

    server.live().connectionLimits(NONE.withRatePerNode(1, 2).withPerNode(100));
    assertThat(dial("").open()).as("nothing was given back").isFalse();
    network.advance(Duration.ofSeconds(1));
    assertThat(dial("").open()).isTrue();
  }

  // ---- rates

  @Test
  void ratesHoldForThoseWhoAreInAndForThoseWhoCome() {
    TestPeer in = dial("");
    assertThat(servedOf(50, in)).isEqualTo(50);

    server.live().inboundRates(InboundRates.UNLIMITED.connection(Bounds.messages(1, 3)));
    network.runUntilIdle();

    assertThat(servedOf(10, in)).isEqualTo(3);
    assertThat(servedOf(10, dial(""))).isEqualTo(3);

    server.live().inboundRates(InboundRates.UNLIMITED);
    network.runUntilIdle();
    assertThat(servedOf(50, in)).isEqualTo(50);
  }

  @Test
  void theSameRatesAgainFillNoBuckets() {
    InboundRates three = InboundRates.UNLIMITED.connection(Bounds.messages(1, 3));
    server.live().inboundRates(three);
    TestPeer peer = dial("");
    assertThat(servedOf(4, peer)).isEqualTo(3);

    server.live().inboundRates(InboundRates.UNLIMITED.connection(Bounds.messages(1, 3)));
    network.runUntilIdle();

    assertThat(servedOf(4, peer)).isZero();
  }

  @Test
  void whatWasRefusedIsCountedOverAllChanges() {
    server.live().inboundRates(InboundRates.UNLIMITED.connection(Bounds.messages(1, 1)));
    TestPeer peer = dial("");
    assertThat(servedOf(3, peer)).isEqualTo(1);
    server.live().inboundRates(InboundRates.UNLIMITED);
    network.runUntilIdle();

    assertThat(peer.call(++ids, "rpc.admin.stats", "{}").toString())
        .contains("\"requestsRefused\":2");
  }

  @Test
  void aUsersRateIsSharedByConnectionsFromBeforeAndAfter() {
    TestPeer before = dial("?user=ann");
    server.live().inboundRates(InboundRates.UNLIMITED.user(Bounds.messages(1, 4)));
    network.runUntilIdle();
    TestPeer after = dial("?user=ann");

    assertThat(servedOf(3, before) + servedOf(3, after)).isEqualTo(4);
  }

  // ---- drain

  @Test
  void theServerGoesAwayByThePlanOfNow() {
    TestPeer peer = dial("");
    peer.call(++ids, "rpc.hello", "{\"v\":1}");
    server.live().drain(DrainPlan.DEFAULT.within(Duration.ofSeconds(1)).reason("moving"));

    var unused = server.drain();
    network.runUntilIdle();

    assertThat(peer.heardBoth("$/goaway", "\"moving\"")).isTrue();
  }

  private TestPeer dial(String query) {
    return dial(query, Map.of());
  }

  private TestPeer dial(String query, Map<String, String> headers) {
    return TestPeer.dial(network, "ws://server/ws" + query, headers);
  }

  private int health(Map<String, String> headers) {
    CompletableFuture<HttpReply> reply =
        network.http("server", new HttpRequest("GET", "/health", Map.of(), headers, new byte[0]));
    network.runUntilIdle();
    return reply.join().status();
  }

  private boolean served(TestPeer peer) {
    RawJson error = peer.call(++ids, "add", "[]").members().get("error");
    return error == null;
  }

  private int servedOf(int calls, TestPeer peer) {
    int served = 0;
    for (int i = 0; i < calls; i++) {
      served += served(peer) ? 1 : 0;
    }
    return served;
  }
}
