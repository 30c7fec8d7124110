package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Priority;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.limit.MemoryLimits;
import dev.everwire.server.limit.OutboundLimits;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.Overflow;
import dev.everwire.session.Peer;
import dev.everwire.session.SendOptions;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that do not read: 100 000 bytes and 1 000 messages are queued for each. */
final class SlowPeersTest {
  private static final OutboundLimits LIMITS = OutboundLimits.DEFAULT.withMax(100_000, 1_000);
  private static final RawJson TEN_THOUSAND = RawJson.string("x".repeat(10_000));

  private final MemoryNetwork network = new MemoryNetwork();
  private @Nullable Server server;
  private MemoryLimits memory = MemoryLimits.UNLIMITED;

  @AfterEach
  void close() {
    if (server != null) {
      var driving = network.drive();
      server.close();
      driving.close();
    }
  }

  @Test
  void aSubscriberThatDoesNotReadCatchesUpAndMissesNothing() {
    start(LIMITS);
    TestPeer slow = subscriber("prices/eur");
    TestPeer other = subscriber("prices/eur");
    slow.reading(false);
    publish("prices/eur", TEN_THOUSAND, 100);
    assertThat(offsets(other.heard())).isEqualTo(upTo(100));

    slow.reading(true);
    publish("prices/eur", RawJson.NULL, 1);

    assertThat(offsets(slow.heard())).isEqualTo(upTo(101));
    assertThat(slow.open()).isTrue();
    assertThat(offsets(other.heard())).containsExactly(101L);
  }

  @Test
  void onlyWhatHistoryNoLongerHasIsAGap() {
    start(LIMITS);
    TestPeer slow = subscriber("short");
    slow.reading(false);
    publish("short", TEN_THOUSAND, 100);
    slow.reading(true);

    List<String> heard = slow.heard();
    List<String> gaps = heard.stream().filter(text -> text.contains("$/gap")).toList();
    assertThat(gaps).hasSize(1);
    var gap = RawJson.parse(gaps.getFirst()).members().object("params");
    assertThat(gap.string("reason")).isEqualTo("trimmed");
    assertThat(gap.integer("to")).isEqualTo(90);
    List<Long> expected = new ArrayList<>(upTo((int) gap.integer("from") - 1));
    LongStream.rangeClosed(91, 100).forEach(expected::add);
    assertThat(offsets(heard)).isEqualTo(expected);
  }

  @Test
  void criticalEventsPassWhileTheConnectionIsDegradedAndOvertakeWhatWaits() {
    start(LIMITS);
    TestPeer slow = subscriber("prices/eur");
    subscribe(slow, "alarms");
    slow.reading(false);
    publish("prices/eur", TEN_THOUSAND, 50);
    publish("alarms", RawJson.NULL, 1);
    slow.reading(true);

    List<String> heard = slow.heard();
    assertThat(heard).hasSize(51);
    int alarm = IntStream.range(0, 51).filter(i -> heard.get(i).contains("alarms")).sum();
    assertThat(alarm).isBetween(1, 13);
  }

  @Test
  void aPeerThatTakesNothingIsClosedInTheEnd() {
    start(LIMITS);
    TestPeer slow = subscriber("prices/eur");
    slow.reading(false);
    publish("prices/eur", TEN_THOUSAND, 100);
    network.advance(Duration.ofSeconds(5));
    assertThat(server().connections()).isOne();
    network.advance(Duration.ofSeconds(7));
    slow.reading(true);

    assertThat(slow.closeCode()).isEqualTo(4002);
    assertThat(server().connections()).isZero();
  }

  @Test
  void noEventFollowsTheAnswerToUnsubscribe() {
    start(LIMITS.withMax(400_000, 1_000));
    TestPeer slow = subscriber("prices/eur");
    slow.reading(false);
    publish("prices/eur", TEN_THOUSAND, 15);
    slow.send(request(7, "rpc.unsubscribe", "prices/eur"));
    slow.reading(true);

    List<String> heard = slow.heard();
    assertThat(heard.getLast()).contains("\"subscribed\":false");
    assertThat(heard).hasSizeLessThan(16); // some had not left, and nobody wants them
  }

  @Test
  void whoSpeaksADialectIsClosedWhenThereIsNoRoom() {
    start(LIMITS);
    TestPeer slow = follower();
    slow.reading(false);
    publish("prices/eur", TEN_THOUSAND, 100);
    slow.reading(true);

    assertThat(slow.closeCode()).isEqualTo(4002);
  }

