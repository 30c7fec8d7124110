package dev.everwire.testkit.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Transport;
import dev.everwire.testkit.RecordingReceiver.Closed;
import dev.everwire.testkit.RecordingReceiver.Message;
import dev.everwire.testkit.TransportHarness;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a {@link MockServer} does, whichever listener it is built on. */
public abstract class MockServerContract {
  private static final Duration A_WHILE = Duration.ofMillis(200);

  private @Nullable TransportHarness harness;
  private @Nullable MockServer started;

  /** A fresh one for each test. */
  protected abstract TransportHarness harness();

  protected abstract MockServer serve(TransportHarness harness);

  @BeforeEach
  void start() {
    harness = harness();
    started = serve(harness);
  }

  @AfterEach
  void stop() {
    server().close();
    world().close();
  }

  // ---- scripts

  @Test
  void aConversationExpectsAndAnswersInTurn() {
    server()
        .expectConnection(
            Script.open()
                .say("who are you?")
                .expect("login")
                .say("welcome")
                .expect(said -> "subscribe".equals(said.string("op")))
                .say(said -> "{\"req_id\":" + said.member("req_id") + ",\"ok\":true}")
                .expect(Heard::binary)
                .sayBinary(new byte[] {1, 2, 3}));
    Guest guest = connect();
    guest.say("login please");
    guest.say("{\"op\":\"subscribe\",\"req_id\":7}");
    guest.run(transport -> transport.sendBinary(ByteBuffer.wrap(new byte[] {9})));

    until(() -> guest.receiver().count() == 4);
    assertThat(guest.told().subList(0, 3))
        .containsExactly("who are you?", "welcome", "{\"req_id\":7,\"ok\":true}");
    assertThat(guest.receiver().messages().getLast())
        .isEqualTo(Message.binary(new byte[] {1, 2, 3}));
    server().connection().hearNothing();
    server().assertExhausted();
  }

  @Test
  void whatNoStepWantsGetsAStandingAnswerOrWaitsToBeLookedAt() {
    server()
        .expectConnection(
            Script.everwire()
                .answering("add", said -> "" + said.member("params"))
                .refusing("sub", -32601, "no")
                .expectCall("last")
                .answer("true"));
    Guest guest = connect();
    for (String call : List.of("rpc.hello", "add", "sub", "add", "other", "last")) {
      guest.say(call(call));
    }
    until(() -> guest.receiver().count() == 5);
    assertThat(guest.told())
        .satisfiesExactly(
            hello -> assertThat(hello).contains("\"session\":\"S1\"", "\"id\":\"rpc.hello\""),
            sum -> assertThat(sum).contains("\"result\":[1,2]"),
            no -> assertThat(no).contains("\"error\":{\"code\":-32601,\"message\":\"no\"}"),
            sum -> assertThat(sum).contains("\"result\":[1,2]"),
            last -> assertThat(last).contains("\"result\":true"));
    MockConnection connection = server().connection();
    assertThatThrownBy(connection::hearNothing)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("other");
    assertThat(connection.hear().string("method")).isEqualTo("other");
    connection.hearNothing();
    server().assertExhausted();
    assertThat(connection.frames()).hasSize(6);
    assertThat(server().calls("add")).hasSize(2);
  }

