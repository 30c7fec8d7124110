package dev.everwire.testkit;

import static dev.everwire.testkit.Payloads.pattern;
import static dev.everwire.testkit.Payloads.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.RecordingReceiver.Closed;
import dev.everwire.testkit.RecordingReceiver.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How every transport ends a connection: with a code, once, and without harm to others. */
public abstract class ClosingContract extends TransportSuite {

  @Test
  void theServersCodeAndReasonReachTheClient() {
    Link link = connect();
    run(link.server(), transport -> transport.close(4003, "moved ünder"));
    assertEnds(link, new Closed(4003, "moved ünder"), new Closed(4003, "moved ünder"));
  }

  @Test
  void theClientsCodeAndReasonReachTheServer() {
    Link link = connect();
    run(link.client(), transport -> transport.close(1000, "bye"));
    assertEnds(link, new Closed(1000, "bye"), new Closed(1000, "bye"));
  }

  @Test
  void bothMayCloseAtOnce() {
    Link link = connect();
    link.client().transport().loop().execute(() -> link.client().transport().close(4001, "c"));
    link.server().transport().loop().execute(() -> link.server().transport().close(4002, "s"));
    world().until(() -> isClosed(link));
    link.client().receiver().assertEndedOnce();
    link.server().receiver().assertEndedOnce();
    assertThat(closed(link.client()).code()).isIn(4001, 4002);
    assertThat(closed(link.server()).code()).isIn(4001, 4002);
  }

  @Test
  void onlyTheFirstCloseCounts() {
    Link link = connect();
    run(
        link.server(),
        transport -> {
          transport.close(4000, "first");
          transport.close(4001, "second");
          assertThat(transport.open()).isFalse();
        });
    assertEnds(link, new Closed(4000, "first"), new Closed(4000, "first"));
  }

  @Test
  void whatWasQueuedBeforeACloseArrives() {
    Link link = connect();
    run(
        link.server(),
        transport -> {
          for (int i = 0; i < 20; i++) {
            assertThat(transport.sendBinary(pattern(20_000))).isEqualTo(Offer.QUEUED);
          }
          transport.close(1001, "");
        });
    assertEnds(link, new Closed(1001, ""), new Closed(1001, ""));
    assertThat(link.client().receiver().count()).isEqualTo(20);
  }

  @Test
  void aLoweredBoundOfMessagesHoldsUntilItIsTakenBack() {
    Link link = connect();
    run(link.server(), transport -> transport.limitMessages(1_000));
    run(link.client(), transport -> transport.sendBinary(pattern(1_000)));
    world().until(() -> link.server().receiver().count() == 1);
    run(link.server(), transport -> transport.limitMessages(Integer.MAX_VALUE));
    run(link.client(), transport -> transport.sendBinary(pattern(2_000)));
    world().until(() -> link.server().receiver().count() == 2);
    run(link.server(), transport -> transport.limitMessages(1_000));
    run(link.client(), transport -> transport.sendBinary(pattern(1_001)));

    world().until(() -> isClosed(link));
    assertThat(closed(link.client()).code()).isEqualTo(1009);
    assertThat(link.server().receiver().count()).isEqualTo(2);
  }

  @Test
  void aLongReasonIsCutAtACharacter() {
    Link link = connect();
    run(link.server(), transport -> transport.close(1000, "x" + "ü".repeat(100)));
    world().until(() -> isClosed(link));
    assertThat(closed(link.client()).reason()).isEqualTo("x" + "ü".repeat(61));
  }

  @Test
  void aCodeThatMustNotBeSentIsRefused() {
    Link link = connect();
    for (int code : new int[] {1005, 1006, 1004, 1015, 2999}) {
      run(
          link.client(),
          transport ->
              assertThatThrownBy(() -> transport.close(code, ""))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessageContaining("code: " + code));
    }
    assertThat(on(link.client(), Transport::open)).isTrue();
  }

  @Test
  void anAbortIsAnAbnormalEndForBoth() {
    Link link = connect();
    run(
        link.client(),
        transport -> {
          transport.abort();
          transport.abort();
          assertThat(transport.open()).isFalse();
        });
    world().until(() -> isClosed(link));
    assertThat(closed(link.client()).code()).isEqualTo(1006);
    assertThat(closed(link.server()).code()).isEqualTo(1006);
    link.client().receiver().assertEndedOnce();
    link.server().receiver().assertEndedOnce();
  }

  @Test
  void anAbortAfterACloseKeepsTheCode() {
    Link link = connect();
    run(
        link.server(),
        transport -> {
          transport.close(4002, "too slow");
          transport.abort();
        });
    world().until(() -> isClosed(link));
    assertThat(closed(link.server())).isEqualTo(new Closed(4002, "too slow"));
    link.server().receiver().assertEndedOnce();
  }

  @Test
  void theEndIsNotToldInsideTheCallThatCausesIt() {
    Link link = connect();
    run(
        link.client(),
        transport -> {
          transport.abort();
          assertThat(link.client().receiver().isClosed()).isFalse();
        });
    world().until(() -> isClosed(link));
  }

  @Test
  void sendsAfterTheEndAnswerClosed() {
    Link link = connect();
    run(
        link.server(),
        transport -> {
          transport.close(1000, "");
          assertAllClosed(transport);
        });
    world().until(() -> isClosed(link));
    run(link.server(), ClosingContract::assertAllClosed);
    run(link.client(), ClosingContract::assertAllClosed);
  }

