package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.Overflow;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Observed;
import dev.everwire.testkit.MemoryNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscriptions of a client whose server is scripted, in time that the test moves. */
class SubscriptionTest {
  private final MemoryNetwork network = new MemoryNetwork();
  private final ScriptedServer server = new ScriptedServer(network, "server");
  private final List<ClientEvent> events = new ArrayList<>();
  private final List<Observed> observed = new ArrayList<>();
  private Client client;

  @BeforeEach
  void start() {
    client =
        Client.builder(URI.create("ws://server/ws"))
            .dialer(network.dialer())
            .values(new TextValues())
            .workers(Runnable::run)
            .random(new Random(1)) // no ping within the first 10 s
            .onEvent(events::add)
            .observer(observed::add)
            .reconnect((failures, random) -> Optional.of(Duration.ofSeconds(1)))
            .start();
  }

  @AfterEach
  void close() {
    CompletableFuture<Void> ended = client.closeAsync();
    network.advance(Duration.ofSeconds(1));
    assertThat(ended).isCompleted();
  }

  // ---- confirmation

  @Test
  void itIsConfirmedWhenTheServerSaysSo() {
    server.welcome();
    var prices = client.subscribe("prices", String.class);
    CompletableFuture<Position> confirmed = prices.confirmed();
    String request = server.hear();
    assertThat(confirmed).isNotDone();

    answer(request, "prices", 120);

    assertThat(confirmed).isCompletedWithValue(at(120));
    assertThat(prices.confirmed()).isCompletedWithValue(at(120));
  }

  @Test
  void whoeverCancelsAConfirmationDisturbsNobody() {
    server.welcome();
    var prices = client.subscribe("prices", String.class);
    prices.confirmed().cancel(true);

    answer(server.hear(), "prices", 120);

    assertThat(prices.confirmed()).isCompletedWithValue(at(120));
  }

  @Test
  void aRefusalFailsTheConfirmation() {
    server.welcome();
    var prices = client.subscribe("prices", String.class);

    server.refuse(server.hear(), FaultCode.FORBIDDEN);

    assertThat(failure(prices))
        .hasMessage("subscription of prices: refused: no (-32003)")
        .extracting(SubscriptionFailedException::topic)
        .isEqualTo("prices");
    assertThat(failure(prices).fault()).map(fault -> fault.code()).contains(FaultCode.FORBIDDEN);
  }

  @Test
  void failuresAreToldToTheListener() {
    server.welcome();
    client.subscribe("prices", String.class);
    server.refuse(server.hear(), FaultCode.OVERLOADED);
    network.advance(Duration.ofMillis(1_200));
    server.refuse(server.hear(), FaultCode.FORBIDDEN);

    assertThat(events)
        .filteredOn(ClientEvent.SubscriptionFailed.class::isInstance)
        .containsExactly(
            new ClientEvent.SubscriptionFailed(1, "prices", "no (-32006), tried again"),
            new ClientEvent.SubscriptionFailed(1, "prices", "refused: no (-32003)"));
  }

  @Test
  void withoutAConnectionTheWaitEndsTooButTheSubscriptionIsTriedOn() {
    var prices =
        client.subscribe(
            "prices",
            String.class,
            SubscriptionOptions.DEFAULT.confirmWithin(Duration.ofSeconds(5)));
    assertThat(server.hear()).contains("rpc.hello");

    network.advance(Duration.ofMillis(5_100));
    assertThat(failure(prices).why()).isEqualTo("not confirmed within PT5S: not connected");

    server.say(ScriptedServer.WELCOME);
    answer(server.hear(), "prices", 120);
    event("prices", 121, "\"a\"");
    assertThat(prices.poll()).contains(new Event.Item<>("a", at(121)));
  }

  @Test
  void aSubscribeThatIsNotAnsweredIsNotConfirmedInTimeAndTriedOn() {
    server.welcome();
    var prices = client.subscribe("prices", String.class);
    assertThat(server.hear()).contains("rpc.subscribe");

    network.advance(Duration.ofMillis(10_200));
    assertThat(failure(prices).why()).isEqualTo("not confirmed within PT10S");

    network.advance(Duration.ofMillis(1_200));
    String next = server.hear();
    while (!next.contains("rpc.subscribe")) {
      next = server.hear();
    }
    answer(next, "prices", 120);
    assertThat(prices.position()).contains(at(120));
  }

  @Test
  void whatIsClosedBeforeIsNotConfirmed() {
    server.welcome();
    var prices = client.subscribe("prices", String.class);

    prices.close();

    assertThat(failure(prices).why()).isEqualTo("subscription closed");
  }