  @Test
  void whatIsLeftOfAPlanIsNamed() {
    server().expectConnection(Script.open().expect("login").say("ok"));
    server().refuseConnection(503);
    Guest guest = connect();
    guest.say("hello?");
    MockConnection connection = server().connection();
    until(() -> connection.count() == 1);
    assertThatThrownBy(server()::assertExhausted)
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            1 more dials were expected
            connection 0 was told hello? (expected: nothing more)
            connection 0 is not at its end: expect “login”, then say\
            """);
  }

  @Test
  void everyConnectionCanHaveTheSameConversation() {
    server().everyConnection(Script.open().expect("a").say("b"));
    for (int i = 0; i < 3; i++) {
      Guest guest = connect();
      guest.say("a");
      until(() -> guest.told().equals(List.of("b")));
    }
    assertThat(server().connections()).isEqualTo(3);
    assertThat(server().openConnections()).isEqualTo(3);
    assertThat(server().connection(1).frames()).hasSize(1);
    server().assertExhausted();
  }

  @Test
  void aConversationCanBeSlow() {
    server()
        .everyConnection(
            Script.open().always("ask", said -> "answer to " + said.text()).delay(A_WHILE));
    Guest guest = connect();
    guest.say("ask 1");
    guest.say("ask 2");
    MockConnection connection = server().connection();
    until(() -> connection.count() == 2);
    world().pass(A_WHILE);
    until(() -> guest.receiver().count() == 2);
    assertThat(guest.told()).containsExactly("answer to ask 1", "answer to ask 2");
  }

  @Test
  void whatComesInAPauseIsLookedAtAfterIt() {
    server()
        .everyConnection(
            Script.open().expect("a").pause(A_WHILE).say("rested").expect("b").say("done"));
    Guest guest = connect();
    guest.say("a");
    guest.say("b");
    MockConnection connection = server().connection();
    until(() -> connection.count() == 2);
    world().pass(A_WHILE);
    until(() -> guest.receiver().count() == 2);
    assertThat(guest.told()).containsExactly("rested", "done");
    server().assertExhausted();
  }

  @Test
  void aConversationThatFailsIsNamedAndClosed() {
    server().expectConnection(Script.open().say(said -> "never"));
    Guest guest = connect();
    until(guest.receiver()::isClosed);
    assertThat(guest.code()).isEqualTo(1011);
    assertThatThrownBy(server()::assertExhausted).hasMessageContaining("the script failed");
  }

  // ---- ends

  @Test
  void aConnectionIsCutOrClosedAfterSoManyMessages() {
    server()
        .expectConnection(Script.open().always("m", said -> "yes").cutAfter(2))
        .expectConnection(Script.open().always("m", said -> "yes").closeAfter(2, 4000, "go"));
    Guest cut = connect();
    cut.say("m");
    cut.say("m");
    until(cut.receiver()::isClosed);
    assertThat(cut.code()).isEqualTo(1006);

    Guest closed = connect();
    closed.say("m");
    closed.say("m");
    until(closed.receiver()::isClosed);
    assertThat(closed.told()).containsExactly("yes", "yes");
    assertThat(closed.receiver().closed()).isEqualTo(new Closed(4000, "go"));
  }

  @Test
  void theEndOfAConnectionIsSeen() {
    Guest guest = connect();
    MockConnection connection = server().connection();
    assertThat(connection.open()).isTrue();
    guest.run(transport -> transport.close(1000, "bye"));
    assertThat(connection.awaitClosed()).isEqualTo(new Closed(1000, "bye"));
    assertThat(server().openConnections()).isZero();
  }

  @Test
  void aSilentServerKeepsTheConnectionAndAnswersNothing() {
    server().everyConnection(Script.open().always("m", said -> "yes").silentAfter(1));
    Guest guest = connect();
    guest.say("m");
    until(() -> guest.receiver().count() == 1);
    long before = guest.ask(Transport::lastReceivedAt);
    guest.say("m");
    guest.run(Transport::ping);
    server().connection().say("more");
    world().pass(A_WHILE);
    assertThat(guest.told()).containsExactly("yes");
    assertThat(guest.ask(Transport::lastReceivedAt)).isEqualTo(before);
    assertThat(guest.ask(Transport::open)).isTrue();
    assertThat(server().connection().count()).isEqualTo(1);
    server().connection().cut();
    until(guest.receiver()::isClosed);
  }

  @Test
  void aSlowReaderReadsLater() {
    server().everyConnection(Script.open().reading(false));
    Guest guest = connect();
    MockConnection connection = server().connection();
    connection.say("hello"); // it can speak
    until(() -> guest.receiver().count() == 1);
    guest.say("m");
    world().pass(A_WHILE);
    assertThat(connection.count()).isZero();
    connection.reading(true);
    assertThat(connection.hear().text()).isEqualTo("m");
  }

  // ---- dials

  @Test
  void dialsAreRefusedWithStatusAndRetryAfter() {
    server().refuseConnection(503, Duration.ofSeconds(7)).refuseConnection(401);
    Dialer.Failure busy = Objects.requireNonNull(dial().failure());
    assertThat(busy.status()).isEqualTo(503);
    assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    Dialer.Failure unknown = Objects.requireNonNull(dial().failure());
    assertThat(unknown.status()).isEqualTo(401);
    assertThat(connect().failure()).isNull();
    server().refuseEveryConnection(429, Duration.ofSeconds(1));
    assertThat(Objects.requireNonNull(dial().failure()).status()).isEqualTo(429);
    server().everyConnection(Script.open());
    assertThat(connect().failure()).isNull();
    assertThat(server().dials()).isEqualTo(5);
    assertThat(server().connections()).isEqualTo(2);
    assertThat(server().handshakes().getFirst().header("x-test")).isEqualTo("yes");
  }

  @Test
  void aSubprotocolIsSelectedWhereItIsOffered() {
    server().selecting("two");
    assertThat(connect().subprotocol()).isEqualTo("two");
    server().selecting("three");
    assertThat(connect().subprotocol()).isNull();
  }

  // ---- by hand

  @Test
  void aConversationCanBeHadByHand() {
    Guest guest = connect();
    MockConnection connection = server().connection();
    guest.say(call("rpc.hello"));
    connection.answer(connection.hear(), HelloAnswer.standard().limit("inflight", 2).result());
    guest.say(call("rpc.auth"));
    connection.refuse(connection.hear(), -32001, "expired", "{\"retryable\":false}");
    connection.tell("rpc.event", "{\"topic\":\"a\"}");
    connection.goaway("deploy", Duration.ofSeconds(8), Duration.ofSeconds(30));
    connection.redirect("wss://other/ws", Duration.ZERO, Duration.ofSeconds(1));
    connection.authExpiring(Duration.ofSeconds(60));
    connection.sayBinary("{}".getBytes(StandardCharsets.UTF_8));
    connection.close(4000, "drain");
    until(guest.receiver()::isClosed);
    assertThat(guest.told())
        .satisfiesExactly(
            hello ->
                assertThat(hello)
                    .contains("\"id\":\"rpc.hello\"", "\"limits\":{\"inflight\":2}", "25000"),
            refused -> assertThat(refused).contains("-32001", "\"data\":{\"retryable\":false}"),
            event -> assertThat(event).contains("rpc.event"),
            goaway ->
                assertThat(goaway).contains("$/goaway", "\"inMs\":8000", "\"closeAtMs\":30000"),
            moved -> assertThat(moved).contains("\"url\":\"wss://other/ws\""),
            expiring -> assertThat(expiring).contains("$/authExpiring", "\"inMs\":60000"),
            binary -> assertThat(binary).isEqualTo("{}"));
    assertThat(guest.receiver().closed()).isEqualTo(new Closed(4000, "drain"));
    server().assertExhausted();
  }

  @Test
  void helloAndAuthenticationAreAnsweredAsTold() {
    server()
        .expectConnection(
            Script.everwire(
                    HelloAnswer.standard()
                        .authExpiresIn(Duration.ofMinutes(55))
                        .caps("batch", "stream")
                        .user("u1")
                        .resumed(true))
                .acceptingAuth(Duration.ofHours(1)))
        .expectConnection(Script.everwire().refusingAuth("who?"));
    Guest first = connect();
    first.say(call("rpc.hello"));
    first.say(call("rpc.auth"));
    until(() -> first.receiver().count() == 2);
    assertThat(first.told().getFirst())
        .contains("\"authExpiresIn\":3300", "\"caps\":[\"batch\",\"stream\"]", "\"resumed\":true");
    assertThat(first.told().getLast()).contains("\"authExpiresIn\":3600");
    Guest second = connect();
    second.say(call("rpc.auth"));
    until(() -> second.receiver().count() == 1);
    assertThat(second.told().getFirst()).contains("-32001", "who?");
  }

  // ---- a client

  private static String call(String method) {
    return "{\"jsonrpc\":\"2.0\",\"id\":\""
        + method
        + "\",\"method\":\""
        + method
        + "\",\"params\":[1,2]}";
  }

  private TransportHarness world() {
    return Objects.requireNonNull(harness);
  }

  private MockServer server() {
    return Objects.requireNonNull(started);
  }

  private void until(BooleanSupplier condition) {
    world().until(condition);
  }

  private Guest connect() {
    Guest guest = dial();
    assertThat(guest.failure()).isNull();
    return guest;
  }

  private Guest dial() {
    return Guest.dial(world(), server().uri());
  }
}
