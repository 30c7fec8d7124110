package dev.everwire.netty.hostile;

import static dev.everwire.netty.hostile.Case.play;
import static dev.everwire.netty.hostile.Case.plays;

import dev.everwire.netty.hostile.Case.Play;
import dev.everwire.netty.hostile.Case.Stage;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A server among clients that are broken or mean harm. After each case a good client is served; in
 * the end no connection, buffer or descriptor is left, and the log has no error.
 */
class HostileClientsTest {
  private static final Duration HANDSHAKE = Duration.ofMillis(1500);

  private static Damage damage;
  private static Range range;
  private static Range hasty;

  @BeforeAll
  static void open() throws Exception {
    range = Range.open();
    hasty = Range.hasty(HANDSHAKE);
    GoodClient.roundTrip(range.port());
    GoodClient.roundTrip(hasty.port());
    damage = Damage.from();
  }

  @AfterAll
  static void nothingIsLeft() {
    try {
      range.assertEmpty();
      hasty.assertEmpty();
      damage.assertNone();
    } finally {
      damage.close();
      range.close();
      hasty.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> handshakes() {
    return Case.tests(plays(Handshakes.all(), on(range, HostileClientsTest::asks)));
  }

  @TestFactory
  Stream<DynamicTest> requestsThatDoNotCome() {
    return Case.tests(
        List.of(
            late("silence", "gone or 408", peer -> {}),
            late("one byte", "408 or gone", peer -> peer.http("G")),
            late("half a request line", "408", peer -> peer.http("GET /cha")),
            late("half the headers", "408", peer -> peer.http("GET / HTTP/1.1^Host: h^Upg")),
            late(
                "all but the last byte",
                "408",
                peer -> peer.http("GET / HTTP/1.1^Host: h^{upgrade}^{CR}")),
            late(
                "half a body",
                "408",
                peer -> peer.http("POST / HTTP/1.1^Host: h^Content-Length: 9^^abc")),
            late(
                "half a chunk",
                "408",
                peer -> peer.http("POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked^^9^abc")),
            late(
                "a body that was asked for",
                "408",
                peer ->
                    peer.http("POST / HTTP/1.1^Host: h^Expect: 100-continue^Content-Length: 9^^")),
            late("empty lines", "408 or 400 or gone", peer -> drip(peer, "{1000*^}")),
            late("a dripping upgrade", "408", peer -> drip(peer, Wire.GOOD)),
            late(
                "dripping headers",
                "408",
                peer -> drip(peer, "GET / HTTP/1.1^Host: h^{1000*X: y^}")),
            late(
                "a dripping body",
                "408",
                peer -> drip(peer, "POST / HTTP/1.1^Host: h^Content-Length: 999^^{999*a}")),
            late(
                "dripping chunks",
                "408",
                peer ->
                    drip(peer, "POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked^^{300*1^a^}")),
            late(
                "nothing after an answer",
                "200 or 408",
                peer -> peer.http("GET / HTTP/1.1^Host: h^^")),
            late(
                "a dripping second request",
                "200 or 408",
                peer -> {
                  peer.http("GET / HTTP/1.1^Host: h^^");
                  drip(peer, Wire.GOOD);
                })));
  }

  @TestFactory
  Stream<DynamicTest> frames() {
    return Case.tests(
        plays(Frames.all(), on(range, one -> sends(peer -> peer.frames(one.does())))));
  }

  @TestFactory
  Stream<DynamicTest> framesByteByByte() {
    return Case.tests(
        plays(
            Frames.small(),
            on(
                range,
                one ->
                    sends(peer -> {
                      for (byte[] segment : Wire.frames(one.does(), true)) {
                        for (byte b : segment) {
                          peer.send(new byte[] {b});
                        }
                      }
                    }))));
  }

  @TestFactory
  Stream<DynamicTest> behaviours() {
    return Case.tests(
        ClientBehaviours.all(range).stream()
            .map(play -> new Play(play.one(), on(range, play.stage())))
            .toList());
  }

  /** With a good client afterwards. */
  private static Stage on(Range range, Stage stage) {
    return one -> {
      String outcome = stage.play(one);
      GoodClient.roundTrip(range.port());
      return outcome;
    };
  }

  private static String asks(Case one) throws Exception {
    try (Peer peer = Peer.client(range.port())) {
      peer.http(one.does());
      Await.until(() -> peer.finalResponse() || peer.over());
      if (peer.head().startsWith("HTTP/1.1 101")) {
        String agreed =
            peer.header("sec-websocket-protocol") + peer.header("sec-websocket-extensions");
        return peer.frames("88:03E8").outcome().replace("close 1000", "101")
            + (agreed.isEmpty() ? "" : " with " + agreed);
      }
      return peer.outcome();
    }
  }

  private static String sends(Doing doing) throws Exception {
    try (Peer peer = Peer.upgraded(range.port())) {
      doing.by(peer);
      return peer.outcome();
    }
  }

  private static Play late(String name, String expected, Doing doing) {
    return play(
        name,
        expected,
        on(
            hasty,
            one -> {
              try (Peer peer = Peer.client(hasty.port())) {
                doing.by(peer);
                return peer.outcome();
              }
            }));
  }

  /** One byte now and then, so that no pause is a long one, until the server has had enough. */
  private static void drip(Peer peer, String row) {
    for (byte b : Wire.http(row)) {
      if (peer.over()) {
        return;
      }
      peer.send(new byte[] {b});
      Await.pass(Duration.ofMillis(20));
    }
  }

  @FunctionalInterface
  private interface Doing {
    void by(Peer peer) throws IOException;
  }
}
