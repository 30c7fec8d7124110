package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.Status;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Position;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session that the server keeps, taken up again by the client. */
class ClientResumeTest {
  private static final Duration AWAY = Duration.ofMillis(1_100); // until it is back

  private final ClientFixture fixture = new ClientFixture();

  @AfterEach
  void nothingIsLeft() {
    fixture.close();
  }

  private static String welcome(String token, boolean resumed, int generation, String more) {
    return "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"result\":{\"v\":1,\"session\":\"S1\",\"resumeToken\":\""
        + token
        + "\",\"resumed\":"
        + resumed
        + ",\"generation\":"
        + generation
        + ",\"caps\":[\"ack\",\"meta\",\"stream\"],\"resumeWindow\":60000,"
        + "\"heartbeat\":{\"interval\":25000,\"timeout\":10000}"
        + more
        + "}}";
  }

  private Client live(ClientBuilder builder) {
    Client client = fixture.start(builder);
    assertThat(fixture.server.hear()).contains("rpc.hello", "\"ack\"").doesNotContain("resume");
    fixture.server.say(welcome("R1", false, 1, ""));
    return client;
  }

  private Future<Object> call(String method, CallOptions options) {
    return fixture.client().callAsync(method, null, String.class, options);
  }

  private Future<Object> call(String method) {
    return call(method, CallOptions.withoutDeadline());
  }

  private void answer(int id, String result) {
    fixture.server.say("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":\"" + result + "\"}");
  }