  @Test
  void aClosedClientConfirmsNothing() {
    var prices = client.subscribe("prices", String.class);
    var ended = client.closeAsync();
    network.advance(Duration.ofSeconds(1));
    assertThat(ended).isCompleted();

    assertThat(failure(prices).why()).isEqualTo("closed by this client");
    var late = client.subscribe("late", String.class);
    network.runUntilIdle();
    assertThat(failure(late).why()).isEqualTo("closed by this client");
  }

  // ---- slow readers

  @Test
  void aSlowReaderIsToldWhatItMissedAndTheStreamGoesOn() {
    server.welcome();
    var oldest = subscribe("a", SubscriptionOptions.DEFAULT.bufferEvents(2));
    var newest =
        subscribe("b", SubscriptionOptions.DEFAULT.bufferEvents(2).overflow(Overflow.DROP_NEWEST));

    for (int offset = 121; offset <= 124; offset++) {
      event("a", offset, "\"x" + offset + "\"");
      event("b", offset, "\"x" + offset + "\"");
    }

    assertThat(oldest.dropped()).isEqualTo(2);
    assertThat(observed)
        .filteredOn(Observed.SubscriptionLagged.class::isInstance)
        .containsExactly(
            new Observed.SubscriptionLagged("a", 1), new Observed.SubscriptionLagged("b", 1));
    assertThat(read(oldest)).containsExactly("gap lag 120-122", "x123", "x124");
    assertThat(read(newest)).containsExactly("x121", "x122", "gap lag 122-124");
    event("a", 125, "\"on\"");
    event("b", 125, "\"on\"");
    assertThat(read(oldest)).containsExactly("on");
    assertThat(read(newest)).containsExactly("on");
  }

  @Test
  void aReaderThatMayMissNothingIsEndedAndGoesOnFromItsPosition() {
    server.welcome();
    var strict =
        subscribe("a", SubscriptionOptions.DEFAULT.bufferEvents(2).overflow(Overflow.DISCONNECT));
    for (int offset = 121; offset <= 124; offset++) {
      event("a", offset, "\"x" + offset + "\"");
    }

    assertThat(server.hear()).contains("rpc.unsubscribe");
    assertThat(strict.poll()).isPresent();
    assertThat(strict.poll()).isPresent();
    assertThatThrownBy(strict::poll)
        .isInstanceOf(SubscriptionOverflowException.class)
        .hasMessage("subscription of a: read too slowly, no room for k3:123");
    assertThat(server.closes()).isEmpty();

    Position last = strict.position().orElseThrow();
    var again = client.subscribe("a", String.class, SubscriptionOptions.DEFAULT.since(last));
    String request = server.hear();
    assertThat(request).contains("\"since\":{\"epoch\":\"k3\",\"offset\":122}");
    server.answer(
        request,
        "{\"topic\":\"a\",\"epoch\":\"k3\",\"offset\":124,\"recovered\":true,\"events\":["
            + "{\"offset\":123,\"data\":\"y\"},{\"offset\":124,\"data\":\"z\"}]}");
    assertThat(read(again)).containsExactly("y", "z");
  }

  @Test
  void anEndedReaderTakesNothingFromTheOthersOfItsTopic() {
    server.welcome();
    var patient = subscribe("a", SubscriptionOptions.DEFAULT);
    var strict =
        client.subscribe(
            "a",
            String.class,
            SubscriptionOptions.DEFAULT.bufferEvents(1).overflow(Overflow.DISCONNECT));
    network.runUntilIdle();
    event("a", 121, "\"x\"");
    event("a", 122, "\"y\"");
    event("a", 123, "\"z\"");

    server.hearNothing();
    assertThat(read(patient)).containsExactly("x", "y", "z");
    assertThat(strict.poll()).isPresent();
    assertThatThrownBy(strict::poll).isInstanceOf(SubscriptionOverflowException.class);
  }

  @Test
  void whoWantsOnlyTheLatestOfEachKeyGetsItWithoutAGap() {
    server.welcome();
    var quotes =
        client.subscribe(
            "quotes", RawJson.class, SubscriptionOptions.DEFAULT.latestPerKey("/symbol"));
    answer(server.hear(), "quotes", 120);
    event("quotes", 121, "{\"symbol\":\"EUR\",\"p\":1}");
    event("quotes", 122, "{\"symbol\":\"USD\",\"p\":2}");
    event("quotes", 123, "{\"symbol\":\"EUR\",\"p\":3}");

    assertThat(quotes.waiting()).isEqualTo(2);
    assertThat(quotes.conflated()).isEqualTo(1);
    assertThat(quotes.poll())
        .contains(new Event.Item<>(RawJson.parse("{\"symbol\":\"USD\",\"p\":2}"), at(122)));
    assertThat(quotes.poll())
        .contains(new Event.Item<>(RawJson.parse("{\"symbol\":\"EUR\",\"p\":3}"), at(123)));
    assertThat(quotes.poll()).isEmpty();
  }