  @Test
  void messagesThatCrossACloseAreDropped() {
    Link link = connect();
    run(link.server(), transport -> transport.close(1000, ""));
    world().until(() -> isClosed(link));
    assertThat(link.server().receiver().messages()).isEmpty();
    link.server().receiver().assertEndedOnce();
  }

  @Test
  void aPeerThatDoesNotReadIsGivenUpAfterTheCloseTimeout() {
    door().limits = new TransportLimits(1000, 10_000, 100, Duration.ofMillis(300));
    Link link = connect();
    run(link.client(), transport -> transport.reading(false));
    run(link.server(), transport -> transport.close(4000, "drain"));
    world().pass(Duration.ofMillis(100));
    assertThat(link.server().receiver().isClosed()).isFalse();
    world().pass(Duration.ofMillis(400));
    world().until(() -> link.server().receiver().isClosed());
    assertThat(closed(link.server())).isEqualTo(new Closed(4000, "drain"));
    run(link.client(), transport -> transport.reading(true));
    world().until(() -> link.client().receiver().isClosed());
  }

  @Test
  void closingWorksWhileReadingIsOff() {
    Link link = connect();
    run(
        link.client(),
        transport -> {
          transport.reading(false);
          transport.close(1000, "done");
        });
    assertEnds(link, new Closed(1000, "done"), new Closed(1000, "done"));
  }

  @Test
  void aReceiverThatThrowsLosesOnlyItsOwnConnection() {
    door().receiver =
        transport ->
            new RecordingReceiver(message -> {
              if (message.content().equals("boom")) {
                throw new IllegalStateException("secret");
              }
            });
    Link other = connect();
    Link link = connect();
    run(
        link.client(),
        transport -> {
          transport.sendText(text("boom"));
          transport.sendText(text("after"));
        });
    assertEnds(link, new Closed(1011, "internal error"), new Closed(1011, "internal error"));
    assertThat(link.server().receiver().messages()).containsExactly(Message.text("boom"));

    run(other.client(), transport -> transport.sendText(text("still here")));
    world().until(() -> other.server().receiver().count() == 1);
    assertThat(on(other.server(), Transport::open)).isTrue();
  }

  @Test
  void aReceiverThatCannotBeMadeEndsTheConnection() {
    door().receiver =
        transport -> {
          throw new IllegalStateException("secret");
        };
    Dialled dialled = dial(request("/"));
    End client = Objects.requireNonNull(dialled.end());
    world().until(() -> client.receiver().isClosed());
    assertThat(closed(client)).isEqualTo(new Closed(1011, "internal error"));
  }

  @Test
  void closingTheListenerEndsItsConnections() {
    Link link = connect();
    listening().close();
    listening().close();
    world().until(() -> isClosed(link));
    assertThat(closed(link.client()).code()).isEqualTo(1006);
    link.server().receiver().assertEndedOnce();
    assertThat(dial(request("/")).failure()).isNotNull();
  }

  @Test
  void closingInFullActivityEndsEveryConnectionOnce() {
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      links.add(connect());
    }
    for (Link link : links) {
      link.client()
          .transport()
          .loop()
          .execute(() -> {
            for (int i = 0; i < 50; i++) {
              assertThat(link.client().transport().sendBinary(pattern(10_000)))
                  .isEqualTo(Offer.QUEUED);
            }
          });
    }
    world().until(() -> links.getFirst().server().receiver().count() > 0);
    listening().close();
    world().dialer().close();
    for (Link link : links) {
      world().until(() -> isClosed(link));
      link.client().receiver().assertEndedOnce();
      link.server().receiver().assertEndedOnce();
    }
  }

  @Test
  void aListenerThatStoppedAcceptingKeepsItsConnections() {
    Link link = connect();
    listening().stopAccepting();
    listening().stopAccepting();
    world().until(() -> dial(request("/")).failure() != null);
    run(link.client(), transport -> transport.sendText(text("hello")));
    world().until(() -> link.server().receiver().count() == 1);
  }

  private static boolean isClosed(Link link) {
    return link.client().receiver().isClosed() && link.server().receiver().isClosed();
  }

  private static Closed closed(End end) {
    return Objects.requireNonNull(end.receiver().closed());
  }

  private void assertEnds(Link link, Closed client, Closed server) {
    world().until(() -> isClosed(link));
    assertThat(closed(link.client())).isEqualTo(client);
    assertThat(closed(link.server())).isEqualTo(server);
    link.client().receiver().assertEndedOnce();
    link.server().receiver().assertEndedOnce();
  }

  private static void assertAllClosed(Transport transport) {
    Encoded shared = Encoded.text("late".getBytes(UTF_8));
    assertThat(transport.send(shared)).isEqualTo(Offer.CLOSED);
    assertThat(transport.sendText(text("late"))).isEqualTo(Offer.CLOSED);
    assertThat(transport.sendBinary(pattern(4))).isEqualTo(Offer.CLOSED);
    shared.release();
    transport.ping();
    transport.reading(false);
    transport.close(1000, "");
    assertThat(transport.open()).isFalse();
  }
}