  private static String request(int id, String method) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\"}";
  }

  private void back() {
    fixture.network.advance(AWAY);
  }

  @Test
  void aCallWhoseLinkIsCutIsAnsweredOnTheNextOne() {
    live(fixture.builder());
    Future<Object> done = call("done");
    Future<Object> running = call("running");
    Future<Object> fresh = call("fresh");
    Future<Object> unknown = call("unknown");
    Future<Object> again = call("again", CallOptions.withoutDeadline().idempotent());
    for (int i = 1; i <= 5; i++) {
      assertThat(fixture.server.hear()).contains("\"id\":" + i);
    }
    fixture.server.cut();
    Future<Object> later = call("later");
    back();
    assertThat(fixture.server.hear())
        .contains("\"resume\":{\"session\":\"S1\",\"token\":\"R1\",\"pending\":[1,2,3,4,5]}");
    fixture.server.say(
        welcome(
            "R2",
            true,
            2,
            ",\"calls\":{\"1\":\"done\",\"2\":\"running\",\"3\":\"new\",\"4\":\"unknown\",\"5\":\"unknown\"}"));
    answer(1, "d");
    assertThat(fixture.client().status()).isEqualTo(new Status.Ready(true));
    assertThat(done.resultNow()).isEqualTo("d");
    assertThat(unknown.exceptionNow())
        .isInstanceOfSatisfying(
            ConnectionLostException.class, lost -> assertThat(lost.maybeExecuted()).isTrue());
    assertThat(fixture.server.hear()).isEqualTo(request(3, "fresh"));
    assertThat(fixture.server.hear()).isEqualTo(request(6, "again"));
    assertThat(fixture.server.hear()).isEqualTo(request(7, "later"));
    answer(2, "r");
    answer(3, "f");
    answer(6, "a");
    answer(7, "l");
    assertThat(running.resultNow()).isEqualTo("r");
    assertThat(fresh.resultNow()).isEqualTo("f");
    assertThat(again.resultNow()).isEqualTo("a");
    assertThat(later.resultNow()).isEqualTo("l");
  }

  @Test
  void aClientThatComesBackSaysSoBeforeTheUpgrade() {
    live(fixture.builder());
    assertThat(fixture.server.handshake().header("everwire-resume")).isNull();
    fixture.server.cut();
    back();
    assertThat(fixture.server.handshake().header("everwire-resume")).isEqualTo("1");
  }

  @Test
  void theTokenOfTheLatestAnswerIsTheOneToComeWith() {
    live(fixture.builder());
    fixture.server.cut();
    back();
    assertThat(fixture.server.hear()).contains("\"token\":\"R1\"");
    fixture.server.cut(); // before the answer
    fixture.network.advance(Duration.ofMillis(2_100));
    assertThat(fixture.server.hear()).contains("\"token\":\"R1\"");
    fixture.server.say(welcome("R3", true, 3, ""));
    fixture.server.cut();
    fixture.network.advance(Duration.ofMillis(4_100));
    assertThat(fixture.server.hear()).contains("\"token\":\"R3\"");
    fixture.server.say(welcome("R4", true, 4, ""));
    assertThat(fixture.events.toString()).doesNotContain("R1").doesNotContain("R3");
  }

  @Test
  void aRefusedResumeIsAFreshSessionWithNumbersOfItsOwn() {
    live(fixture.builder());
    Future<Object> lost = call("lost");
    Future<Object> again = call("again", CallOptions.withoutDeadline().idempotent());
    fixture.server.hear();
    fixture.server.hear();
    fixture.server.cut();
    back();
    assertThat(fixture.server.hear()).contains("\"pending\":[1,2]");
    fixture.server.say(welcome("R9", false, 1, ",\"reason\":\"user_changed\""));
    assertThat(fixture.client().status()).isEqualTo(new Status.Ready(false));
    assertThat(lost.exceptionNow()).isInstanceOf(ConnectionLostException.class);
    assertThat(fixture.server.hear()).isEqualTo(request(1, "again"));
    answer(1, "a");
    assertThat(again.resultNow()).isEqualTo("a");
  }

  @Test
  void aServerThatKeepsNothingIsNotAskedForAnything() {
    fixture.live(fixture.builder());
    Future<Object> lost = call("lost");
    fixture.server.hear();
    fixture.server.cut();
    assertThat(lost.exceptionNow()).isInstanceOf(ConnectionLostException.class);
    back();
    assertThat(fixture.server.hear()).contains("rpc.hello").doesNotContain("resume");
    fixture.server.say(ScriptedServer.WELCOME);
  }

  @Test
  void whatIsSentAgainGoesBeforeAnythingWithANewNumber() {
    Client client = live(fixture.builder());
    Subscription<String> prices = client.subscribe("prices", String.class);
    fixture.server.answer(
        fixture.server.hear(), "{\"topic\":\"prices\",\"epoch\":\"k3\",\"offset\":120}");
    call("fresh");
    fixture.server.hear();
    fixture.server.cut();
    call("later");
    back();
    assertThat(fixture.server.hear()).contains("\"pending\":[2]");
    fixture.server.say(welcome("R2", true, 2, ",\"calls\":{\"2\":\"new\"}"));
    assertThat(fixture.server.hear()).isEqualTo(request(2, "fresh"));
    assertThat(fixture.server.hear()).contains("\"id\":3", "rpc.subscribe", "\"offset\":120");
    assertThat(fixture.server.hear()).isEqualTo(request(4, "later"));
    prices.close();
  }

  @Test
  void aStreamEndsWithItsLink() {
    Client client = live(fixture.builder());
    var items = client.stream("ticks", null, String.class);
    assertThat(fixture.server.hear()).contains("ticks");
    Future<Object> kept = call("kept");
    fixture.server.hear();
    fixture.server.cut();
    assertThat(items.iterator()).isNotNull();
    back();
    assertThat(fixture.server.hear()).contains("\"pending\":[2]");
    fixture.server.say(welcome("R2", true, 2, ",\"calls\":{\"2\":\"running\"}"));
    answer(2, "k");
    assertThat(kept.resultNow()).isEqualTo("k");
    items.close();
  }

  @Test
  void whoGivesUpWhileAwayEndsAtOnceAndTheServerIsTold() {
    live(fixture.builder());
    Future<Object> call = call("slow");
    Future<Object> late = call("late", CallOptions.within(Duration.ofMillis(500)));
    fixture.server.hear();
    fixture.server.hear();
    fixture.server.cut();
    call.cancel(true);
    back();
    assertThat(late.state()).isEqualTo(Future.State.FAILED);
    assertThat(fixture.server.hear()).contains("\"pending\":[]");
    fixture.server.say(welcome("R2", true, 2, ""));
    List<String> told = new ArrayList<>(List.of(fixture.server.hear(), fixture.server.hear()));
    assertThat(told)
        .containsExactlyInAnyOrder(
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":1}}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":2}}");
  }

  @Test
  void callsDoNotWaitLongerThanTheServerKeepsTheSession() {
    live(fixture.builder());
    Future<Object> call = call("slow");
    fixture.server.hear();
    fixture.server.refuse(dev.everwire.session.transport.Acceptor.Refuse.with(503, "not now"));
    fixture.server.cut();
    fixture.network.advance(Duration.ofSeconds(59));
    assertThat(call.isDone()).isFalse();
    fixture.network.advance(Duration.ofSeconds(2));
    assertThat(call.exceptionNow())
        .isInstanceOf(ConnectionLostException.class)
        .hasMessageContaining("not resumed in time");
  }

  @Test
  void answersAreAcknowledgedTogether() {
    live(fixture.builder());
    List<Future<Object>> calls = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      calls.add(call("c" + i));
      fixture.server.hear();
    }
    answer(1, "x");
    answer(3, "x");
    fixture.network.advance(Duration.ofMillis(900));
    fixture.server.hearNothing();
    fixture.network.advance(Duration.ofMillis(200));
    assertThat(fixture.server.hear())
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/ack\",\"params\":{\"calls\":{\"upTo\":1,\"also\":[3]}}}");
    fixture.server.hearNothing();
    answer(2, "x");
    fixture.network.advance(Duration.ofMillis(1_100));
    assertThat(fixture.server.hear()).contains("{\"calls\":{\"upTo\":3}}");
    answer(4, "x");
    assertThat(calls).allMatch(Future::isDone);
  }

  @Test
  void afterAResumeWhatEndedBeforeIsAcknowledged() {
    live(fixture.builder());
    call("a");
    Future<Object> kept = call("b");
    fixture.server.hear();
    fixture.server.hear();
    answer(1, "x");
    fixture.server.cut();
    back();
    assertThat(fixture.server.hear()).contains("\"pending\":[2]");
    fixture.server.say(welcome("R2", true, 2, ",\"calls\":{\"2\":\"running\"}"));
    answer(2, "x");
    assertThat(kept.isDone()).isTrue();
    fixture.network.advance(Duration.ofMillis(1_100));
    assertThat(fixture.server.hear()).contains("{\"calls\":{\"upTo\":2}}");
  }

  @Test
  void aServerThatGoesAwayIsLeftWithTheSession() {
    Client client = live(fixture.builder());
    Future<Object> running = call("running");
    fixture.server.hear();
    fixture.server.say(
        "{\"jsonrpc\":\"2.0\",\"method\":\"$/goaway\",\"params\":{\"inMs\":0,\"closeAtMs\":5000}}");
    back();
    assertThat(fixture.server.hear()).contains("\"token\":\"R1\"", "\"pending\":[1]");
    Future<Object> meanwhile = call("meanwhile");
    assertThat(client.notify("told", null)).isEqualTo(Offer.QUEUED);
    fixture.server.hearNothing();

    fixture.server.closeOn(1, 4409); // the server may be quicker with this than with its answer
    fixture.server.say(welcome("R2", true, 2, ",\"calls\":{\"1\":\"running\"}"));
    assertThat(fixture.server.hear()).isEqualTo(request(2, "meanwhile"));
    assertThat(fixture.server.hear()).contains("told");
    answer(1, "r");
    answer(2, "m");
    assertThat(running.resultNow()).isEqualTo("r");
    assertThat(meanwhile.resultNow()).isEqualTo("m");
    assertThat(client.status()).isEqualTo(new Status.Ready(true));
    assertThat(client.epoch()).isEqualTo(2);
  }

  @Test
  void anAnswerOnTheSuccessorEndsACallThatWasSentOnTheFormer() {
    Client client = live(fixture.builder());
    Future<Object> running = call("running");
    fixture.server.hear();
    fixture.server.say(
        "{\"jsonrpc\":\"2.0\",\"method\":\"$/goaway\",\"params\":{\"inMs\":0,\"closeAtMs\":5000}}");
    back();
    fixture.server.hear();
    fixture.server.say(welcome("R2", true, 2, ",\"calls\":{\"1\":\"done\"}"));
    answer(1, "r");
    assertThat(running.resultNow()).isEqualTo("r");
    fixture.server.sayOn(1, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"twice\"}");
    fixture.server.closeOn(1, 4409);
    assertThat(client.status()).isEqualTo(new Status.Ready(true));
    fixture.network.advance(Duration.ofSeconds(1));
    assertThat(fixture.server.connections()).isEqualTo(2);
  }

  @Test
  void onAnotherNodeAFreshSessionLeavesCallsWhereTheyRun() {
    Client client = live(fixture.builder());
    Future<Object> running = call("running");
    fixture.server.hear();
    fixture.server.say(
        "{\"jsonrpc\":\"2.0\",\"method\":\"$/goaway\",\"params\":{\"inMs\":0,\"closeAtMs\":5000}}");
    back();
    fixture.server.hear();
    fixture.server.say(welcome("R2", false, 1, ",\"reason\":\"unknown\""));
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
    call("next");
    assertThat(fixture.server.hear()).isEqualTo(request(1, "next"));
    fixture.server.sayOn(1, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"r\"}");
    assertThat(running.resultNow()).isEqualTo("r");
  }

  @Test
  void aSuccessorThatIsNotWelcomeLeavesEverythingAsItWas() {
    Client client = live(fixture.builder());
    fixture.server.say(
        "{\"jsonrpc\":\"2.0\",\"method\":\"$/goaway\",\"params\":{\"inMs\":0,\"closeAtMs\":50000}}");
    back();
    fixture.server.hear();
    Future<Object> held = call("held");
    fixture.server.hearNothing();
    fixture.server.closeOn(2, 1013);
    assertThat(fixture.server.hear()).isEqualTo(request(1, "held"));
    fixture.server.sayOn(1, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"h\"}");
    assertThat(held.resultNow()).isEqualTo("h");
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
  }

  @Test
  void aClientThatNamesItselfSaysSoInEveryHello() {
    Client client = fixture.start(fixture.builder().clientId("desk-7"));
    assertThat(fixture.server.hear()).contains("\"id\":\"desk-7\"}");
    fixture.server.say(welcome("R1", false, 1, ""));
    assertThat(client.sessionId()).contains("S1");
  }

  @Test
  void anAnswerThatIsLateDoesNotCostTheSession() {
    live(fixture.builder());
    Future<Object> call = call("slow");
    fixture.server.hear();
    fixture.server.cut();
    back();
    assertThat(fixture.server.hear()).contains("\"pending\":[1]");
    fixture.network.advance(Duration.ofSeconds(12)); // no answer
    assertThat(fixture.server.closes()).doesNotContain(4408, 1000);
    assertThat(fixture.hear(said -> said.contains("rpc.hello")))
        .contains("\"token\":\"R1\"", "\"pending\":[1]");
    fixture.server.say(welcome("R3", true, 3, ",\"calls\":{\"1\":\"done\"}"));
    answer(1, "s");
    assertThat(call.resultNow()).isEqualTo("s");
  }

  @Test
  void theInboxOfAFreshSessionBeginsWithItsFirstMessage() {
    Client client = live(fixture.builder());
    Subscription<String> inbox = client.inbox(String.class);
    fixture.server.answer(
        fixture.server.hear(), "{\"topic\":\"$inbox\",\"epoch\":\"i1\",\"offset\":7}");
    fixture.server.cut();
    back();
    fixture.server.hear();
    fixture.server.say(welcome("R9", false, 1, ",\"reason\":\"lost\""));
    String again = fixture.server.hear();
    assertThat(again).contains("{\"topic\":\"$inbox\"}");
    fixture.server.answer(
        again,
        "{\"topic\":\"$inbox\",\"epoch\":\"i2\",\"offset\":1,\"recovered\":true,"
            + "\"events\":[{\"offset\":1,\"data\":\"a\"}]}");
    assertThat(inbox.poll())
        .contains(new Event.Gap<>("epoch", new Position("i1", 7), new Position("i2", 0)));
    assertThat(inbox.poll()).contains(new Event.Item<>("a", new Position("i2", 1)));
    fixture.network.advance(Duration.ofMillis(1_100));
    assertThat(fixture.server.hear()).doesNotContain("inbox");
    assertThat(inbox.poll()).isEmpty();
    fixture.network.advance(Duration.ofMillis(1_100));
    assertThat(fixture.server.hear()).contains("\"inbox\":1");
  }

  @Test
  void theInboxGoesOnWhereItWasAndIsAcknowledgedAsItIsRead() {
    Client client = live(fixture.builder());
    Subscription<String> inbox = client.inbox(String.class);
    String subscribe = fixture.server.hear();
    assertThat(subscribe).contains("{\"topic\":\"$inbox\"}");
    fixture.server.answer(
        subscribe,
        "{\"topic\":\"$inbox\",\"epoch\":\"i1\",\"offset\":2,\"recovered\":true,"
            + "\"events\":[{\"offset\":1,\"data\":\"a\"},{\"offset\":2,\"data\":\"b\"}]}");
    assertThat(inbox.poll()).contains(new Event.Item<>("a", new Position("i1", 1)));
    fixture.network.advance(Duration.ofMillis(1_100));
    assertThat(fixture.server.hear())
        .as("the answer to subscribe")
        .contains("{\"calls\":{\"upTo\":1}}");
    fixture.network.advance(Duration.ofMillis(1_100));
    fixture.server.hearNothing(); // it may still be at it
    assertThat(inbox.poll()).contains(new Event.Item<>("b", new Position("i1", 2)));
    fixture.network.advance(Duration.ofMillis(1_100));
    assertThat(fixture.server.hear()).contains("\"inbox\":1");

    fixture.server.cut();
    back();
    assertThat(fixture.server.hear()).contains("\"token\":\"R1\"");
    fixture.server.say(welcome("R2", true, 2, ""));
    String again = fixture.server.hear();
    assertThat(again).contains("\"$inbox\"", "{\"epoch\":\"i1\",\"offset\":2}");
    fixture.server.answer(
        again, "{\"topic\":\"$inbox\",\"epoch\":\"i1\",\"offset\":2,\"recovered\":true}");
    assertThat(inbox.poll()).isEmpty();
    fixture.network.advance(Duration.ofMillis(1_100));
    assertThat(fixture.server.hear()).contains("\"inbox\":2");
    inbox.close();
    assertThat(fixture.server.hear()).contains("rpc.unsubscribe");
    try (Subscription<String> next = client.inbox(String.class)) {
      assertThat(fixture.server.hear()).contains("{\"epoch\":\"i1\",\"offset\":2}");
      assertThat(next.poll()).isEmpty();
    }
  }
}