  @Test
  void anEventThatWasOnlyLookedAtIsNotBehindThePosition() {
    server.welcome();
    var prices = subscribe("a", SubscriptionOptions.DEFAULT);
    event("a", 121, "\"x\"");
    var events = prices.iterator();

    assertThat(events.hasNext()).isTrue();
    assertThat(prices.position()).contains(at(120));

    assertThat(events.next()).isEqualTo(new Event.Item<>("x", at(121)));
    assertThat(prices.position()).contains(at(121));
  }

  // ---- after a reconnect

  @Test
  void manyTopicsAreTakenUpAgainFiftyAtATime() {
    server.welcome();
    List<Subscription<String>> all = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      all.add(client.subscribe("t" + i, String.class));
      answer(server.hear(), "t" + i, 100 + i);
    }
    server.cut();
    network.advance(Duration.ofMillis(1_100));
    server.welcome();

    List<String> first = requests();
    assertThat(first).hasSize(50).allMatch(request -> request.contains("rpc.subscribe"));
    for (String request : first.subList(0, 49)) {
      answerAgain(request);
    }
    server.hearNothing();
    server.refuse(first.get(49), FaultCode.FORBIDDEN); // one is refused, the others go on
    List<String> second = requests();
    assertThat(second).hasSize(50);
    all.get(119).close(); // removed meanwhile: its turn is skipped
    network.runUntilIdle();
    second.forEach(this::answerAgain);
    List<String> third = requests();
    assertThat(third).hasSize(19);
    third.forEach(this::answerAgain);
    server.hearNothing();

    assertThatThrownBy(() -> all.forEach(Subscription::poll)).hasMessageContaining("-32003");
    assertThatThrownBy(all.get(119)::poll).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void whatIsSubscribedToWhileAwayIsSentOnce() {
    server.welcome();
    subscribe("old", SubscriptionOptions.DEFAULT);
    server.cut();
    var one = client.subscribe("new", String.class);
    var two = client.subscribe("new", String.class);
    var third = client.subscribe("old", String.class);
    network.advance(Duration.ofMillis(1_100));
    server.welcome();

    List<String> requests = requests();

    assertThat(requests).hasSize(2);
    requests.forEach(this::answerAgain);
    server.hearNothing();
    assertThat(one.confirmed()).isCompleted();
    assertThat(two.confirmed()).isCompleted();
    assertThat(third.confirmed()).isCompleted();
  }

  // ---- words

  private Subscription<String> subscribe(String topic, SubscriptionOptions options) {
    Subscription<String> subscription = client.subscribe(topic, String.class, options);
    answer(server.hear(), topic, 120);
    return subscription;
  }

  private void answer(String request, String topic, long offset) {
    assertThat(request).contains("rpc.subscribe").contains("\"topic\":\"" + topic + "\"");
    server.answer(
        request, "{\"topic\":\"" + topic + "\",\"epoch\":\"k3\",\"offset\":" + offset + "}");
  }

  /** Where it asks for, with nothing missed. */
  private void answerAgain(String request) {
    var params = RawJson.parse(request).members().object("params");
    assertThat(params).isNotNull();
    String topic = params.string("topic");
    var since = params.object("since");
    String answer =
        since == null
            ? ",\"epoch\":\"k3\",\"offset\":1}"
            : ",\"epoch\":\"k3\",\"offset\":" + since.integer("offset") + ",\"recovered\":true}";
    server.answer(request, "{\"topic\":\"" + topic + "\"" + answer);
  }

  private List<String> requests() {
    network.runUntilIdle();
    List<String> requests = new ArrayList<>();
    for (String next = server.hearIfAny(); !next.isEmpty(); next = server.hearIfAny()) {
      requests.add(next);
    }
    return requests;
  }

  private void event(String topic, long offset, String data) {
    server.say(
        "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.event\",\"params\":{\"topic\":\""
            + topic
            + "\",\"offset\":"
            + offset
            + ",\"data\":"
            + data
            + "}}");
  }

  private static List<String> read(Subscription<String> subscription) {
    List<String> events = new ArrayList<>();
    for (var next = subscription.poll(); next.isPresent(); next = subscription.poll()) {
      events.add(
          switch (next.get()) {
            case Event.Item<String>(String value, var position) -> value;
            case Event.Gap<String>(String reason, Position from, Position to) ->
                "gap " + reason + " " + from.offset() + "-" + to.offset();
          });
    }
    return events;
  }

  private static SubscriptionFailedException failure(Subscription<?> subscription) {
    Throwable failure = subscription.confirmed().exceptionNow();
    assertThat(failure).isInstanceOf(SubscriptionFailedException.class);
    return (SubscriptionFailedException) failure;
  }

  private static Position at(long offset) {
    return new Position("k3", offset);
  }
}
