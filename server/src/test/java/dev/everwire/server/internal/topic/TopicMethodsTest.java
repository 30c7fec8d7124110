package dev.everwire.server.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Entry;
import dev.everwire.protocol.wire.HistoryRequest;
import dev.everwire.protocol.wire.Publish;
import dev.everwire.protocol.wire.Subscribed;
import dev.everwire.server.Server;
import dev.everwire.server.TestPeer;
import dev.everwire.server.TestValues;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What peers call about topics, as text on the wire. */
final class TopicMethodsTest {
  private final MemoryNetwork network = new MemoryNetwork();
  private final Server server = start();
  private final TestPeer peer = TestPeer.dial(network, "ws://server/ws");
  private int id;

  private Server start() {
    try {
      return Server.builder()
          .listen(network.listener("server", 2))
          .drainFor(Duration.ZERO)
          .values(new TestValues())
          .random(new Random(1))
          .transportLimits(TransportLimits.SERVER.withMaxQueued(300_000, 1_000))
          .topic(TopicRule.named("prices/*").keepLast(1_000))
          .topic(TopicRule.named("short").keepLast(2).publishable())
          .topic(TopicRule.named("chat/**").publishable())
          .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    var driving = network.drive();
    server.close();
    driving.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          rpc.subscribe   | {"topic":"unknown"}                                   | -32004 | no such topic
          rpc.subscribe   | {"topic":"a b"}                                       | -32602 | Invalid params: topic: expected a valid topic name
          rpc.subscribe   | {"topic":"$inbox"}                                    | -32004 | no such topic: the session is not kept
          rpc.subscribe   | {"topic":7}                                           | -32602 | Invalid params: topic: expected a string
          rpc.subscribe   | {}                                                    | -32602 | Invalid params: topic: missing
          rpc.subscribe   | ["prices/eur"]                                        | -32602 | Invalid params: expected an object
          rpc.subscribe   | {"topic":"prices/eur","since":5}                      | -32602 | Invalid params: since: expected an object
          rpc.subscribe   | {"topic":"prices/eur","since":{"epoch":"e"}}          | -32602 | Invalid params: offset: missing
          rpc.unsubscribe | {"topic":"unknown"}                                   | -32004 | no such topic
          rpc.publish     | {"topic":"prices/eur","data":1}                       | -32003 | publishing is not allowed here
          rpc.publish     | {"topic":"unknown","data":1}                          | -32004 | no such topic
          rpc.publish     | {"data":1}                                            | -32602 | Invalid params: topic: missing
          rpc.history     | {"topic":"unknown"}                                   | -32004 | no such topic
          rpc.history     | {"topic":"prices/eur","limit":-1}                     | -32602 | Invalid params: limit: expected an integer >= 0
          """)
  void whatIsWrongIsAnsweredWithAFault(String method, String params, int code, String message) {
    assertThat(error(peer.call(1, method, params)))
        .isEqualTo(RawJson.parse("{\"code\":" + code + ",\"message\":\"" + message + "\"}"));
  }

  @Test
  void aSubscriptionOutsideARequestIsRefused() {
    peer.send(
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.subscribe\","
            + "\"params\":{\"topic\":\"chat/a\"}}]");
    assertThat(peer.heard()).singleElement().asString().contains("-32600");

    peer.send(
        "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.subscribe\",\"params\":{\"topic\":\"chat/a\"}}");
    server.topics().publish("chat/a", 1);
    network.runUntilIdle();
    assertThat(peer.heard()).isEmpty();
  }

  @Test
  void whatOnePeerPublishesAnotherIsTold() {
    TestPeer other = TestPeer.dial(network, "ws://server/ws");
    subscribe(other, "chat/a", null);
    Position position =
        Publish.Published.read(
                result(peer.call(1, "rpc.publish", "{\"topic\":\"chat/a\",\"data\":{\"x\":1}}")))
            .position();

    assertThat(position.offset()).isOne();
    assertThat(other.heard())
        .containsExactly(
            "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.event\",\"params\":"
                + "{\"topic\":\"chat/a\",\"offset\":1,\"data\":{\"x\":1}}}");
  }

  @Test
  void aPublicationWithoutAnIdIsPublishedAndNotAnswered() {
    subscribe(peer, "chat/a", null);
    peer.send(
        "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.publish\","
            + "\"params\":{\"topic\":\"chat/a\",\"data\":1}}");

    assertThat(peer.heard()).singleElement().asString().contains("rpc.event");
  }

  @Test
  void unsubscribingIsAnsweredWhetherSubscribedOrNot() {
    subscribe(peer, "chat/a", null);
    RawJson expected = RawJson.parse("{\"topic\":\"chat/a\",\"subscribed\":false}");

    assertThat(result(peer.call(1, "rpc.unsubscribe", "{\"topic\":\"chat/a\"}")))
        .isEqualTo(expected);
    assertThat(result(peer.call(2, "rpc.unsubscribe", "{\"topic\":\"chat/a\"}")))
        .isEqualTo(expected);
    server.topics().publish("chat/a", 1);
    network.runUntilIdle();
    assertThat(peer.heard()).isEmpty();
  }

  @Test
  void whoComesBackPagesThroughAndGoesLive() {
    Position first = server.topics().publish("prices/eur", 0);
    for (int i = 2; i <= 600; i++) {
      server.topics().publish("prices/eur", i);
    }
    Subscribed page = subscribe(peer, "prices/eur", first);
    assertThat(page.events()).hasSize(256);
    assertThat(page.more()).isTrue();
    server.topics().publish("prices/eur", 601);
    network.runUntilIdle();
    assertThat(peer.heard()).as("nothing is live between pages").isEmpty();

    page = subscribe(peer, "prices/eur", page.position());
    assertThat(page.more()).isTrue();
    page = subscribe(peer, "prices/eur", page.position());
    assertThat(page.more()).isFalse();
    assertThat(page.recovery()).isEqualTo(Subscribed.Recovery.COMPLETE);
    assertThat(page.events().getLast().offset()).isEqualTo(601);
    assertThat(page.position().offset()).isEqualTo(601);
    server.topics().publish("prices/eur", 602);
    network.runUntilIdle();
    assertThat(peer.heard()).singleElement().asString().contains("\"offset\":602");
  }

  @Test
  void whatCannotBeRecoveredIsSaid() {
    Position first = server.topics().publish("short", 1);
    for (int i = 2; i <= 5; i++) {
      server.topics().publish("short", i);
    }
    Subscribed trimmed = subscribe(peer, "short", first);
    assertThat(trimmed.recovery()).isEqualTo(Subscribed.Recovery.IMPOSSIBLE);
    assertThat(trimmed.reason()).isEqualTo("trimmed");
    assertThat(trimmed.first()).isEqualTo(4);
    assertThat(trimmed.position()).isEqualTo(new Position(first.epoch(), 5));

    assertThat(subscribe(peer, "short", new Position("other", 1)).reason()).isEqualTo("epoch");
    assertThat(subscribe(peer, "short", new Position(first.epoch(), 9)).reason())
        .isEqualTo("epoch");
    server.topics().publish("short", 6);
    network.runUntilIdle();
    assertThat(peer.heard()).singleElement().asString().contains("\"offset\":6");
  }

  @Test
  void historyIsReadWithoutSubscribing() {
    Position first = server.topics().publish("short", 1);
    server.topics().publish("short", 2);
    server.topics().publish("short", 3);

    var all = HistoryRequest.Answer.read(result(peer.call(1, "rpc.history", topic("short"))));
    assertThat(all.events())
        .containsExactly(new Entry(2, RawJson.number(2)), new Entry(3, RawJson.number(3)));
    assertThat(all.position()).isEqualTo(new Position(first.epoch(), 3));
    assertThat(all.more()).isFalse();

    var one =
        HistoryRequest.Answer.read(
            result(peer.call(2, "rpc.history", "{\"topic\":\"short\",\"limit\":1}")));
    assertThat(one.events()).extracting(Entry::offset).containsExactly(2L);
    assertThat(one.more()).isTrue();

    RawJson lost =
        error(
            peer.call(
                3,
                "rpc.history",
                "{\"topic\":\"short\",\"since\":{\"epoch\":\""
                    + first.epoch()
                    + "\",\"offset\":0}}"));
    assertThat(lost.members().integer("code")).isEqualTo(-32010);
    assertThat(lost.members().get("data"))
        .isEqualTo(RawJson.parse("{\"reason\":\"trimmed\",\"first\":2,\"last\":3}"));
  }

  @Test
  void whoDoesNotReadIsGivenUpAndNobodyElseNotices() {
    TestPeer slow = TestPeer.dial(network, "ws://server/ws");
    subscribe(slow, "prices/eur", null);
    subscribe(peer, "prices/eur", null);
    slow.reading(false);
    RawJson large = RawJson.string("x".repeat(10_000));
    for (int i = 0; i < 100; i++) {
      server.topics().publish("prices/eur", large);
      network.runUntilIdle();
    }
    network.advance(Duration.ofSeconds(12));
    slow.reading(true);

    assertThat(slow.closeCode()).isEqualTo(4002);
    assertThat(peer.heard()).hasSize(100);
  }

  // ---- words

  private Subscribed subscribe(TestPeer who, String topic, Position since) {
    String params =
        since == null
            ? topic(topic)
            : "{\"topic\":\""
                + topic
                + "\",\"since\":{\"epoch\":\""
                + since.epoch()
                + "\",\"offset\":"
                + since.offset()
                + "}}";
    return Subscribed.read(result(who.call(1_000 + id++, "rpc.subscribe", params)));
  }

  private static String topic(String topic) {
    return "{\"topic\":\"" + topic + "\"}";
  }

  private static RawJson result(RawJson response) {
    RawJson result = response.members().get("result");
    assertThat(result).as(response.toString()).isNotNull();
    return result;
  }

  private static RawJson error(RawJson response) {
    RawJson error = response.members().get("error");
    assertThat(error).as(response.toString()).isNotNull();
    return error;
  }
}
