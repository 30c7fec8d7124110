package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.Status;
import dev.everwire.protocol.Position;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.transport.Acceptor.Refuse;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that goes away says so, and another connection is made before this one ends. */
class ClientGoawayTest {
  private final ClientFixture fixture = new ClientFixture();
  private final ScriptedServer second = new ScriptedServer(fixture.network, "second");

  @AfterEach
  void nothingIsLeft() {
    fixture.close();
    second.close();
  }

  @Test
  void callsInFlightEndOnTheOldConnectionAndNewOnesAreMadeOnTheNewOne() {
    Client client = fixture.live(fixture.builder());
    Future<Object> slow = call("slow", CallOptions.withoutDeadline());
    String slowRequest = fixture.server.hear();
    goaway("\"reason\":\"deploy\",\"inMs\":2000,\"closeAtMs\":30000");
    assertThat(fixture.events.getLast())
        .isEqualTo(new ClientEvent.Moving(1, "deploy", Duration.ofSeconds(2)));
    fixture.network.advance(Duration.ofMillis(1_900));
    assertThat(fixture.server.connections()).isEqualTo(1);

    fixture.network.advance(Duration.ofMillis(300));
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
    fixture.server.welcome();
    assertThat(client.epoch()).isEqualTo(2);
    assertThat(fixture.events.getLast())
        .isEqualTo(new ClientEvent.StatusChanged(2, new Status.Ready(false)));
    fixture.network.advance(Duration.ofSeconds(2));
    assertThat(fixture.server.closes()).isEmpty();

    Future<Object> quick = call("quick", CallOptions.DEFAULT);
    String quickRequest = fixture.server.hear();
    fixture.server.answer(quickRequest, "\"q\"");
    assertThat(quick.resultNow()).isEqualTo("q");
    fixture.server.sayOn(
        1, "{\"jsonrpc\":\"2.0\",\"id\":" + id(slowRequest) + ",\"result\":\"s\"}");
    assertThat(slow.resultNow()).isEqualTo("s");
    fixture.network.advance(Duration.ofMillis(300));
    assertThat(fixture.server.closes()).containsExactly(1000);
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
  }

  @Test
  void anOldConnectionIsLeftWhenItsTimeIsOverThoughACallStillRuns() {
    fixture.live(fixture.builder());
    Future<Object> slow = call("slow", CallOptions.withoutDeadline());
    assertThat(fixture.server.hear()).contains("slow");
    goaway("\"inMs\":0,\"closeAtMs\":5000");
    fixture.network.advance(Duration.ofMillis(1_100));
    fixture.server.welcome();
    fixture.network.advance(Duration.ofMillis(3_500));
    assertThat(slow.isDone()).isFalse();
    fixture.network.advance(Duration.ofMillis(1_000));
    assertThat(slow.exceptionNow()).isInstanceOf(ConnectionLostException.class);
    assertThat(fixture.server.closes()).containsExactly(1000);
  }

  @Test
  void aTopicGoesOnWithoutAHoleOrADoubleThoughTheOldConnectionStillSends() {
    Client client = fixture.live(fixture.builder());
    Subscription<String> prices = client.subscribe("prices", String.class);
    fixture.server.answer(
        fixture.server.hear(), "{\"topic\":\"prices\",\"epoch\":\"k3\",\"offset\":120}");
    fixture.server.say(event(121, "a"));
    goaway("\"inMs\":0,\"closeAtMs\":5000");
    fixture.network.advance(Duration.ofMillis(1_100));
    fixture.server.sayOn(1, event(122, "b"));
    fixture.server.welcome();
    String again = fixture.server.hear();
    assertThat(again).contains("rpc.subscribe", "{\"epoch\":\"k3\",\"offset\":122}");
    fixture.server.sayOn(1, event(123, "c"));
    fixture.server.answer(
        again,
        "{\"topic\":\"prices\",\"epoch\":\"k3\",\"offset\":123,\"recovered\":true,"
            + "\"events\":[{\"offset\":123,\"data\":\"c\"}]}");
    fixture.server.sayOn(1, event(124, "d"));
    fixture.server.say(event(124, "d"));

    String[] data = {"a", "b", "c", "d"};
    for (int i = 0; i < data.length; i++) {
      assertThat(prices.poll()).contains(new Event.Item<>(data[i], new Position("k3", 121 + i)));
    }
    assertThat(prices.poll()).isEmpty();
  }

