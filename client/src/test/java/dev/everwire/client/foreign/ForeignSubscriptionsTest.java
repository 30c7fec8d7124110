package dev.everwire.client.foreign;

import static dev.everwire.client.foreign.ForeignFixture.SECOND;
import static dev.everwire.client.foreign.ForeignFixture.all;
import static dev.everwire.client.foreign.ForeignFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.foreign.handler.GenericJsonHandler;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ClientSettings;
import dev.everwire.client.link.Overflow;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.flow.RateLimiters;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ForeignSubscriptionsTest {
  private static final String SUB_1 = json("{'op':'subscribe','req_id':1,'args':['t']}");

  private final ForeignFixture fixture = new ForeignFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private ForeignSubscription<Long> subscribe(String topic) {
    return subscribe(topic, Buffering.DEFAULT);
  }

  private ForeignSubscription<Long> subscribe(String topic, Buffering buffering) {
    ForeignClient client = fixture.client;
    assertThat(client).isNotNull();
    ForeignSubscription<Long> made = client.subscribe(topic, Long.class, buffering);
    fixture.network.runUntilIdle();
    return made;
  }

  private void close(ForeignSubscription<?> subscription) {
    subscription.close();
    fixture.network.runUntilIdle();
  }

  private void update(String topic, int... values) {
    for (int value : values) {
      fixture.say("{'topic':'" + topic + "','data':" + value + "}");
    }
  }

  private List<String> failed() {
    return fixture.events.stream()
        .filter(ClientEvent.SubscriptionFailed.class::isInstance)
        .map(event -> ((ClientEvent.SubscriptionFailed) event).topic())
        .toList();
  }

  @Test
  void theFirstSubscribesAndTheLastUnsubscribes() {
    fixture.start(fixture.builder());
    var first = subscribe("t");
    var second = subscribe("t");
    assertThat(fixture.hear()).isEqualTo(SUB_1);
    assertThat(first.confirmed()).isFalse();
    fixture.say("{'req_id':1,'result':true}");
    assertThat(first.confirmed() && second.confirmed()).isTrue();
    update("t", 1, 2);
    assertThat(all(first)).containsExactly("1", "2");
    assertThat(all(second)).containsExactly("1", "2");
    close(first);
    fixture.server().hearNothing();
    close(first); // an explicit end leaves nothing to do for a later one
    close(second);
    assertThat(fixture.hear()).isEqualTo(json("{'op':'unsubscribe','req_id':2,'args':['t']}"));
    close(second);
    fixture.server().hearNothing();
    assertThatThrownBy(second::poll).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void whatIsSubscribedWhileAwayIsSentOnceAndEverythingIsRestored() {
    fixture.start(fixture.builder());
    var first = subscribe("t");
    fixture.hear();
    fixture.say("{'req_id':1,'result':true}");
    update("t", 1);
    fixture.server().close(1000, "maintenance");
    var second = subscribe("u");
    fixture.network.advance(SECOND);
    assertThat(fixture.service.connections()).isEqualTo(2);
    assertThat(fixture.hear()).isEqualTo(json("{'op':'subscribe','req_id':2,'args':['t','u']}"));
    fixture.server().hearNothing();
    fixture.say("{'req_id':2,'result':true}");
    update("t", 2);
    update("u", 3);
    assertThat(all(first)).containsExactly("1", "epoch2", "2");
    assertThat(all(second)).containsExactly("3");
    assertThat(fixture.happenings())
        .containsExactly(
            new ClientEvent.Connected(1, fixture.service.uri()),
            new ClientEvent.Disconnected(1, 1000, "maintenance"),
            new ClientEvent.Connected(2, fixture.service.uri()));
  }

  @Test
  void manyAreAskedForTogetherAndRestoredInBatches() {
    ForeignClient client =
        fixture.start(
            fixture
                .builder()
                .settings(
                    ClientSettings.builder()
                        .restoreBatch(50)
                        .reconnect(ReconnectPolicy.fixed(SECOND))
                        .build()));
    List<String> topics = IntStream.range(0, 120).mapToObj(i -> "t" + i).toList();
    var all = client.subscribeAll(topics, Long.class, Buffering.DEFAULT);
    for (int id = 1; id <= 3; id++) {
      assertThat(fixture.hear()).contains("\"req_id\":" + id);
      fixture.say("{'req_id':" + id + ",'result':true}");
    }
    assertThat(all).allMatch(ForeignSubscription::confirmed);
    fixture.server().cut();
    fixture.network.advance(SECOND);
    for (int id = 4; id <= 6; id++) {
      assertThat(fixture.hear()).contains("\"req_id\":" + id);
    }
    fixture.server().hearNothing();
    try (var driving = fixture.network.drive()) {
      assertThat(driving).isNotNull();
      assertThat(client.topics()).isEqualTo(topics);
    }
  }

  @Test
  void aRefusedTopicFailsAndTheOthersGoOn() {
    fixture.start(
        fixture.builder(GenericJsonHandler.builder().numericIds().refusedField("failed").build()));
    ForeignClient client = fixture.client;
    assertThat(client).isNotNull();
    var both = client.subscribeAll(List.of("good", "bad"), Long.class, Buffering.DEFAULT);
    fixture.hear();
    fixture.say("{'req_id':1,'result':true,'failed':{'bad':'no such topic'}}");
    assertThat(both.get(0).confirmed()).isTrue();
    assertThat(failed()).containsExactly("bad");
    assertThatThrownBy(both.get(1)::poll)
        .isInstanceOf(FaultException.class)
        .hasMessageContaining("no such topic");
    update("good", 1);
    assertThat(all(both.get(0))).containsExactly("1");
    close(both.get(1));
    fixture.server().hearNothing(); // the service has not got it
  }

  @Test
  void aSubscriptionThatIsNotConfirmedInTimeFails() {
    fixture.start(fixture.builder());
    var subscription = subscribe("t");
    fixture.hear();
    fixture.network.advance(Duration.ofSeconds(10));
    assertThat(failed()).containsExactly("t");
    assertThatThrownBy(subscription::poll).hasMessageContaining("not confirmed in PT10S");
    assertThat(fixture.hear()).contains("unsubscribe");
  }

  @Test
  void whereNothingIsConfirmedWhatWasWrittenCounts() {
    fixture.start(
        fixture.builder(
            GenericJsonHandler.builder().numericIds().confirmsSubscriptions(false).build()));
    assertThat(subscribe("t").confirmed()).isTrue();
    fixture.hear();
    fixture.network.advance(Duration.ofMinutes(1));
    assertThat(failed()).isEmpty();
  }

  @Test
  void aServiceMayConfirmWithoutAnId() {
    ProtocolHandler named =
        new Changed(GenericJsonHandler.builder().numericIds().build()) {
          @Override
          public Confirmation confirmation(ForeignMessage.Text message, List<String> topics) {
            var members = message.members();
            RawJson subscribed = members == null ? null : members.get("subscribed");
            return subscribed == null
                ? Confirmation.NONE
                : Confirmation.confirmed(List.of(subscribed.asString()));
          }
        };
    fixture.start(fixture.builder(named));
    var subscription = subscribe("t");
    fixture.say("{'subscribed':'u'}");
    assertThat(subscription.confirmed()).isFalse();
    fixture.say("{'subscribed':'t'}");
    assertThat(subscription.confirmed()).isTrue();
    fixture.hear();
  }

  @Test
  void aSlowReaderIsToldHowManyItMissedAndTheStreamGoesOn() {
    fixture.start(fixture.builder());
    var oldest = subscribe("t", Buffering.DEFAULT.updates(2));
    var newest = subscribe("t", Buffering.DEFAULT.updates(2).overflow(Overflow.DROP_NEWEST));
    fixture.hear();
    update("t", 1, 2, 3, 4);
    assertThat(all(oldest)).containsExactly("lag2", "3", "4");
    assertThat(all(newest)).containsExactly("1", "2", "lag2");
    update("t", 5);
    assertThat(all(oldest)).containsExactly("5");
    assertThat(all(newest)).containsExactly("5");
  }

  @Test
  void aSubscriptionThatMayLoseNothingEndsAndUnsubscribes() {
    fixture.start(fixture.builder());
    var strict = subscribe("t", Buffering.DEFAULT.updates(2).overflow(Overflow.DISCONNECT));
    fixture.hear();
    update("t", 1, 2, 3);
    assertThat(strict.poll()).contains(new ForeignEvent.Update<>(1L));
    assertThat(strict.poll()).contains(new ForeignEvent.Update<>(2L));
    assertThatThrownBy(strict::poll).hasMessageContaining("read too slowly");
    assertThat(fixture.hear()).contains("unsubscribe");
  }

  @Test
  void ofEachKeyOnlyTheLatestWaits() {
    ForeignClient client = fixture.start(fixture.builder());
    var latest = client.subscribe("t", RawJson.class, Buffering.DEFAULT.latestPerKey("/s"));
    fixture.network.runUntilIdle();
    fixture.hear();
    fixture.say("{'topic':'t','data':{'s':'a','p':1}}");
    fixture.say("{'topic':'t','data':{'s':'b','p':2}}");
    fixture.say("{'topic':'t','data':{'s':'a','p':3}}");
    assertThat(all(latest)).containsExactly(json("{'s':'b','p':2}"), json("{'s':'a','p':3}"));
  }

  @Test
  void anUpdateThatDoesNotFitIsLostAloneAndNamed() {
    fixture.start(fixture.builder());
    var subscription = subscribe("t");
    fixture.hear();
    fixture.say("{'topic':'t','data':'text'}");
    update("t", 2);
    assertThatThrownBy(subscription::poll)
        .isInstanceOf(UnreadableUpdateException.class)
        .hasMessage("update of t: does not fit Long");
    assertThat(subscription.poll()).contains(new ForeignEvent.Update<>(2L));
  }

  @Test
  void subscribesPassTheirLimiterAlsoOnesThatTakeSeveralMessages() {
    RateLimiters limiters = new RateLimiters(fixture.network.time()::now).add("subs", 2, 1);
    ProtocolHandler single =
        new Changed(GenericJsonHandler.builder().numericIds().build()) {
          @Override
          public List<? extends ForeignMessage> subscribe(List<String> topics, String id) {
            return topics.stream().map(topic -> ForeignMessage.text("sub " + topic)).toList();
          }

          @Override
          public java.util.Optional<String> limiter(Sending what) {
            return what == Sending.SUBSCRIBE
                ? java.util.Optional.of("subs")
                : java.util.Optional.empty();
          }
        };
    ForeignClient client = fixture.start(fixture.builder(single).rateLimiters(limiters));
    client.subscribeAll(List.of("a", "b", "c", "d"), Long.class, Buffering.DEFAULT);
    assertThat(fixture.hear() + fixture.hear()).isEqualTo("sub asub b");
    client.sendText("unlimited");
    assertThat(fixture.hear()).isEqualTo("unlimited");
    fixture.server().hearNothing();
    fixture.network.advance(SECOND);
    assertThat(fixture.hear()).isEqualTo("sub c");
    fixture.network.advance(SECOND);
    assertThat(fixture.hear()).isEqualTo("sub d");
  }

  @Test
  void theEndOfTheClientEndsEverySubscription() {
    ForeignClient client = fixture.start(fixture.builder());
    var open = subscribe("t");
    fixture.hear();
    client.closeAsync();
    fixture.network.advance(SECOND);
    assertThatThrownBy(open::poll).isInstanceOf(NoSuchElementException.class);
    assertThat(open.iterator().hasNext()).isFalse();
  }

  @Test
  void aClientThatFailedForGoodSaysSoToItsSubscriptions() {
    fixture.service.refuseConnection(403);
    fixture.start(fixture.builder());
    var subscription = subscribe("t");
    assertThatThrownBy(subscription::poll).isInstanceOf(ConnectionLostException.class);
  }
}