  @Test
  void whoSpeaksADialectLosesEventsWhereTheyMayBeDropped() {
    start(LIMITS.withOverflow(Overflow.DROP_OLDEST));
    TestPeer slow = follower();
    slow.reading(false);
    publish("prices/eur", TEN_THOUSAND, 99);
    publish("prices/eur", RawJson.string("the newest"), 1);
    slow.reading(true);

    assertThat(slow.open()).isTrue();
    List<String> heard = slow.heard();
    assertThat(heard).hasSizeLessThan(100);
    assertThat(heard.getLast()).contains("the newest");
  }

  @Test
  void aNotificationWithAPriorityOvertakesOneWithoutAndExpires() {
    start(LIMITS);
    TestPeer slow = subscriber("prices/eur");
    Peer peer = server().callers().getFirst().peer();
    slow.reading(false);
    publish("prices/eur", TEN_THOUSAND, 12);
    SendOptions soon = SendOptions.of(Priority.HIGH).within(Duration.ofSeconds(2));
    assertThat(peer.notify("late", null, soon)).isEqualTo(Offer.QUEUED);
    network.advance(Duration.ofSeconds(3));
    assertThat(peer.notify("urgent", null, SendOptions.of(Priority.CRITICAL)))
        .isEqualTo(Offer.QUEUED);
    network.runUntilIdle();
    slow.reading(true);

    List<String> heard = slow.heard();
    assertThat(heard).hasSize(13);
    assertThat(heard.getLast()).contains("rpc.event");
    assertThat(heard.toString()).contains("urgent").doesNotContain("late");
  }

  @Test
  void oneStuckSubscriberAmongHundredsCostsNobodyAnything() {
    start(LIMITS);
    TestPeer stuck = subscriber("prices/eur");
    List<TestPeer> others =
        IntStream.range(0, 299).mapToObj(i -> subscriber("prices/eur")).toList();
    stuck.reading(false);
    for (int i = 1; i <= 40; i++) {
      publish("prices/eur", TEN_THOUSAND, 1);
      for (TestPeer other : others) {
        assertThat(other.heard()).hasSize(1);
      }
    }
    network.advance(Duration.ofSeconds(35));
    assertThat(others).allMatch(TestPeer::open);
    assertThat(server().connections()).isEqualTo(299);
  }

  @Test
  void aNodeThatHoldsTooMuchClosesTheSlowest() {
    memory = MemoryLimits.of(1024 * 1024);
    start(OutboundLimits.DEFAULT.withMax(900_000, 10_000).withOverflow(Overflow.REJECT));
    TestPeer slowest = subscriber("prices/eur");
    TestPeer slow = subscriber("prices/usd");
    TestPeer other = subscriber("prices/eur");
    slowest.reading(false);
    slow.reading(false);
    publish("prices/eur", TEN_THOUSAND, 80);
    publish("prices/usd", TEN_THOUSAND, 60);
    network.advance(Duration.ofMillis(1_500));
    slowest.reading(true);

    assertThat(slowest.closeCode()).isEqualTo(4002);
    assertThat(slow.open()).isTrue();
    slow.reading(true);
    assertThat(other.heard()).hasSize(80);
  }

  // ---- words

  private void start(OutboundLimits limits) {
    try {
      server =
          Server.builder()
              .listen(network.listener("server", 2))
              .values(new TestValues())
              .random(new Random(1))
              .outboundLimits(limits)
              .memoryLimits(memory)
              .dialect("/rpc", Dialect.RPC_WEBSOCKETS)
              .topic(TopicRule.named("prices/*").keepLast(1_000))
              .topic(TopicRule.named("short").keepLast(10))
              .topic(TopicRule.named("alarms").priority(Priority.CRITICAL))
              .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Server server() {
    if (server == null) {
      throw new AssertionError("not started");
    }
    return server;
  }

  private TestPeer subscriber(String topic) {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    subscribe(peer, topic);
    return peer;
  }

  private static void subscribe(TestPeer peer, String topic) {
    peer.send(request(1, "rpc.subscribe", topic));
    assertThat(peer.response(1).members().get("result")).isNotNull();
  }

  private static String request(int id, String method, String topic) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\""
        + method
        + "\",\"params\":{\"topic\":\""
        + topic
        + "\"}}";
  }

  private TestPeer follower() {
    TestPeer peer = TestPeer.dial(network, "ws://server/rpc");
    peer.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.on\",\"params\":[\"prices/eur\"]}");
    assertThat(peer.response(1).toString()).contains("ok");
    return peer;
  }

  private void publish(String topic, RawJson data, int times) {
    for (int i = 0; i < times; i++) {
      server().topics().publish(topic, data);
      network.runUntilIdle();
    }
  }

  private static List<Long> offsets(List<String> heard) {
    return heard.stream()
        .filter(text -> text.contains("rpc.event"))
        .map(text -> RawJson.parse(text).members().object("params").integer("offset"))
        .toList();
  }

  private static List<Long> upTo(int last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }
}