  @Test
  void aServerThatSaysItAgainAndAgainIsHeardAFewTimesOnly() {
    fixture.live(fixture.builder());
    for (int i = 0; i < 1_000; i++) {
      goaway("\"inMs\":" + (20_000 - i) + ",\"closeAtMs\":30000");
    }
    assertThat(fixture.events(ClientEvent.Moving.class)).hasSize(8);
    fixture.network.advance(Duration.ofMillis(500));
    assertThat(fixture.server.connections()).isEqualTo(1);
  }

  @Test
  void aServerThatSendsEveryConnectionAwayIsFollowedEverMoreSlowly() {
    fixture.live(fixture.builder());
    for (int number = 1; number <= 5; number++) {
      goaway("\"inMs\":0,\"closeAtMs\":86400000");
      fixture.network.advance(Duration.ofSeconds(number).minusMillis(200));
      assertThat(fixture.server.connections()).isEqualTo(number);
      fixture.network.advance(Duration.ofMillis(400));
      assertThat(fixture.server.connections()).isEqualTo(number + 1);
      fixture.hearHello();
    }
  }

  @Test
  void noMoreThanAFewOldConnectionsFinishAtOnce() {
    fixture.live(fixture.builder());
    for (int number = 1; number <= 7; number++) {
      var unused = call("slow" + number, CallOptions.withoutDeadline());
      assertThat(fixture.hear(said -> said.contains("slow"))).contains("slow" + number);
      goaway("\"inMs\":0,\"closeAtMs\":86400000");
      fixture.network.advance(Duration.ofSeconds(number).plusMillis(200));
      fixture.hearHello();
      for (int old = 1; old <= number; old++) {
        fixture.server.sayOn(old, "{\"jsonrpc\":\"2.0\",\"method\":\"$/pong\"}");
      }
    }
    fixture.network.advance(Duration.ofSeconds(1));
    assertThat(fixture.server.connections() - fixture.server.closes().size()).isEqualTo(5);
  }

  @Test
  void aRedirectIsFollowedAndThenForgotten() {
    Client client = fixture.live(fixture.builder());
    goaway("\"inMs\":0,\"closeAtMs\":5000,\"url\":\"ws://second/ws\"");
    fixture.network.advance(Duration.ofMillis(1_100));
    second.welcome();
    fixture.network.advance(Duration.ofMillis(700));
    assertThat(fixture.server.closes()).containsExactly(1000);

    second.cut();
    fixture.network.advance(Duration.ofMillis(2_200));
    fixture.server.welcome();
    assertThat(client.epoch()).isEqualTo(3);
  }

