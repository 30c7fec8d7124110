package dev.everwire.client.foreign;

import static dev.everwire.client.foreign.ForeignFixture.SECOND;
import static dev.everwire.client.foreign.ForeignFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.foreign.handler.GenericJsonHandler;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ClientSettings;
import dev.everwire.client.link.Status;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.transport.TransportLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ForeignLineTest {
  private final ForeignFixture fixture = new ForeignFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static GenericJsonHandler withAuth() {
    return GenericJsonHandler.builder().numericIds().auth("auth", "token").build();
  }

  private List<String> messages() {
    return fixture.events.stream()
        .filter(ClientEvent.Message.class::isInstance)
        .map(event -> (ClientEvent.Message) event)
        .map(message -> message.kind() + " " + message.topic() + " " + message.text())
        .toList();
  }

  // ---- a connection begins

  @Test
  void authenticationAndSubscribingHappenOnOneConnection() {
    ForeignClient client = fixture.start(fixture.builder(withAuth()).token("T"));
    var subscription = client.subscribe("t", Long.class);
    assertThat(fixture.hear()).isEqualTo(json("{'op':'auth','token':'T'}"));
    fixture.server().hearNothing(); // nothing before it is known who we are
    assertThat(client.status()).isEqualTo(new Status.Authenticating());
    fixture.say("{'op':'auth','result':true}");
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
    assertThat(fixture.hear()).contains("subscribe");
    fixture.say("{'topic':'t','data':1}");
    assertThat(subscription.poll()).contains(new ForeignEvent.Update<>(1L));
    assertThat(fixture.service.connections()).isEqualTo(1);
    assertThat(client.epoch()).isEqualTo(1);
    assertThat(fixture.happenings())
        .containsExactly(new ClientEvent.Connected(1, fixture.service.uri()));
  }

  @Test
  void aRefusedTokenIsAnEventAndAnotherIsAskedForOnlySoOften() {
    AtomicInteger asked = new AtomicInteger();
    ForeignClient client =
        fixture.start(fixture.builder(withAuth()).tokens(renew -> "T" + asked.incrementAndGet()));
    for (int i = 1; i <= 4; i++) {
      assertThat(fixture.hear()).contains("\"T" + i + "\"");
      fixture.say("{'op':'auth','error':'expired'}");
      fixture.network.advance(SECOND);
    }
    assertThat(client.status()).isInstanceOf(Status.Failed.class);
    assertThat(fixture.events)
        .filteredOn(ClientEvent.AuthenticationFailed.class::isInstance)
        .hasSize(4)
        .last()
        .asString()
        .contains("refused by the service", "willRetry=false");
  }

  @Test
  void anAuthenticationThatIsNotAnsweredIsGivenUpAndTriedAgain() {
    fixture.start(fixture.builder(withAuth()).token("T"));
    fixture.hear();
    fixture.say("{'op':'welcome'}"); // no answer to it
    fixture.network.advance(Duration.ofSeconds(12));
    assertThat(fixture.service.connections()).isEqualTo(2);
    assertThat(messages()).containsExactly("UNKNOWN  " + json("{'op':'welcome'}"));
    fixture.hear();
  }

  @Test
  void aHandlerThatNeverSeesASuccessIsNotTakenForOneThatDoes() {
    ProtocolHandler silent =
        new Changed(GenericJsonHandler.create()) {
          @Override
          public Optional<ForeignMessage> authMessage(
              @org.jspecify.annotations.Nullable String token) {
            return Optional.of(ForeignMessage.text("it's me"));
          }
        };
    ForeignClient client = fixture.start(fixture.builder(silent).authenticate());
    assertThat(fixture.hear()).isEqualTo("it's me");
    fixture.say("{'anything':1}");
    assertThat(client.status()).isEqualTo(new Status.Authenticating());
  }

  @Test
  void firstMessagesAreSentOnEachConnectionBeforeAnythingElse() {
    ProtocolHandler polite =
        new Changed(GenericJsonHandler.builder().numericIds().build()) {
          @Override
          public List<? extends ForeignMessage> onConnect() {
            return List.of(ForeignMessage.text("hi"), ForeignMessage.binary(new byte[] {'!'}));
          }
        };
    ForeignClient client = fixture.start(fixture.builder(polite));
    client.subscribe("t", Long.class);
    for (int i = 1; i <= 2; i++) {
      assertThat(fixture.hear()).isEqualTo("hi");
      assertThat(fixture.hear()).isEqualTo("!");
      assertThat(fixture.hear()).contains("subscribe");
      fixture.server().cut();
      fixture.network.advance(SECOND);
    }
    assertThat(fixture.service.connections()).isEqualTo(3);
    fixture.hear();
    fixture.hear();
    fixture.hear();
  }

  // ---- heartbeat

  @Test
  void aHealthyLinkIsNeverDroppedThoughTheIntervalIsLongerThanTheTimeout() {
    fixture.start(fixture.builder()); // 30 s and 10 s, as by default
    for (int i = 0; i < 100; i++) {
      fixture.network.advance(Duration.ofSeconds(37));
    }
    assertThat(fixture.service.connections()).isEqualTo(1);
    assertThat(fixture.statuses()).hasSize(3);
  }

  @Test
  void aSilentLinkIsFoundInTheIntervalAndTheTimeoutTogether() {
    fixture.start(fixture.builder());
    fixture.network.advance(Duration.ofSeconds(31)); // the first ping has its own phase
    fixture.server().goSilent();
    fixture.network.advance(Duration.ofSeconds(42));
    assertThat(fixture.service.connections()).isEqualTo(2);
    assertThat(fixture.events).contains(new ClientEvent.Disconnected(1, 4001, "heartbeat lost"));
  }

  @Test
  void anyTrafficCountsAsLifeAndThePingIsTheHandlersIfWanted() {
    fixture.start(fixture.builder().webSocketPing(false));
    fixture.network.advance(Duration.ofSeconds(30));
    assertThat(fixture.hear()).isEqualTo(json("{'op':'ping'}"));
    fixture.say("{'hello':1}"); // no pong at all, but life
    fixture.network.advance(Duration.ofSeconds(29));
    fixture.server().hearNothing();
    fixture.network.advance(Duration.ofSeconds(1));
    assertThat(fixture.hear()).isEqualTo(json("{'op':'ping'}"));
    fixture.say("pong");
    fixture.network.advance(Duration.ofSeconds(15));
    assertThat(fixture.service.connections()).isEqualTo(1);
    assertThat(messages()).hasSize(1); // the pong is none
  }

  @Test
  void aPingOfTheServiceIsAnsweredAndNoEvent() {
    fixture.start(fixture.builder());
    fixture.say("{'op':'ping','req_id':5}");
    assertThat(fixture.hear()).isEqualTo(json("{'op':'pong','req_id':5}"));
    fixture.say("ping");
    assertThat(fixture.hear()).isEqualTo("pong");
    assertThat(messages()).isEmpty();
  }

  @Test
  void aShorterHeartbeatFindsADeadPeerSooner() {
    fixture.start(
        fixture.builder().heartbeat(new Heartbeat(Duration.ofSeconds(2), Duration.ofSeconds(1))));
    fixture.server().goSilent();
    fixture.network.advance(Duration.ofSeconds(6));
    assertThat(fixture.service.connections()).isEqualTo(2);
  }

  // ---- coming back

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1006, 1009, 1011, 1012, 1013, 4000, 4401, 4403, 4499})
  void aForeignServiceIsComeBackToWhateverItClosedWith(int code) {
    fixture.start(fixture.builder());
    closeOrCut(code);
    fixture.network.advance(SECOND);
    assertThat(fixture.service.connections()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1002, 1003, 1007, 1008, 1010})
  void unlessTheNextWouldEndTheSameWay(int code) {
    ForeignClient client = fixture.start(fixture.builder());
    fixture.server().close(code, "no");
    fixture.network.advance(SECOND);
    assertThat(client.status()).isInstanceOf(Status.Failed.class);
  }

  @Test
  void aServiceThatAsksForItIsComeBackTo() {
    fixture.start(
        fixture.builder(GenericJsonHandler.builder().numericIds().reconnectOp("bye").build()));
    fixture.say("{'op':'bye'}");
    fixture.network.advance(Duration.ofSeconds(2));
    assertThat(fixture.service.connections()).isEqualTo(2);
    assertThat(fixture.service.openConnections()).isEqualTo(1);
    assertThat(fixture.happenings()).hasSize(3);
    assertThat(messages()).isEmpty();
  }

  @Test
  void aHandlerIsAskedOnlyAboutWhatTheServiceClosedWith() {
    ProtocolHandler strict =
        new Changed(GenericJsonHandler.builder().numericIds().reconnectOp("bye").build()) {
          @Override
          public boolean shouldReconnect(int closeCode) {
            return closeCode == 1001;
          }
        };
    fixture.start(fixture.builder(strict));
    fixture.say("{'op':'bye'}"); // we leave
    fixture.network.advance(Duration.ofSeconds(2));
    assertThat(fixture.service.connections()).isEqualTo(2);
    fixture.server().goSilent(); // and leave again
    fixture.network.advance(Duration.ofSeconds(75));
    assertThat(fixture.service.connections()).isEqualTo(3);
    fixture.server().close(1000, "no more");
    fixture.network.advance(SECOND);
    assertThat(fixture.statuses().getLast()).isInstanceOf(Status.Failed.class);
  }

  @Test
  void missedPingsAreObservedAsTheyAreMissed() {
    List<String> observed = new java.util.ArrayList<>();
    fixture.start(
        fixture
            .builder()
            .observer(what -> observed.add(what.toString()))
            .heartbeat(new Heartbeat(Duration.ofSeconds(5), Duration.ofSeconds(1), 3)));
    fixture.network.advance(Duration.ofSeconds(5));
    fixture.server().goSilent();
    fixture.network.advance(Duration.ofSeconds(10));
    assertThat(observed)
        .contains(
            "HeartbeatMissed[inARow=1]", "HeartbeatMissed[inARow=2]", "HeartbeatMissed[inARow=3]");
  }

  @Test
  void aCloseWinsWhileWaitingForTheNextAttempt() {
    ForeignClient client = fixture.start(fixture.builder());
    fixture.server().cut();
    var ended = client.closeAsync();
    fixture.network.runUntilIdle();
    assertThat(ended).isCompleted();
    assertThat(client.status()).isInstanceOf(Status.Closed.class);
    fixture.network.advance(Duration.ofMinutes(1));
    assertThat(fixture.service.connections()).isEqualTo(1);
  }

  private void closeOrCut(int code) {
    if (code == 1006) {
      fixture.server().cut();
    } else {
      fixture.server().close(code, "");
    }
  }

  // ---- messages of all kinds

  @Test
  void whatIsForNobodyIsAnEvent() {
    fixture.start(fixture.builder());
    fixture.say("{'topic':'nobody','data':1}");
    fixture.say("{'op':'status','text':'all well'}");
    fixture.say("not JSON");
    assertThat(messages())
        .containsExactly(
            "UPDATE nobody " + json("{'topic':'nobody','data':1}"),
            "UNKNOWN  " + json("{'op':'status','text':'all well'}"),
            "UNKNOWN  not JSON");
  }

  @Test
  void compressedMessagesAreReadAndTheirUnfoldingIsBounded() throws IOException {
    ForeignClient client =
        fixture.start(
            fixture
                .builder()
                .settings(
                    ClientSettings.builder()
                        .transportLimits(TransportLimits.CLIENT.withMaxMessageBytes(10_000))
                        .build()));
    var subscription = client.subscribe("t", Long.class);
    fixture.hear();
    fixture.server().sayBinary(gzip(json("{'topic':'t','data':7}")));
    assertThat(subscription.poll()).contains(new ForeignEvent.Update<>(7L));
    fixture.server().sayBinary(gzip("0".repeat(10_001)));
    fixture.server().sayBinary(new byte[] {(byte) 0xff, 0, 1});
    assertThat(messages())
        .containsExactly(
            "UNKNOWN  binary message: longer than 10000 bytes when unfolded",
            "UNKNOWN  binary message: not raw deflate");
    fixture.say("{'topic':'t','data':8}");
    assertThat(subscription.poll()).contains(new ForeignEvent.Update<>(8L));
  }

  @Test
  void aMessageThatIsTooLongIsAnEventAndTheClientComesBack() {
    ForeignClient client =
        fixture.start(
            fixture
                .builder()
                .settings(
                    ClientSettings.builder()
                        .transportLimits(TransportLimits.CLIENT.withMaxMessageBytes(100))
                        .build()));
    fixture.say("0".repeat(101));
    fixture.network.advance(Duration.ofSeconds(3));
    assertThat(fixture.events)
        .filteredOn(ClientEvent.Disconnected.class::isInstance)
        .hasSize(1)
        .first()
        .asString()
        .contains("code=1009");
    assertThat(client.status()).isInstanceOf(Status.Ready.class);
  }

  @Test
  void whatAHandlerThrowsGoesNoFurther() {
    ProtocolHandler broken =
        new Changed(GenericJsonHandler.builder().numericIds().build()) {
          @Override
          public boolean isServerPing(ForeignMessage.Text message) {
            throw new IllegalStateException("on purpose");
          }

          @Override
          public List<? extends ForeignMessage> onConnect() {
            throw new IllegalStateException("on purpose");
          }

          @Override
          public List<? extends ForeignMessage> subscribe(List<String> topics, String id) {
            throw new IllegalStateException("on purpose");
          }

          @Override
          public ForeignMessage.Text decodeBinary(byte[] bytes, int maxBytes) {
            throw new StackOverflowError("on purpose");
          }
        };
    ForeignClient client = fixture.start(fixture.builder(broken));
    fixture.say("{'topic':'t','data':8}");
    fixture.server().sayBinary(new byte[] {1});
    assertThat(messages())
        .containsExactly(
            "UNKNOWN  " + json("{'topic':'t','data':8}"), "UNKNOWN  the handler failed");
    client.subscribe("t", Long.class);
    fixture.network.runUntilIdle();
    assertThat(fixture.events)
        .filteredOn(ClientEvent.SubscriptionFailed.class::isInstance)
        .hasSize(1);
    assertThat(client.status()).isInstanceOf(Status.Ready.class);
  }

  @Test
  void aHandlerThatAnswersNullIsOneThatFails() {
    ProtocolHandler empty =
        new Changed(GenericJsonHandler.builder().numericIds().build()) {
          @Override
          public ForeignMessage injectRequestId(ForeignMessage request, String id) {
            return nothing();
          }

          @Override
          public ForeignMessage.Text decodeBinary(byte[] bytes, int maxBytes) {
            return nothing();
          }

          @SuppressWarnings({"NullAway", "DataFlowIssue"}) // as code that is not checked would
          private <T> T nothing() {
            return (T) null;
          }
        };
    ForeignClient client = fixture.start(fixture.builder(empty));
    var future =
        client.requestRawAsync(
            ForeignMessage.text("{}"),
            dev.everwire.session.CallOptions.within(Duration.ofSeconds(5)));
    fixture.network.runUntilIdle();
    assertThat(future).isCompletedExceptionally();
    fixture.server().sayBinary(new byte[] {1});
    assertThat(messages()).containsExactly("UNKNOWN  the handler failed");
    assertThat(fixture.service.connections()).isEqualTo(1);
  }

  @Test
  void anUpdateWhoseDataCannotBeFoundIsUnknown() {
    ProtocolHandler broken =
        new Changed(GenericJsonHandler.builder().numericIds().build()) {
          @Override
          public dev.everwire.protocol.json.RawJson data(ForeignMessage.Text update) {
            throw new IllegalStateException("on purpose");
          }
        };
    ForeignClient client = fixture.start(fixture.builder(broken));
    var subscription = client.subscribe("t", Long.class);
    fixture.hear();
    fixture.say("{'topic':'t','data':8}");
    assertThat(subscription.poll()).isEmpty();
    assertThat(messages()).containsExactly("UNKNOWN t " + json("{'topic':'t','data':8}"));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }
}
