package dev.everwire.netty.hostile;

import static dev.everwire.netty.hostile.Case.plays;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.everwire.netty.NettyDialer;
import dev.everwire.netty.OnAllocator;
import dev.everwire.netty.hostile.Case.Play;
import dev.everwire.netty.hostile.Case.Stage;
import dev.everwire.testkit.Await;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A client among servers that are broken or mean harm. After each case the same client talks to a
 * good server; in the end no connection, buffer or descriptor is left, and the log has no error.
 */
class HostileServersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Meter METER = new Meter();

  private static Damage damage;
  private static NettyDialer dialer;
  private static Range good;

  @BeforeAll
  static void open() throws Exception {
    dialer = OnAllocator.dialer(METER).build();
    good = Range.open();
    roundTrip();
    damage = Damage.from();
  }

  @AfterAll
  static void nothingIsLeft() {
    try {
      Await.until(() -> METER.used() == 0);
      good.assertEmpty();
      damage.assertNone();
    } finally {
      damage.close();
      dialer.close();
      good.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> answers() {
    return Case.tests(plays(Answers.all(), thenServed(HostileServersTest::answers)));
  }

  @TestFactory
  Stream<DynamicTest> frames() {
    return Case.tests(plays(Frames.all(), thenServed(HostileServersTest::frames)));
  }

  @TestFactory
  Stream<DynamicTest> behaviours() {
    return Case.tests(
        new ServerBehaviours(dialer, METER)
            .all().stream().map(play -> new Play(play.one(), thenServed(play.stage()))).toList());
  }

  private static Stage thenServed(Stage stage) {
    return one -> {
      String outcome = stage.play(one);
      roundTrip();
      return outcome;
    };
  }

  private static String answers(Case one) throws Exception {
    return answers(dialer, one);
  }

  /** What a client makes of an answer. */
  static String answers(NettyDialer dialer, Case one) throws Exception {
    try (var server = new HostileServer()) {
      Dial dial = Dial.begin(dialer, server.port(), PATIENCE);
      try (Peer peer = server.accept()) {
        server.answer(peer, one.does());
        if (!one.expected().contains("opened")) {
          peer.shutdownOutput();
        }
        String answer = dial.answer();
        if (answer.equals("opened")) {
          peer.frames("88:03E8");
          Await.until(peer::dismissed);
          peer.shutdownOutput();
          return dial.closed() == 1000 ? answer : answer + " and closed with " + dial.closed();
        }
        Await.until(peer::over);
        return dial.ends() == 1 ? answer : answer + " " + dial.ends() + " times";
      }
    }
  }

  private static String frames(Case one) throws Exception {
    try (var server = new HostileServer()) {
      Dial dial = Dial.begin(dialer, server.port(), PATIENCE);
      try (Peer peer = server.accept()) {
        server.agree(peer).frames(one.does());
        Await.until(peer::dismissed);
        peer.shutdownOutput();
        String outcome = peer.outcome();
        if (dial.closed() != peer.closeCode() || dial.ends() != 1) {
          outcome += " but " + dial.closed() + " told " + dial.ends() + " times";
        }
        return outcome;
      }
    }
  }

  private static void roundTrip() throws Exception {
    Dial dial = Dial.begin(dialer, good.port(), PATIENCE);
    if (!dial.answer().equals("opened")) {
      throw new AssertionError("a good server is not reached: " + dial.answer());
    }
    dial.run(transport -> transport.sendText(ByteBuffer.wrap("good".getBytes(UTF_8))));
    String echo = dial.nextText();
    dial.run(transport -> transport.close(1000, ""));
    if (!"good".equals(echo) || dial.closed() != 1000) {
      throw new AssertionError("a good server is not understood: " + echo + " " + dial.closed());
    }
  }
}