  @Test
  void aRedirectToNobodyOrToARefusalFallsBack() {
    fixture.live(fixture.builder());
    goaway("\"inMs\":0,\"closeAtMs\":5000,\"url\":\"ws://nobody/ws\"");
    fixture.network.advance(Duration.ofMillis(3_200));
    fixture.hearHello();
    assertThat(fixture.client().epoch()).isEqualTo(2);

    second.refuse(Refuse.with(404, "not here"));
    goaway("\"inMs\":0,\"closeAtMs\":5000,\"url\":\"ws://second/ws\"");
    fixture.server.close(1012, "");
    fixture.network.advance(Duration.ofSeconds(9));
    fixture.hearHello();
    assertThat(fixture.client().status()).isEqualTo(new Status.Ready(false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"inMs\":-5,\"closeAtMs\":-7",
        "\"inMs\":-9007199254740991,\"url\":\"ws://[\"",
        "\"url\":\"mailto:x\"",
        "\"url\":\"\"",
        "\"url\":\"ws://second:99999/ws\"",
        "\"reason\":\"\\u0000\\n\",\"url\":\"http://second/ws\"",
        "\"kinds\":[1,{}],\"ticket\":7"
      })
  void valuesThatMakeNoSenseMeanNowAndHere(String params) {
    fixture.live(fixture.builder());
    goaway(params);
    fixture.network.advance(Duration.ofMillis(1_100));
    fixture.hearHello();
    assertThat(fixture.client().epoch()).isEqualTo(2);
    assertThat(second.connections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"inMs\":\"x\"", "\"inMs\":1.5", "\"url\":7", "\"reason\":[]"})
  void whatCannotBeReadIsIgnored(String params) {
    fixture.live(fixture.builder());
    goaway(params);
    fixture.network.advance(Duration.ofSeconds(8));
    assertThat(fixture.server.connections()).isEqualTo(1);
    assertThat(fixture.events(ClientEvent.Moving.class)).isEmpty();
  }

  @Test
  void aPlainPeerMayGoAwayToo() {
    Client client = fixture.start(fixture.builder().plain());
    goaway("\"inMs\":0,\"closeAtMs\":5000");
    fixture.network.advance(Duration.ofMillis(1_900));
    assertThat(client.epoch()).isEqualTo(2);
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
    assertThat(fixture.server.closes()).containsExactly(1000);
  }

  @ParameterizedTest
  @ValueSource(ints = {4200, 1012})
  void theTimeToBeLeftAloneHoldsWhateverTheConnectionEndsWith(int code) {
    fixture.live(fixture.builder());
    goaway("\"reason\":\"full\",\"retryAfterMs\":20000");
    fixture.server.close(code, "");
    assertThat(fixture.client().status())
        .isInstanceOfSatisfying(
            Status.Reconnecting.class,
            waiting -> assertThat(waiting.delay()).isEqualTo(Duration.ofSeconds(21)));
  }

  @Test
  void anOverloadedServerThatSaysNothingIsLeftAloneForAWhile() {
    fixture.live(fixture.builder());
    fixture.server.close(4201, "slowly");
    assertThat(fixture.client().status())
        .isInstanceOfSatisfying(
            Status.Reconnecting.class,
            waiting -> assertThat(waiting.delay()).isEqualTo(Duration.ofSeconds(6)));
  }

  @Test
  void successorsThatFailAreTriedAgainWhileThePresentOneLives() {
    Client client = fixture.live(fixture.builder());
    fixture.server.refuse(Refuse.with(503, "draining"));
    goaway("\"inMs\":0,\"closeAtMs\":30000");
    fixture.network.advance(Duration.ofMillis(3_500));
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
    Future<Object> quick = call("quick", CallOptions.DEFAULT);
    fixture.server.answer(fixture.server.hear(), "\"q\"");
    assertThat(quick.resultNow()).isEqualTo("q");

    fixture.server.refuse(null);
    fixture.network.advance(Duration.ofMillis(3_500));
    fixture.hearHello();
    assertThat(client.epoch()).isEqualTo(2);
  }

  private Future<Object> call(String method, CallOptions options) {
    return fixture.client().callAsync(method, null, String.class, options);
  }

  private void goaway(String params) {
    fixture.server.say("{\"jsonrpc\":\"2.0\",\"method\":\"$/goaway\",\"params\":{" + params + "}}");
  }

  private static String event(long offset, String data) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.event\",\"params\":{\"topic\":\"prices\","
        + "\"offset\":"
        + offset
        + ",\"data\":\""
        + data
        + "\"}}";
  }

  private static String id(String request) {
    return request.replaceAll(".*\"id\":([0-9]+).*", "$1");
  }
}
